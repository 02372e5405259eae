"""Register for an event, wait, cancel, check in; who came, and for how long."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from entente.directory import reads as directory
from entente.engagement.actions.events import event_lock
from entente.engagement.domain.gathering import minutes_present
from entente.engagement.domain.hand_overs import check_drawing
from entente.engagement.models import Attendee, Event
from entente.engagement.reads import events as reads
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

# Doors open before the first word, and the list closes a day after the last.
DOORS_OPEN, DOORS_CLOSE = timedelta(hours=4), timedelta(days=1)


class NoPlace(UserError):
    """Nobody can register for this event any more."""


def register(
    event_id: UUID,
    *,
    hcp_id: UUID | None,
    name: str,
    email: str,
    seen_by: Collection[UUID],
    at: datetime,
) -> Attendee:
    """Register somebody: a place while there are any, else the next number of the waiting list.

    Called at the door of a signed link, in the scope of the company that made it. Repeating
    it gives the same registration; registering again after cancelling gives a new number.

    Parameters
    ----------
    seen_by : collection of UUID
        The parties that may know that this person comes; those he ticked.

    Raises
    ------
    NoPlace
        If the event is not open or has begun.
    UserError
        If a name or address does not fit.
    """
    lock(event_lock(event_id))
    event = Event.objects.get(id=event_id)
    if event.status != Event.Status.OPEN or event.starts_at <= at:
        raise NoPlace("registration for this event is closed")
    named = _checked(name, email)
    known = event.attendees.filter(hcp_id=hcp_id).first() if hcp_id else None
    if known is not None and known.status != Attendee.Status.CANCELLED:
        return known
    parties = set(event.sides.values_list("org_id", flat=True))
    status = Attendee.Status.REGISTERED if _free(event) > 0 else Attendee.Status.WAITING
    made = known or Attendee(id=new_id(), org_id=current_scope().org_id, event=event)
    made.hcp_id, made.name, made.email = hcp_id, named, email.strip()
    made.status, made.registered_at = status, at
    made.seen_by = sorted(parties & set(seen_by), key=str)
    made.ticket = reads.next_ticket(event.id)
    made.save()
    _record(made, str(status), at)
    return made


def cancel_attendance(attendee_id: UUID, *, at: datetime) -> Attendee | None:
    """Give a place back; the next on the waiting list gets it, and is returned.

    Called at the door of a signed link or by staff.
    """
    found = Attendee.objects.get(id=attendee_id)
    lock(event_lock(found.event_id))
    attendee = Attendee.objects.select_for_update().get(id=attendee_id)
    if attendee.status == Attendee.Status.ATTENDED:
        raise UserError("who was there cannot cancel any more")
    attendee.status = Attendee.Status.CANCELLED
    attendee.save(update_fields=["status"])
    _record(attendee, "cancelled", at)
    return move_up(attendee.event_id, at=at)


def move_up(event_id: UUID, *, at: datetime) -> Attendee | None:
    """Give a free place to whoever has waited longest."""
    event = Event.objects.get(id=event_id)
    if event.status != Event.Status.OPEN or event.starts_at <= at or _free(event) <= 0:
        return None
    first = (
        event.attendees.filter(status=Attendee.Status.WAITING).order_by("ticket").first()
    )  # fmt: skip
    if first is None:
        return None
    first.status = Attendee.Status.REGISTERED
    first.save(update_fields=["status"])
    _record(first, "moved_up", at)
    return first


def check_in(attendee_id: UUID, *, signature: str = "", at: datetime) -> Attendee:
    """Say that somebody is there; repeating it changes nothing but adds a missing signature.

    Raises
    ------
    UserError
        If the doors are not open, or he cancelled.
    """
    scope = current_scope()
    scope.require("event.check")
    attendee = Attendee.objects.select_for_update().select_related("event").get(id=attendee_id)
    _doors(attendee.event, at)
    if attendee.status == Attendee.Status.CANCELLED:
        raise UserError("this registration was cancelled: let the person in as a walk-in")
    check_drawing(signature)
    if attendee.status == Attendee.Status.ATTENDED and (attendee.signature or not signature):
        return attendee
    attendee.status = Attendee.Status.ATTENDED
    attendee.checked_in_at = attendee.checked_in_at or at
    attendee.checked_in_by_id, attendee.signature = scope.actor_id, signature
    attendee.save(
        update_fields=["status", "checked_in_at", "checked_in_by_id", "signature"]
    )  # fmt: skip
    _record(attendee, "checked_in", at)
    return attendee


def walk_in(
    event_id: UUID, *, name: str, hcp_id: UUID | None, seen_by: Collection[UUID], at: datetime
) -> Attendee:
    """Take in somebody who had not registered.

    Raises
    ------
    UserError
        If the doors are not open, or the person is on the list already.
    """
    scope = current_scope()
    scope.require("event.check")
    lock(event_lock(event_id))
    event = Event.objects.get(id=event_id)
    _doors(event, at)
    if hcp_id is not None:
        name = directory.hcp(hcp_id).display_name
        known = event.attendees.filter(hcp_id=hcp_id).first()
        if known is not None and known.status != Attendee.Status.CANCELLED:
            return check_in(known.id, at=at)
    else:
        known = None
    parties = set(event.sides.values_list("org_id", flat=True))
    made = known or Attendee(
        id=new_id(), org_id=scope.org_id, event=event, ticket=reads.next_ticket(event.id)
    )
    made.hcp_id, made.name, made.status = hcp_id, _checked(name, ""), Attendee.Status.ATTENDED
    made.is_walk_in, made.registered_at, made.checked_in_at = True, at, at
    made.checked_in_by_id = scope.actor_id
    made.seen_by = sorted({scope.org_id} | (parties & set(seen_by)), key=str)
    made.save()
    _record(made, "walked_in", at)
    return made


def take_presence(
    event_id: UUID, stays: Mapping[str, Sequence[tuple[datetime, datetime]]], *, at: datetime
) -> tuple[int, list[str]]:
    """Take join and leave times of a webinar; whoever was there for a minute attended.

    Parameters
    ----------
    stays : mapping of str to sequence of (joined, left)
        By e-mail address.

    Returns
    -------
    tuple of int and list of str
        How many were found, and the addresses that nobody registered with.
    """
    current_scope().require("event.check")
    lock(event_lock(event_id))
    event = Event.objects.get(id=event_id)
    by_address = {
        each.email.lower(): each
        for each in event.attendees.exclude(status=Attendee.Status.CANCELLED) if each.email
    }  # fmt: skip
    changed = []
    for address, times in stays.items():
        attendee = by_address.get(address.strip().lower())
        if attendee is None:
            continue
        minutes = minutes_present(list(times), event.starts_at, event.ends_at)
        if minutes and attendee.minutes != minutes:
            attendee.minutes, attendee.status = minutes, Attendee.Status.ATTENDED
            attendee.checked_in_at = attendee.checked_in_at or event.starts_at
            changed.append(attendee)
    Attendee.objects.bulk_update(changed, ["minutes", "status", "checked_in_at"])
    ledger.append(
        ledger.Entry(
            "engagement.event.presence_taken", "engagement.event", event.id,
            {"attendees": len(changed)},
        ),
        at=at,
    )  # fmt: skip
    unknown = [address for address in stays if address.strip().lower() not in by_address]
    return len(changed), sorted(unknown)


def issue_certificates(event_id: UUID, *, least_minutes: int, at: datetime) -> int:
    """Number a certificate for everybody who was there; give how many are new.

    Raises
    ------
    UserError
        If the event was not held.
    """
    current_scope().require("event.write")
    lock(event_lock(event_id))
    event = Event.objects.get(id=event_id)
    if event.status != Event.Status.HELD:
        raise UserError("certificates are issued once the event was held")
    there = event.attendees.filter(status=Attendee.Status.ATTENDED, certificate="")
    fresh = [
        each for each in there.order_by("ticket")
        if each.minutes is None or each.minutes >= least_minutes
    ]  # fmt: skip
    for each in fresh:
        each.certificate = f"{event.starts_at:%Y}-{event.id.hex[-8:].upper()}-{each.ticket:05d}"
    Attendee.objects.bulk_update(fresh, ["certificate"])
    ledger.append(
        ledger.Entry(
            "engagement.event.certified", "engagement.event", event.id, {"new": len(fresh)}
        ),
        at=at,
    )
    return len(fresh)


def _free(event: Event) -> int:
    return event.places - reads.n_taken(event.id)


def _checked(name: str, email: str) -> str:
    named = " ".join(name.split())
    if not 1 <= len(named) <= 200 or not named.isprintable():
        raise UserError("write the name", field="name")
    if email.strip():
        try:
            validate_email(email.strip())
        except ValidationError:
            raise UserError("write an e-mail address", field="email") from None
    return named


def _doors(event: Event, at: datetime) -> None:
    if event.status not in {Event.Status.OPEN, Event.Status.HELD}:
        raise UserError("this event is not open")
    if not event.starts_at - DOORS_OPEN <= at <= event.ends_at + DOORS_CLOSE:
        raise UserError("people are checked in from four hours before until a day after the event")


def _record(attendee: Attendee, verb: str, at: datetime) -> None:
    ledger.append(
        ledger.Entry(
            f"engagement.attendee.{verb}",
            "engagement.attendee",
            attendee.id,
            {"event": attendee.event_id, "ticket": attendee.ticket, "hcp": attendee.hcp_id},
        ),
        at=at,
    )
