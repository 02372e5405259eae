"""What surveys hold about a person, what an erasure and time delete, what e-mails carry."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, InternalError, transaction

from entente.content.uses import Window
from entente.engagement.actions import surveys as actions
from entente.engagement.actions.deliver_send import NoSurvey, _survey_url
from entente.engagement.actions.survey_forget import delete_answers, forget_answers
from entente.engagement.models import (
    Survey,
    SurveyBallot,
    SurveyInvitation,
    SurveyResponse,
    SurveyText,
)
from entente.engagement.reads import held, joined
from entente.engagement.reads.uses import count
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

from .test_surveys import answer, opened

pytestmark = pytest.mark.feature("alliances/partner-feedback")


def test_a_named_answer_is_exported_and_erased(cast, noon):
    with act_as(cast.system()):
        _, (one, other) = opened(noon, 2, promise="named")
        answer(one, noon, came="no", why="no post")
        answer(other, noon, came="no", why="a rash")
        (row,) = held.survey_answers_of(one.hcp_id, noon)
        assert row["answers"] == ["came: no", "clear: 4"]
        assert (row["texts"], row["answered_on"]) == (["no post"], noon.date())
        found = joined.counts([one.hcp_id])[one.hcp_id]
        assert found == {"invitations to surveys": 1, "named answers to surveys": 1}
    with act_as(cast.scope(Role.PRIVACY)):
        assert forget_answers(one.hcp_id, noon) == 2
        assert forget_answers(other.hcp_id, noon) == 2
        assert not SurveyResponse.objects.exists()
        kept = SurveyText.objects.get()
        assert (kept.text, kept.hcp_id) == ("a rash", None), "a safety report stays, nameless"


def test_an_anonymous_answer_is_in_no_export(cast, noon):
    with act_as(cast.system()):
        _, (one,) = opened(noon, 1)
        answer(one, noon)
        (row,) = held.survey_answers_of(one.hcp_id, noon)
        assert (row["answers"], row["answered_on"]) == ([], None)
        assert forget_answers(one.hcp_id, noon) == 0


def test_the_database_refuses_a_name_on_an_anonymous_answer_and_any_change(cast, noon):
    with act_as(cast.system()):
        survey, (one,) = opened(noon, 1)
        answer(one, noon)
        for write in (
            lambda: SurveyResponse.objects.create(
                org_id=cast.host.id, survey=survey, values={}, hcp_id=one.hcp_id
            ),
            lambda: SurveyResponse.objects.create(
                org_id=cast.host.id, survey=survey, values={}, answered_on=noon.date()
            ),
            lambda: SurveyText.objects.create(
                org_id=cast.host.id, survey=survey, code="why", text="x", user_id=one.hcp_id
            ),
        ):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                write()


def test_answers_are_due_when_their_survey_ended_long_enough_ago(cast, noon):
    last = noon.date() + timedelta(days=2)
    with act_as(cast.system()):
        ended, (one,) = opened(noon, 1, closes_on=last)
        running, (other,) = opened(noon, 1)
        answer(one, noon)
        answer(other, noon)
        assert held.oldest_survey().date() == last + timedelta(days=1)
        assert held.surveys_ended_before(noon) == []
        due = held.surveys_ended_before(noon + timedelta(days=4))
        assert due == [ended.id]
        assert delete_answers(due) == 3
        assert held.surveys_ended_before(noon + timedelta(days=4)) == []
        for table in (SurveyResponse, SurveyBallot, SurveyInvitation):
            assert {row.survey_id for row in table.objects.all()} == {running.id}


def test_an_e_mail_carries_the_link_of_its_recipient_while_a_survey_is_open(cast, world, noon):
    send = SimpleNamespace(version_id=world.version, hcp_id=world.willing)
    with act_as(cast.system()):
        with pytest.raises(NoSurvey):
            _survey_url(send, noon)
        survey, _ = opened(noon, version_id=world.version)
        url = _survey_url(send, noon)
        assert _survey_url(send, noon) == url, "a mail prepared again carries the same link"
        assert SurveyInvitation.objects.get(survey=survey).hcp_id == world.willing
        actions.close_survey(survey.id, at=noon)
        with pytest.raises(NoSurvey):
            _survey_url(send, noon)


@pytest.mark.feature("engagement/hcp-initiated")
def test_ratings_of_a_version_stand_with_its_performance_once_eleven_gave_one(cast, world, noon):
    with act_as(cast.system()):
        plan = actions.SurveyPlan(
            "Useful?", "hcp", "anonymous", noon.date(), takes_open=True, version_id=world.version
        )
        survey = actions.draft_survey(plan, at=noon)
        question = actions.QuestionPlan("useful", "useful", {"en": "How useful?"})
        actions.save_question(survey.id, question, at=noon)
        actions.open_survey(survey.id, at=noon)
        window = Window.of(30, noon)
        for k in range(11):
            assert count([world.version], window) == {}
            given = {"useful": [str(k % 5 + 1)]}
            actions.answer_survey(survey.id, actions.Respondent(), given, at=noon)
        assert count([world.version], window) == {
            world.version: {"usefulness_ratings": 11, "found_useful": 4}
        }
    with act_as(cast.system(cast.partner)):
        assert count([world.version], window) == {}
        assert not Survey.objects.exists()
