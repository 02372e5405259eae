"""Operations on meals of events, and on calendars that were loaded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.engagement.actions.event_meals import Eaten, record_event_meal
from entente.engagement.actions.take_calendar import take_calendar
from entente.engagement.reads import calendar as calendar_reads
from entente.engagement.reads import event_meals as reads
from entente.engagement.reads import events as event_reads
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, Minor, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])
# A calendar as text; longer ones are loaded by command.
CalendarText = Annotated[str, StringConstraints(max_length=2_000_000)]


class MealIn(In):
    """A meal of an event as it was."""

    client_id: UUID
    kind: Text
    venue: Text
    currency: Text
    total_minor: Minor
    attendee_ids: list[UUID] = Field(max_length=2_000)
    staff: list[Text] = Field(default=[], max_length=200)
    payer_id: UUID | None = None
    product_id: UUID | None = None
    with_discussion: bool = True
    spent_on: date | None = None


class PartOut(Schema):
    """One head's part."""

    name: str
    attendee_id: UUID | None
    amount_minor: int
    decision_id: UUID | None
    outcome: str


class MealOut(Schema):
    """A meal of an event."""

    id: UUID
    expense_id: UUID
    venue: str
    spent_on: date
    currency: str
    total_minor: int
    headcount: int
    standing: str


class MealFull(MealOut):
    """A meal with everybody's part; the parts add up to the total."""

    parts: list[PartOut]


class EntryOut(Schema):
    """An entry of a calendar, on its own clock."""

    id: UUID
    uid: str
    title: str
    place: str
    room: str
    track: str
    people: str
    zone: str
    starts_local: str
    ends_local: str
    starts_at: datetime | None
    ends_at: datetime | None
    is_all_day: bool
    status: str
    url: str


class EntriesAsked(Asked):
    """Which entries: a month as 2026-11, words, a track."""

    month: Text = ""
    q: Text = ""
    track: Text = ""


class CalendarIn(In):
    """A calendar file's name and text."""

    name: Text
    text: CalendarText


class RefusedOut(Schema):
    """An entry that was not taken, and what would mend it."""

    line: str
    field: str
    value: str
    remedy: str


class LoadedOut(Schema):
    """What became of a calendar's entries."""

    n_new: int
    n_changed: int
    n_unchanged: int
    n_refused: int
    refused: list[RefusedOut]


def _brief(meal: Any) -> dict[str, Any]:
    expense = meal.expense
    return {
        "id": meal.id,
        "expense_id": expense.id,
        "venue": meal.venue,
        "spent_on": expense.spent_on,
        "currency": expense.currency,
        "total_minor": expense.total_minor,
        "headcount": expense.headcount,
        "standing": expense.standing,
    }


def _full(meal_id: UUID) -> dict[str, Any]:
    parts = [
        {
            "name": part.name,
            "attendee_id": part.attendee_id,
            "amount_minor": part.amount_minor,
            "decision_id": part.share.decision_id if part.share else None,
            "outcome": part.share.decision.outcome if part.share else "",
        }
        for part in reads.parts_of(meal_id)
    ]
    return {**_brief(reads.meal(meal_id)), "parts": parts}


@router.get("/events/{uuid:event_id}/meals", response=list[MealOut], summary="Meals of an event")
@operation("expense.read")
def meals(request: HttpRequest, event_id: UUID) -> Any:
    """Give the meals of an event that one's own company paid."""
    event_reads.event(event_id)
    return [_brief(meal) for meal in reads.meals(event_id)]


@router.get("/event-meals/{uuid:meal_id}", response=MealFull, summary="One meal of an event")
@operation("expense.read")
def meal(request: HttpRequest, meal_id: UUID) -> Any:
    """Give one meal with everybody's part and the gate's answer for each HCP."""
    return _full(meal_id)


@router.post(
    "/events/{uuid:event_id}/meals", response={201: MealFull}, summary="Record a meal of an event"
)
@operation("expense.record")
def meal_recorded(request: HttpRequest, event_id: UUID, given: MealIn) -> Any:
    """Record a meal; one with a client_id that is known is not made again."""
    fields = given.model_dump() | {
        "attendee_ids": tuple(given.attendee_ids), "staff": tuple(given.staff)
    }  # fmt: skip
    made = record_event_meal(Eaten(event_id=event_id, **fields), at=datetime.now(UTC))
    return 201, _full(made.id)


@router.get("/calendar-entries", response=Listing[EntryOut], summary="Calendar entries")
@operation("event.read")
def entries(request: HttpRequest, asked: Query[EntriesAsked]) -> Any:
    """Give entries of the calendars that were loaded, by their clock."""
    try:
        month = date.fromisoformat(f"{asked.month}-01") if asked.month else None
    except ValueError:
        raise UserError("give a month such as 2026-11", field="month") from None
    found = calendar_reads.entries(month=month, text=asked.q, track=asked.track)
    return listing(found, calendar_reads.ORDER, asked)


@router.post("/calendar-entries", response={201: LoadedOut}, summary="Load a calendar")
@operation("event.write")
def calendar_loaded(request: HttpRequest, given: CalendarIn) -> Any:
    """Load a calendar or agenda; the same again changes nothing."""
    counts, refused = take_calendar(given.name, given.text.encode(), at=datetime.now(UTC))
    return 201, {
        "n_new": counts.new, "n_changed": counts.changed, "n_unchanged": counts.unchanged,
        "n_refused": counts.refused, "refused": refused,
    }  # fmt: skip
