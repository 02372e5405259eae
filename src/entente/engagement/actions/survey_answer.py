"""Take an answer so that, where anonymity was promised, nothing joins it to anybody.

Three things are kept apart: who was invited; that some link was used, as a keyed hash; and
answers, with ids of pure chance and without any time. A transaction leaves its number on the
rows it writes, and a table keeps the order in which they came. So each answer is written
together with others, taken out and put back in an order of chance.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db.models import QuerySet

from entente.directory import reads as directory
from entente.engagement.actions.survey_write import KIND
from entente.engagement.domain.survey_flags import flag_of
from entente.engagement.domain.surveys import Answered, read_answers
from entente.engagement.models import (
    Survey,
    SurveyBallot,
    SurveyInvitation,
    SurveyParty,
    SurveyResponse,
    SurveyText,
)
from entente.engagement.reads.surveys import has_answered, is_answerable, mark_of, questions
from entente.foundation import ledger
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

# Answers that are written anew with each one that comes.
MIXED = 400
Kept = TypeVar("Kept", SurveyResponse, SurveyText)


class AlreadyAnswered(UserError):
    """The link, or the person, has answered this survey."""


class NotTaken(UserError):
    """The survey takes no answers now."""


class WrongAnswers(UserError):
    """Some answers are missing or cannot be; ``wrong`` says which and why."""

    def __init__(self, answered: Answered) -> None:
        super().__init__("some answers are missing or cannot be taken")
        self.wrong = answered.wrong


@dataclass(frozen=True)
class Respondent:
    """Who answers: by an invitation, signed in, or by the open address."""

    invitation: SurveyInvitation | None = None
    user_id: UUID | None = None
    party: SurveyParty | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody knows who it is."""
        return self.invitation is None and self.user_id is None


def answer_survey(
    survey_id: UUID, who: Respondent, given: Mapping[str, Sequence[str]], *, at: datetime
) -> None:
    """Take the answers of one person, once.

    Runs in the scope of the survey's owner. Writes the mark of the link, the answers, the
    texts and one ledger entry that says neither who nor what.

    Raises
    ------
    NotTaken
    AlreadyAnswered
    WrongAnswers
    """
    lock(f"survey.answers.{survey_id}")
    survey = Survey.objects.get(id=survey_id)
    if not is_answerable(survey, at.date()) or (who.is_open and not survey.takes_open):
        raise NotTaken("this survey takes no answers now")
    records = _records(who, at)
    if records and has_answered(survey_id, records):
        raise AlreadyAnswered("this survey was answered already; thank you")
    answered = read_answers(questions(survey_id), given)
    if answered.wrong:
        raise WrongAnswers(answered)
    if not answered.values and not answered.texts:
        raise UserError("answer at least one question")
    for person_id in records[:1]:
        SurveyBallot.objects.create(
            org_id=survey.org_id, survey=survey, mark=mark_of(survey_id, person_id)
        )
    _write(survey, who, answered, at)
    ledger.append(ledger.Entry(f"{KIND}.answered", KIND, survey.id), at=at)


def _records(who: Respondent, at: datetime) -> list[UUID]:
    """Give every record of the person who answers, his own first."""
    if who.user_id is not None:
        return [who.user_id]
    if who.invitation is None:
        return []
    own = who.invitation.hcp_id
    return [own, *(each for each in directory.same_person(own, at) if each != own)]


def _write(survey: Survey, who: Respondent, answered: Answered, at: datetime) -> None:
    named: dict[str, Any] = {}
    if survey.promise == Survey.Promise.NAMED:
        named = {
            "hcp_id": who.invitation.hcp_id if who.invitation else None,
            "user_id": who.user_id,
        }
    response = SurveyResponse(
        org_id=survey.org_id,
        survey=survey,
        values=answered.values,
        is_open=who.is_open,
        answered_on=at.date() if named else None,
        **_segments(who),
        **named,
    )
    texts = [
        SurveyText(
            org_id=survey.org_id, survey=survey, code=code, text=text, flag=flag_of(text), **named
        )
        for code, text in answered.texts.items()
    ]
    tells = _tells(survey)
    _mix(SurveyResponse, survey, [response], tells=tells)
    _mix(SurveyText, survey, texts, tells=tells)


def _segments(who: Respondent) -> dict[str, str]:
    if who.invitation is not None:
        named = ("specialty", "country", "organisation")
        return {name: getattr(who.invitation, name) for name in named}
    return {"organisation": who.party.label} if who.party else {}


def _tells(survey: Survey) -> bool:
    """Tell whether with this answer enough wait to be told together."""
    if survey.closes_on is not None:
        return False
    waiting = SurveyResponse.objects.filter(survey=survey, is_told=False).count()
    return waiting + 1 >= survey.least


def _mix(table: type[Kept], survey: Survey, new: Sequence[Kept], *, tells: bool) -> None:
    """Write new rows among others that are written anew, all in an order of chance.

    What becomes told is written anew with them; else up to 400 rows are, taken at random.
    """
    rows: QuerySet[Any] = table._default_manager.filter(survey=survey)
    chosen: dict[UUID, Any] = {row.id: row for row in rows.order_by("?")[:MIXED]}
    if tells:
        chosen |= {row.id: row for row in rows.filter(is_told=False)}
    rows.filter(id__in=list(chosen)).delete()
    together: list[Any] = [*chosen.values(), *new]
    secrets.SystemRandom().shuffle(together)
    for row in together:
        row.id = uuid4()
        row.is_told = row.is_told or tells
        row._state.adding = True
    table._default_manager.bulk_create(together)
