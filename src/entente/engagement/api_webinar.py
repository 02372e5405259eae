"""Operations on webinars: polls, questions, and who was there from when to when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from entente.engagement.actions import webinar as acts
from entente.engagement.actions.attend import take_presence
from entente.engagement.reads import events
from entente.engagement.reads import webinar as reads
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import In, Text
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])
MOST_STAYS = 20_000


class BarOut(Schema):
    """A choice of a poll with its count and its part in percent."""

    text: str
    n: int
    percent: int


class PollOut(Schema):
    """A poll with its counts; to a party of the event in whole steps of eleven."""

    id: UUID
    question: str
    status: str
    opened_at: datetime | None
    closed_at: datetime | None
    n: int
    bars: list[BarOut]


class PollIn(In):
    """A question with two to eight choices."""

    question: Annotated[str, StringConstraints(max_length=300)]
    choices: list[Text] = Field(min_length=acts.FEWEST, max_length=acts.MOST)


class QuestionOut(Schema):
    """A question of somebody who attends."""

    id: UUID
    words: str
    asked_at: datetime
    settled_at: datetime | None


class QuestionsOut(Schema):
    """The questions that one may read, and how many went to medical staff."""

    questions: list[QuestionOut]
    n_medical: int


class StayIn(In):
    """A time for which somebody was there."""

    email: Text
    joined_at: datetime
    left_at: datetime


class PresenceIn(In):
    """The list of a webinar platform."""

    stays: list[StayIn] = Field(min_length=1, max_length=MOST_STAYS)


class PresenceOut(Schema):
    """How many attendees have new minutes, and the addresses nobody registered with."""

    n_changed: int
    unknown: list[str]


def _told(event_id: UUID) -> list[dict[str, Any]]:
    events.event(event_id)
    return [
        {
            **{name: getattr(each.poll, name) for name in
               ("id", "question", "status", "opened_at", "closed_at")},
            "n": each.n,
            "bars": each.bars,
        }
        for each in reads.polls_of(event_id)
    ]  # fmt: skip


def _one(event_id: UUID, poll_id: UUID) -> dict[str, Any]:
    return next(each for each in _told(event_id) if each["id"] == poll_id)


@router.get("/events/{uuid:event_id}/polls", response=list[PollOut], summary="Polls")
@operation("event.read")
def polls(request: HttpRequest, event_id: UUID) -> Any:
    """Give the polls of an event with their counts."""
    return _told(event_id)


@router.post("/events/{uuid:event_id}/polls", response={201: PollOut}, summary="Write a poll")
@operation("event.write")
def poll_written(request: HttpRequest, event_id: UUID, given: PollIn) -> Any:
    """Write down a question with choices."""
    made = acts.add_poll(event_id, given.question, given.choices, at=datetime.now(UTC))
    return 201, _one(event_id, made.id)


@router.post("/polls/{uuid:poll_id}/opening", response=PollOut, summary="Open a poll")
@operation("event.write")
def poll_opened(request: HttpRequest, poll_id: UUID) -> Any:
    """Let those who attend answer."""
    made = acts.open_poll(poll_id, at=datetime.now(UTC))
    return _one(made.event_id, poll_id)


@router.post("/polls/{uuid:poll_id}/closing", response=PollOut, summary="Close a poll")
@operation("event.write")
def poll_closed(request: HttpRequest, poll_id: UUID) -> Any:
    """Take no more answers."""
    made = acts.close_poll(poll_id, at=datetime.now(UTC))
    return _one(made.event_id, poll_id)


@router.get(
    "/events/{uuid:event_id}/questions", response=QuestionsOut, summary="Questions of a webinar"
)
@operation("event.read")
def questions(request: HttpRequest, event_id: UUID) -> Any:
    """Give the questions that one may read; medical ones are counted, and at their desk."""
    events.event(event_id)
    return {"questions": reads.questions_of(event_id), "n_medical": reads.n_medical(event_id)}


@router.post(
    "/event-questions/{uuid:question_id}/settlement", response=QuestionOut,
    summary="A question was answered",
)  # fmt: skip
@operation("event.check")
def question_settled(request: HttpRequest, question_id: UUID) -> Any:
    """Say that a question was answered."""
    return acts.settle_question(question_id, at=datetime.now(UTC))


@router.post("/events/{uuid:event_id}/presence", response=PresenceOut, summary="Who was there")
@operation("event.check")
def presence_taken(request: HttpRequest, event_id: UUID, given: PresenceIn) -> Any:
    """Take join and leave times; stays that overlap count once."""
    stays: dict[str, list[tuple[datetime, datetime]]] = {}
    for n, each in enumerate(given.stays, start=1):
        if each.joined_at.tzinfo is None or each.left_at.tzinfo is None:
            raise UserError(f"stay {n}: give both times with their offset from UTC", field="stays")
        if each.left_at < each.joined_at:
            raise UserError(f"stay {n}: left before joining", field="stays")
        stays.setdefault(each.email.lower(), []).append((each.joined_at, each.left_at))
    n_changed, unknown = take_presence(event_id, stays, at=datetime.now(UTC))
    return {"n_changed": n_changed, "unknown": unknown}
