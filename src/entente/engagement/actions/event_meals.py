"""Record a meal of an event: who was there ate it, each part exact to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from entente.directory import reads as directory
from entente.engagement.actions.record_expense import Meal, record_expense
from entente.engagement.domain.shares import split_minor
from entente.engagement.models import Attendee, Event, EventMeal, EventMealPart, Expense
from entente.engagement.reads.event_meals import survivors_of
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

MOST_STAFF, LONGEST_NAME = 200, 200


@dataclass(frozen=True)
class Eaten:
    """A meal of an event as the person who paid it reports it.

    Parameters
    ----------
    attendee_ids : tuple of UUID
        Who ate of those who were there, walk-ins too.
    staff : tuple of str
        One's own people who ate, by name; they count in the division.
    spent_on : date, optional
        Without it the event's first day, where it takes place.
    """

    client_id: UUID
    event_id: UUID
    kind: str
    venue: str
    currency: str
    total_minor: int
    attendee_ids: tuple[UUID, ...]
    staff: tuple[str, ...] = ()
    payer_id: UUID | None = None
    product_id: UUID | None = None
    with_discussion: bool = True
    spent_on: date | None = None


def record_event_meal(eaten: Eaten, *, at: datetime) -> EventMeal:
    """Record a meal of an event; the gate answers for each HCP's part as for any meal.

    Everybody who ate counts in the division: HCPs, other guests and one's own people. The money
    has been spent, so that the meal is kept whatever the gate says. Writes the meal with
    everybody's part, and the expense with shares, decisions, ledger entry and event, as
    `record_expense` does. A record with a ``client_id`` that is known is not made again.

    Raises
    ------
    UserError
        If the report contradicts itself, or names somebody who was not there.
    """
    scope = current_scope()
    scope.require("expense.record")
    lock(f"engagement.event_meal:{scope.org_id}:{eaten.client_id}")
    known = (
        EventMeal.objects.filter(org_id=scope.org_id, client_id=eaten.client_id)
        .select_related("expense")
        .first()
    )
    if known is not None:
        return _same(known, eaten)
    event = Event.objects.get(id=eaten.event_id)
    venue, staff = _checked(eaten, event, at)
    guests = _guests(eaten, event, at)
    heads = len(guests) + len(staff)
    parts = split_minor(eaten.total_minor, heads) if heads else []
    paid_for = [(each, part) for each, part in zip(guests, parts, strict=False) if each.hcp_id]
    if not paid_for:
        raise UserError(
            "nobody who ate is an HCP of the directory: write it among the event’s costs",
            field="attendees",
        )
    expense = record_expense(_meal(eaten, event, paid_for, heads), at=at)
    made = EventMeal.objects.create(
        id=new_id(), org_id=scope.org_id, client_id=eaten.client_id, event=event,
        expense=expense, venue=venue,
    )  # fmt: skip
    _keep_parts(made, guests, staff, parts)
    ledger.append(
        ledger.Entry(
            "engagement.event_meal.recorded", "engagement.event", event.id,
            {"meal": made.id, "expense": expense.id, "heads": heads, "staff": len(staff)},
        ),
        at=at,
    )  # fmt: skip
    return made


def _keep_parts(
    made: EventMeal, guests: Sequence[Attendee], staff: Sequence[str], parts: Sequence[int]
) -> None:
    """Write everybody's part, one's own people after the guests."""
    shares = {share.hcp_id: share for share in made.expense.shares.all()}
    heads: list[tuple[Attendee | None, str]] = [
        *((guest, guest.name) for guest in guests), *((None, name) for name in staff)
    ]  # fmt: skip
    EventMealPart.objects.bulk_create(
        [
            EventMealPart(
                id=new_id(), org_id=made.org_id, meal=made, position=n, attendee=guest, name=name,
                amount_minor=part,
                share=shares.get(guest.hcp_id) if guest and guest.hcp_id else None,
            )
            for n, ((guest, name), part) in enumerate(zip(heads, parts, strict=True), start=1)
        ]
    )  # fmt: skip


def _same(known: EventMeal, eaten: Eaten) -> EventMeal:
    if (known.event_id, known.expense.total_minor) != (eaten.event_id, eaten.total_minor):
        raise UserError(
            "this client_id belongs to another record: make a new one", field="client_id"
        )
    return known


def _checked(eaten: Eaten, event: Event, at: datetime) -> tuple[str, list[str]]:
    if event.status not in {Event.Status.OPEN, Event.Status.HELD} or event.starts_at > at:
        raise UserError("a meal is recorded once the event has begun")
    if event.setting == Event.Setting.VIRTUAL:
        raise UserError("nobody eats together at an event on line")
    first, last = _days(event)
    if eaten.spent_on is not None and not first <= eaten.spent_on <= last:
        raise UserError(f"the event is from {first} to {last}", field="spent_on")
    if eaten.kind not in Expense.Kind.values:
        raise UserError(f"kind is one of {', '.join(Expense.Kind.values)}", field="kind")
    if eaten.total_minor <= 0:
        raise UserError("give what the meal cost, more than zero", field="total")
    venue = " ".join(eaten.venue.split())
    if not 1 <= len(venue) <= LONGEST_NAME or not venue.isprintable():
        raise UserError("name the venue", field="venue")
    staff = [" ".join(name.split()) for name in eaten.staff]
    if len(staff) > MOST_STAFF or not all(
        1 <= len(name) <= LONGEST_NAME and name.isprintable() for name in staff
    ):
        raise UserError(f"name at most {MOST_STAFF} of your people", field="staff")
    twice = [name for name, n in Counter(staff).items() if n > 1]
    if twice:
        raise UserError(f"{twice[0]} is named twice", field="staff")
    return venue, staff


def _days(event: Event) -> tuple[date, date]:
    """Give the first and last day of an event where it takes place."""
    zone = ZoneInfo(event.time_zone)
    return event.starts_at.astimezone(zone).date(), event.ends_at.astimezone(zone).date()


def _guests(eaten: Eaten, event: Event, at: datetime) -> list[Attendee]:
    """Give who ate in the order of arrival; each was there, and nobody stands there twice."""
    wanted = list(eaten.attendee_ids)
    if len(set(wanted)) != len(wanted):
        raise UserError("an attendee is named twice", field="attendees")
    found = list(event.attendees.filter(id__in=wanted).order_by("ticket", "id"))
    if len(found) != len(wanted):
        raise UserError("choose among those who are on the list", field="attendees")
    absent = [each.name for each in found if each.status != Attendee.Status.ATTENDED]
    if absent:
        raise UserError(f"{absent[0]} is not checked in", field="attendees")
    known = [each.hcp_id for each in found if each.hcp_id is not None]
    people = survivors_of(known, at)
    if len(set(people.values())) != len(known):
        raise UserError("two of those you chose are the same person", field="attendees")
    return found


def _meal(
    eaten: Eaten, event: Event, paid_for: Sequence[tuple[Attendee, int]], heads: int
) -> Meal:  # fmt: skip
    entities = {each.id: each for each in directory.legal_entities(current_scope().org_id)}
    payer = eaten.payer_id or (
        event.controller_id
        if event.controller_id in entities
        else directory.main_legal_entity(current_scope().org_id).id
    )
    if payer not in entities:
        raise UserError("choose a legal entity of your own organisation", field="payer")
    return Meal(
        hcp_ids=tuple(each.hcp_id for each, _ in paid_for if each.hcp_id is not None),
        payer_id=payer,
        kind=eaten.kind,
        setting=event.setting,
        spent_on=eaten.spent_on or _days(event)[0],
        country=event.country,
        currency=eaten.currency,
        total_minor=eaten.total_minor,
        headcount=heads,
        with_discussion=eaten.with_discussion,
        product_id=eaten.product_id,
        campaign_id=event.campaign_id,
        parts_minor=tuple(part for _, part in paid_for),
        told={
            # Of the event's own venue one was asked; of the place of the meal it is taken over.
            "event.venue_class": event.venue_class,
            "event.entertainment": event.has_entertainment,
            "event.is_cme": event.kind == Event.Kind.CME,
            "event.is_speaker_program": event.kind == Event.Kind.SPEAKER,
            "event.alcohol": event.has_alcohol,
        },
    )
