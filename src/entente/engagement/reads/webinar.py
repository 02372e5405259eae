"""Polls with their counts, and the questions that whoever leads an event may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from entente.engagement.domain.detailing import shares_of
from entente.engagement.models import EventPoll, EventPollAnswer, EventQuestion


@dataclass(frozen=True)
class Bar:
    """A choice of a poll with its count and its part."""

    text: str
    n: int
    percent: int


@dataclass(frozen=True)
class Told:
    """A poll with its counts; to a party in whole steps of eleven."""

    poll: EventPoll
    bars: Sequence[Bar]
    n: int


def polls_of(event_id: UUID, *, opened: bool = False) -> list[Told]:
    """Give the polls of an event in the order written, with two queries.

    Parameters
    ----------
    opened : bool
        Only those that were opened.
    """
    found = EventPoll.objects.filter(event_id=event_id)
    if opened:
        found = found.exclude(status=EventPoll.Status.DRAFT)
    rows = list(found.order_by("id"))
    counts = _counts([row.id for row in rows])
    told = []
    for row in rows:
        of_poll = counts.get(row.id, {})
        parts = shares_of(of_poll, len(row.choices))
        bars = [
            Bar(text, n, percent) for text, (n, percent) in zip(row.choices, parts, strict=True)
        ]
        told.append(Told(row, bars, sum(of_poll.values())))
    return told


def poll(poll_id: UUID) -> EventPoll:
    """Give one poll.

    Raises
    ------
    EventPoll.DoesNotExist
    """
    return EventPoll.objects.get(id=poll_id)


def answered_by(attendee_id: UUID) -> set[UUID]:
    """Give the polls that an attendee has answered."""
    found = EventPollAnswer.objects.filter(attendee_id=attendee_id)
    return set(found.values_list("poll_id", flat=True))


def questions_of(event_id: UUID) -> list[EventQuestion]:
    """Give the questions that one may read, those that wait first."""
    found = EventQuestion.objects.filter(event_id=event_id, is_medical=False)
    rows = list(found.select_related("attendee").order_by("asked_at", "id")[:500])
    return sorted(rows, key=lambda row: row.settled_at is not None)


def question(question_id: UUID) -> EventQuestion:
    """Give one question.

    Raises
    ------
    EventQuestion.DoesNotExist
    """
    return EventQuestion.objects.get(id=question_id)


def n_medical(event_id: UUID) -> int:
    """Count the questions that went to medical staff."""
    return EventQuestion.objects.filter(event_id=event_id, is_medical=True).count()


def _counts(poll_ids: Sequence[UUID]) -> dict[UUID, dict[int, int]]:
    found: dict[UUID, dict[int, int]] = {}
    if poll_ids:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM app.engagement_poll_counts(%s)", [list(poll_ids)])
            for poll_id, choice, n in cursor.fetchall():
                found.setdefault(poll_id, {})[choice] = n
    return found
