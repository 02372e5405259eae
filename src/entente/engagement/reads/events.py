"""Events: found, one whole, its people, its money; what one party may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, IntegerField, QuerySet

from entente.engagement.models import (
    Attendee,
    Event,
    EventCost,
    EventSpeaker,
    Invitation,
)

ORDER = ("-starts_at", "-id")


def events(*, status: str = "", kind: str = "", since: datetime | None = None) -> QuerySet[Event]:
    """Give the events of which the present organisation is a party, narrowed as asked."""
    found = Event.objects.prefetch_related("sides").annotate(
        n_taken=Func(F("id"), function="app.engagement_taken", output_field=IntegerField())
    )
    if status:
        found = found.filter(status=status)
    if kind:
        found = found.filter(kind=kind)
    if since:
        found = found.filter(ends_at__gte=since)
    return found


def event(event_id: UUID) -> Event:
    """Give one event with its sides.

    Raises
    ------
    Event.DoesNotExist
    """
    found = Event.objects.select_related("campaign", "controller")
    return found.prefetch_related("sides", "credits").get(id=event_id)


def speakers(event_id: UUID) -> list[EventSpeaker]:
    """Give everybody who was chosen, also those who no longer take part."""
    found = EventSpeaker.objects.filter(event_id=event_id).select_related("hcp", "decision")
    return list(found.order_by("removed_at", "hcp__name_key", "id"))


def invitations(event_id: UUID) -> QuerySet[Invitation]:
    """Give the invitations of the present organisation."""
    return Invitation.objects.filter(event_id=event_id).select_related("hcp", "decision")


def attendees(event_id: UUID, *, text: str = "") -> list[Attendee]:
    """Give whom one may see of those who registered, in the order of arrival."""
    found = Attendee.objects.filter(event_id=event_id)
    if text:
        found = found.filter(name__icontains=text)
    return list(found.order_by("ticket"))


def attendee(attendee_id: UUID) -> Attendee:
    """Give one attendee with the event.

    Raises
    ------
    Attendee.DoesNotExist
    """
    return Attendee.objects.select_related("event").get(id=attendee_id)


def n_taken(event_id: UUID) -> int:
    """Count the places that are taken, also by people whom one may not see."""
    return _number("app.engagement_taken", event_id)


def next_ticket(event_id: UUID) -> int:
    """Give the next number; called under the event's lock."""
    return _number("app.engagement_next_ticket", event_id)


def _number(function: str, event_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [event_id])
        return int(cursor.fetchone()[0])


def attendee_of(event_id: UUID, hcp_ids: Sequence[UUID]) -> Attendee | None:
    """Give the registration of a person who may have several records."""
    return Attendee.objects.filter(event_id=event_id, hcp_id__in=hcp_ids).first()


@dataclass(frozen=True)
class Money:
    """What an event costs in one currency, all parties together, in minor units."""

    currency: str
    estimate: int
    committed: int
    actual: int
    per_head: int | None


def costs(event_id: UUID) -> list[EventCost]:
    """Give the costs of all parties."""
    return list(EventCost.objects.filter(event_id=event_id).order_by("category", "org_id"))


def money(rows: Sequence[EventCost], n_attended: int) -> list[Money]:
    """Add the costs up by currency, and what was spent for each who was there."""
    found = []
    for currency in sorted({row.currency for row in rows}):
        own = [row for row in rows if row.currency == currency]
        actual = sum(row.actual_minor for row in own)
        found.append(
            Money(
                currency,
                sum(row.estimate_minor for row in own),
                sum(row.committed_minor for row in own),
                actual,
                -(-actual // n_attended) if n_attended else None,
            )
        )
    return found


def coming(*, at: datetime, limit: int) -> list[Event]:
    """Give the next events, those that something keeps from opening among them."""
    found = events(since=at).filter(status__in=("draft", "open"))
    return list(found.order_by("starts_at", "id")[:limit])


def blocked_by(event: Event, stated: str) -> str:
    """Say what keeps an event from opening, or nothing."""
    if event.status != Event.Status.DRAFT:
        return ""
    if event.need_recorded_at is None:
        return "the need is not recorded"
    waits = sorted(side.name for side in event.sides.all() if side.agreed_hash != stated)
    return f"waits for {', '.join(waits)}" if waits else "ready to open"
