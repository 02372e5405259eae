"""Polls and questions of a webinar: asked, opened, answered once each, closed, settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from entente.engagement.actions.attend import DOORS_CLOSE, DOORS_OPEN
from entente.engagement.actions.events import event_lock
from entente.engagement.actions.medical_home import put_to_medical, sort_question
from entente.engagement.domain.caution import without_patient
from entente.engagement.models import (
    Attendee,
    Event,
    EventPoll,
    EventPollAnswer,
    EventQuestion,
)
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

POLL, QUESTION = "engagement.poll", "engagement.event_question"
FEWEST, MOST = 2, 8
MOST_POLLS, MOST_QUESTIONS = 50, 20
KINDS = (Event.Kind.WEBINAR,)
ATTENDING = (Attendee.Status.REGISTERED, Attendee.Status.ATTENDED)


def add_poll(event_id: UUID, question: str, choices: Sequence[str], *, at: datetime) -> EventPoll:
    """Write down a question with choices, to be opened during the webinar.

    Raises
    ------
    UserError
        If the event is another company's or no webinar, or a text does not fit.
    """
    event = _own(event_id)
    texts = [" ".join(each.split()) for each in choices if each.strip()]
    asked = " ".join(question.split())
    if not asked or len(asked) > 300:
        raise UserError("write the question, in at most 300 characters", field="question")
    if not FEWEST <= len(texts) <= MOST or len({each.casefold() for each in texts}) != len(texts):
        raise UserError(f"give {FEWEST} to {MOST} different choices", field="choices")
    if any(len(each) > 100 for each in texts):
        raise UserError("a choice has at most 100 characters", field="choices")
    if event.polls.count() >= MOST_POLLS:
        raise UserError(f"an event has at most {MOST_POLLS} polls")
    poll = EventPoll.objects.create(
        id=new_id(), org_id=event.org_id, event=event, question=asked, choices=texts
    )
    _record(POLL, poll.id, event.id, "written", at)
    return poll


def open_poll(poll_id: UUID, *, at: datetime) -> EventPoll:
    """Let those who attend answer; from then on what is asked never changes.

    Raises
    ------
    UserError
        If it was opened before, or the event's doors are closed.
    """
    poll = _own_poll(poll_id)
    if poll.status != EventPoll.Status.DRAFT:
        raise UserError("this poll was opened before")
    _must_go_on(poll.event, at)
    poll.status, poll.opened_at = EventPoll.Status.OPEN, at
    poll.save(update_fields=["status", "opened_at"])
    _record(POLL, poll.id, poll.event_id, "opened", at)
    return poll


def close_poll(poll_id: UUID, *, at: datetime) -> EventPoll:
    """Take no more answers; those who attend see the counts."""
    poll = _own_poll(poll_id)
    if poll.status != EventPoll.Status.OPEN:
        raise UserError("only an open poll is closed")
    poll.status, poll.closed_at = EventPoll.Status.CLOSED, at
    poll.save(update_fields=["status", "closed_at"])
    _record(POLL, poll.id, poll.event_id, "closed", at)
    return poll


def answer_poll(attendee_id: UUID, poll_id: UUID, choice: int, *, at: datetime) -> bool:
    """Take an attendee's answer, once; tell whether it was the first.

    Called at the door of a signed link, in the scope of the company that keeps the list.

    Raises
    ------
    UserError
        If the poll is not open, has no such choice, or somebody does not attend.
    """
    lock(f"poll:{poll_id}")
    attendee = _attending(attendee_id)
    poll = EventPoll.objects.get(id=poll_id, event_id=attendee.event_id)
    if poll.status != EventPoll.Status.OPEN:
        raise UserError("this poll takes no answers now")
    if not 0 <= choice < len(poll.choices):
        raise UserError("choose one of the answers", field="choice")
    given: QuerySet[EventPollAnswer] = EventPollAnswer.objects.filter(poll=poll, attendee=attendee)
    if given.exists():
        return False
    EventPollAnswer.objects.create(
        id=new_id(), org_id=attendee.event.org_id, poll=poll, attendee=attendee, choice=choice
    )
    _record(POLL, poll.id, poll.event_id, "answered", at)
    return True


def ask_in_event(attendee_id: UUID, wish: str, words: str, *, link_id: UUID, at: datetime) -> bool:
    """Take a question of somebody who attends; tell whether medical staff answer it.

    A medical question becomes an inquiry behind the wall; here stays only that there was one.

    Raises
    ------
    UserError
        If the event does not go on, nothing is written, it looks like a patient's identity, or
        too many were asked.
    """
    attendee = _attending(attendee_id)
    event = attendee.event
    _must_go_on(event, at)
    lock(f"event.questions:{attendee.id}")
    if event.questions.filter(attendee=attendee).count() >= MOST_QUESTIONS:
        raise UserError("you have asked many questions already: please wait for the answers")
    medical = sort_question(wish, words)
    wrong = without_patient(words, "question")
    if wrong:
        raise UserError(wrong, field="words")
    if medical:
        if attendee.hcp_id is None:
            raise UserError("medical questions are taken from health professionals by their link")
        put_to_medical(
            words.strip(), hcp_id=attendee.hcp_id, link_id=link_id, product_id=None, at=at
        )
    asked = EventQuestion.objects.create(
        id=new_id(),
        org_id=event.org_id,
        event=event,
        attendee=None if medical else attendee,
        words="" if medical else words.strip(),
        is_medical=medical,
        asked_at=at,
    )
    _record(QUESTION, asked.id, event.id, "asked", at)
    return medical


def settle_question(question_id: UUID, *, at: datetime) -> EventQuestion:
    """Say that a question was answered.

    Raises
    ------
    UserError
        If medical staff answer it, or another company keeps the list.
    """
    scope = current_scope()
    scope.require("event.check")
    asked = EventQuestion.objects.select_for_update().get(id=question_id)
    if asked.org_id != scope.org_id or asked.is_medical:
        raise UserError("this question is not yours to settle")
    if asked.settled_at is None:
        asked.settled_at, asked.settled_by_id = at, scope.actor_id
        asked.save(update_fields=["settled_at", "settled_by_id"])
        _record(QUESTION, asked.id, asked.event_id, "settled", at)
    return asked


def _own(event_id: UUID) -> Event:
    scope = current_scope()
    scope.require("event.write")
    lock(event_lock(event_id))
    event = Event.objects.get(id=event_id)
    if event.org_id != scope.org_id:
        raise UserError("polls are asked by the company that set the event up")
    if event.kind not in KINDS:
        raise UserError("polls are asked in webinars")
    if event.status == Event.Status.CANCELLED:
        raise UserError("this event was cancelled")
    return event


def _own_poll(poll_id: UUID) -> EventPoll:
    lock(f"poll:{poll_id}")
    poll = EventPoll.objects.get(id=poll_id)
    poll.event = _own(poll.event_id)
    return poll


def _attending(attendee_id: UUID) -> Attendee:
    attendee = Attendee.objects.select_related("event").get(id=attendee_id)
    if attendee.status not in ATTENDING:
        raise UserError("only somebody who has a place takes part")
    return attendee


def _must_go_on(event: Event, at: datetime) -> None:
    is_open = event.status in (Event.Status.OPEN, Event.Status.HELD)
    if not is_open or not event.starts_at - DOORS_OPEN <= at <= event.ends_at + DOORS_CLOSE:
        raise UserError("this takes place from four hours before until a day after the webinar")


def _record(kind: str, object_id: UUID, event_id: UUID, verb: str, at: datetime) -> None:
    # Neither who answered what nor what was asked stands in the ledger.
    ledger.append(ledger.Entry(f"{kind}.{verb}", kind, object_id, {"event": event_id}), at=at)
