"""Surveys from the draft to the results: what is taken, what is told, what is never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError

from entente.directory.actions import add_hcp
from entente.engagement.actions import surveys as actions
from entente.engagement.actions.survey_answer import AlreadyAnswered, NotTaken, WrongAnswers
from entente.engagement.domain.surveys import Option
from entente.engagement.models import (
    Survey,
    SurveyBallot,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyText,
)
from entente.engagement.reads import survey_results, surveys
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError

pytestmark = pytest.mark.feature("alliances/partner-feedback")


def people(n, at, **more):
    """Make that many HCPs."""
    given = {"country": "US", "profession": "physician", "specialty": "Cardiology"} | more
    return [
        add_hcp(family_name=f"Person{k}", given_name="Test", at=at, **given).id for k in range(n)
    ]


def drafted(at, **changes):
    """Begin a survey with three questions."""
    plan = actions.SurveyPlan("Joint news", "hcp", "anonymous", at.date())
    made = actions.draft_survey(replace(plan, **changes), at=at)
    for question in (
        actions.QuestionPlan("clear", "scale5", {"en": "Was it clear?"}, required=True),
        actions.QuestionPlan(
            "came", "single", {"en": "Did it reach you?"},
            options=[Option("yes", {"en": "Yes"}), Option("no", {"en": "No"})],
        ),
        actions.QuestionPlan("why", "text", {"en": "Why not?"}, shown_if=("came", "no")),
    ):  # fmt: skip
        actions.save_question(made.id, question, at=at)
    return made


def opened(at, n=0, **changes):
    """Open a survey to which so many HCPs are invited."""
    made = drafted(at, **changes)
    actions.open_survey(made.id, at=at)
    invited = actions.invite_hcps(made.id, people(n, at), at=at) if n else []
    return made, invited


def answer(invitation, at, **given):
    """Answer by an invitation."""
    answers = {"clear": ["4"]} | {code: [text] for code, text in given.items()}
    who = actions.Respondent(invitation=invitation)
    actions.answer_survey(invitation.survey_id, who, answers, at=at)


def test_ten_answers_tell_nothing_and_eleven_tell_all(cast, noon):
    with act_as(cast.system()):
        survey, invited = opened(noon, 11)
        for each in invited[:10]:
            answer(each, noon)
        told = survey_results.told(survey.id, noon.date())
        assert (told.waits, told.results, told.n_answered, told.n_told) == ("few", [], None, 0)
        answer(invited[10], noon)
        told = survey_results.told(survey.id, noon.date())
        assert (told.waits, told.n_answered, told.n_told) == ("", 11, 11)
        assert told.results[0].cell.counts["4"] == 11


def test_a_running_survey_tells_its_answers_in_groups(cast, noon):
    with act_as(cast.system()):
        survey, invited = opened(noon, 23)
        seen = set()
        for each in invited:
            answer(each, noon)
            seen.add(survey_results.told(survey.id, noon.date()).n_told)
    assert seen == {0, 11, 22}, "two looks never differ by the answers of few"


def test_a_survey_with_a_last_day_tells_once_when_it_is_over(cast, noon):
    last = noon.date() + timedelta(days=5)
    with act_as(cast.system()):
        survey, invited = opened(noon, 12, closes_on=last)
        for each in invited:
            answer(each, noon)
        assert survey_results.told(survey.id, last).waits == "running"
        assert survey_results.told(survey.id, last + timedelta(days=1)).n_told == 12
        with pytest.raises(NotTaken):
            answer(invited[0], noon + timedelta(days=6))
        actions.close_survey(survey.id, at=noon)
        assert survey_results.told(survey.id, noon.date()).n_told == 12


def test_a_link_answers_once_also_for_the_other_record_of_the_same_person(cast, noon, monkeypatch):
    with act_as(cast.system()):
        survey, (one, other) = opened(noon, 2)
        answer(one, noon)
        with pytest.raises(AlreadyAnswered):
            answer(one, noon)
        both = [one.hcp_id, other.hcp_id]
        monkeypatch.setattr(
            "entente.engagement.actions.survey_answer.directory.same_person", lambda i, at: both
        )
        with pytest.raises(AlreadyAnswered):
            answer(other, noon)
        assert SurveyResponse.objects.filter(survey=survey).count() == 1


def test_a_missing_answer_is_refused_and_nothing_is_written(cast, noon):
    with act_as(cast.system()):
        survey, (one,) = opened(noon, 1)
        who = actions.Respondent(invitation=one)
        for given in ({}, {"clear": ["6"]}, {"clear": ["4"], "came": ["maybe"]}):
            with pytest.raises(WrongAnswers):
                actions.answer_survey(survey.id, who, given, at=noon)
        assert not SurveyResponse.objects.exists() and not SurveyBallot.objects.exists()


def test_an_answer_to_a_question_that_was_not_asked_is_dropped(cast, noon):
    with act_as(cast.system()):
        _, (one, other) = opened(noon, 2)
        answer(one, noon, came="yes", why="never shown")
        assert not SurveyText.objects.exists()
        answer(other, noon, came="no", why="no post today")
        assert SurveyText.objects.get().text == "no post today"


def test_an_open_survey_is_never_changed_by_anybody(cast, noon):
    with act_as(cast.system()):
        survey, _ = opened(noon)
        question = SurveyQuestion.objects.filter(survey=survey).first()
        plan = actions.QuestionPlan("clear", "scale5", {"en": "Was it splendid?"})
        for attempt in (
            lambda: actions.save_question(survey.id, plan, at=noon, question_id=question.id),
            lambda: actions.remove_question(survey.id, question.id, at=noon),
            lambda: actions.change_survey(
                survey.id, actions.SurveyPlan("Other", "hcp", "named", noon.date()), at=noon
            ),
        ):
            with pytest.raises(UserError):
                attempt()
        for write in (
            lambda: SurveyQuestion.objects.filter(id=question.id).update(code="other"),
            lambda: SurveyQuestion.objects.filter(id=question.id).delete(),
            lambda: Survey.objects.filter(id=survey.id).update(promise="named"),
            lambda: Survey.objects.filter(id=survey.id).update(status="draft"),
        ):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                write()


def test_a_new_version_asks_the_same_and_leaves_the_old_one(cast, noon):
    with act_as(cast.system()):
        old, _ = opened(noon)
        new = actions.new_version(old.id, opens_on=noon.date(), at=noon)
        assert (new.number, new.previous_id, new.status) == (2, old.id, "draft")
        assert surveys.questions(new.id) == surveys.questions(old.id)
        assert {each.id for each in surveys.surveys_asking("clear")} == {old.id, new.id}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"least": 10}, "at least 11"),
        ({"by_segment": True}, "give a last day"),
        ({"takes_open": True, "promise": "named"}, "anonymous"),
        ({"audience": "partner"}, "choose the partners"),
        ({"languages": ()}, "languages"),
        ({"audience": "patients"}, "audience"),
    ],
)
def test_a_plan_that_breaks_the_promise_is_refused(cast, noon, changes, said):
    with act_as(cast.system()), pytest.raises(UserError, match=said):
        drafted(noon, **changes)


def test_a_survey_that_cannot_be_asked_is_not_opened(cast, noon):
    with act_as(cast.system()):
        survey = drafted(noon, languages=("en", "de"))
        with pytest.raises(UserError, match="Deutsch"):
            actions.open_survey(survey.id, at=noon)


def test_too_few_people_are_not_invited_to_a_survey_by_segment(cast, noon):
    last = noon.date() + timedelta(days=9)
    with act_as(cast.system()):
        survey, _ = opened(noon, closes_on=last, by_segment=True)
        with pytest.raises(UserError, match="at least 11"):
            actions.invite_hcps(survey.id, people(10, noon), at=noon)
        known = people(11, noon) + people(4, noon, specialty="Neurology")
        actions.invite_hcps(survey.id, known, at=noon)
        told = SurveyInvitation.objects.filter(survey=survey)
        assert set(told.values_list("specialty", flat=True)) == {""}, "four would be told apart"
        assert set(told.values_list("country", flat=True)) == {"US"}


def test_segments_are_told_when_enough_of_each_answered(cast, noon):
    last = noon.date() + timedelta(days=9)
    with act_as(cast.system()):
        survey, _ = opened(noon, closes_on=last, by_segment=True)
        known = people(20, noon) + people(20, noon, specialty="Neurology")
        for each in actions.invite_hcps(survey.id, known, at=noon):
            answer(each, noon)
        told = survey_results.told(survey.id, last + timedelta(days=1))
        by = {each.dimension: each for each in told.results[0].segments}
        assert {name: cell.n for name, cell in by["specialty"].cells.items()} == {
            "Cardiology": 20, "Neurology": 20,
        }  # fmt: skip


def test_what_may_tell_of_an_adverse_event_is_for_medical_staff_alone(cast, noon):
    with act_as(cast.system()):
        survey, invited = opened(noon, 12)
        answer(invited[0], noon, came="no", why="One of them had a rash")
        answer(invited[1], noon, came="no", why="Mrs. Miller was away")
    with act_as(cast.scope(Role.MSL)):
        told = survey_results.told(survey.id, noon.date())
        assert [each.text for each in told.flagged] == ["One of them had a rash"]
        assert told.n_flagged == 2, "who may be known by a text waits until enough have answered"
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert survey_results.told(survey.id, noon.date()).flagged == []
        assert not SurveyText.objects.exists(), "the database shows none beyond the wall"


def test_texts_are_told_when_eleven_have_written_one(cast, noon):
    with act_as(cast.system()):
        survey, invited = opened(noon, 22)
        for k, each in enumerate(invited):
            answer(each, noon, came="no", **({"why": f"reason {k}"} if k % 2 else {}))
        (texts,) = survey_results.told(survey.id, noon.date()).texts
        assert (len(texts.told), texts.n) == (11, 11)
        survey, invited = opened(noon, 22)
        for each in invited:
            answer(each, noon, came="no", **({"why": "late"} if each == invited[0] else {}))
        (texts,) = survey_results.told(survey.id, noon.date()).texts
        assert list(texts.told) == []


def test_medical_staff_change_their_own_surveys_only(cast, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        survey = drafted(noon)
    with act_as(cast.scope(Role.MSL)):
        own = drafted(noon)
        actions.open_survey(own.id, at=noon)
        with pytest.raises(OutOfScope):
            actions.open_survey(survey.id, at=noon)
    with act_as(cast.scope(Role.COMPLIANCE)), pytest.raises(OutOfScope):
        drafted(noon)


def test_a_partner_sees_results_only_where_they_are_shared(cast, noon):
    with act_as(cast.system()):
        survey, invited = opened(noon, 11)
        for each in invited:
            answer(each, noon, came="no", why="a rash")
    for shared in (False, True):
        with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
            assert [each.id for each in surveys.surveys()] == ([survey.id] if shared else [])
            if shared:
                told = survey_results.told(survey.id, noon.date())
                assert told.results[0].cell.n == 11
                assert told.flagged == []
                assert not SurveyResponse.objects.exists()
            else:
                with pytest.raises(Survey.DoesNotExist):
                    survey_results.told(survey.id, noon.date())
        with act_as(cast.system()):
            actions.share_results(survey.id, cast.partner.id, shared=True, at=noon)
    with (
        act_as(cast.scope(Role.PARTNER_MARKETER, cast.society)),
        pytest.raises(Survey.DoesNotExist),
    ):
        survey_results.told(survey.id, noon.date())


def test_a_partner_that_is_asked_sees_the_questions_and_no_draft(cast, noon):
    with act_as(cast.system()):
        survey = drafted(noon, audience="partner", asked_ids=[cast.partner.id, cast.society.id])
    with act_as(cast.system(cast.partner)):
        assert surveys.asked_of_me(noon.date()) == []
        assert not Survey.objects.exists()
    with act_as(cast.system()):
        actions.open_survey(survey.id, at=noon)
    with act_as(cast.system(cast.partner)):
        assert [each.id for each in surveys.asked_of_me(noon.date())] == [survey.id]
        assert len(surveys.questions(survey.id)) == 3
        assert [each.org_id for each in surveys.parties_of(survey.id)] == [cast.partner.id]


def test_the_number_of_people_asked_counts_those_of_the_partners(cast, noon):
    with act_as(cast.system()):
        survey = drafted(noon, audience="partner", asked_ids=[cast.partner.id])
        assert surveys.n_invited(survey) == 3
