"""Lay out a stand for meetings: places with tables, and the hours that hosts open at them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.domain.meetings import LIVE, MOST_TABLES, free_table, series
from entente.engagement.domain.sender import sender_role
from entente.engagement.models import Event, MeetingPlace, MeetingSlot
from entente.foundation import ledger
from entente.foundation.access.roles import Wall
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import User, new_id
from entente.foundation.organisations import scope_of

MEDICAL_ROLES = ("msl", "medical_info")


def meetings_lock(event_id: UUID) -> str:
    """Name the lock that guards tables and people of a congress."""
    return f"engagement.meetings:{event_id}"


def host_lock(host_id: UUID) -> str:
    """Name the lock that guards a host's hours at any congress."""
    return f"engagement.meeting_host:{host_id}"


def congress(event_id: UUID) -> Event:
    """Give an event at which people meet.

    Raises
    ------
    Event.DoesNotExist
    UserError
        If it is no congress, or over.
    """
    event = Event.objects.get(id=event_id)
    if event.kind != Event.Kind.CONGRESS:
        raise UserError("meetings are booked at a congress")
    if event.status not in {Event.Status.DRAFT, Event.Status.OPEN, Event.Status.HELD}:
        raise UserError("this congress is cancelled")
    return event


def add_meeting_place(
    event_id: UUID, name: str, n_tables: int, *, at: datetime
) -> MeetingPlace:  # fmt: skip
    """Add a room or corner with so many tables; the same name with more tables makes it larger.

    Writes the place and one ledger entry.

    Raises
    ------
    UserError
        If a field does not fit, the other company laid the place out, or a table that would go
        is in use.
    """
    scope = current_scope()
    scope.require("meeting.write")
    lock(meetings_lock(event_id))
    event, name = congress(event_id), " ".join(name.split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise UserError("write the name in at most 120 characters", field="name")
    if not 1 <= n_tables <= MOST_TABLES:
        raise UserError(f"a place has 1 to {MOST_TABLES} tables", field="n_tables")
    place = event.meeting_places.filter(name=name).first()
    if place is not None and place.org_id != scope.org_id:
        raise UserError("the other company laid this place out: give yours a name", field="name")
    if place is not None and place.slots.filter(closed_at=None, table__gt=n_tables).exists():
        raise UserError("hours are open at a table that would go: close them", field="n_tables")
    made = place or MeetingPlace(id=new_id(), org_id=scope.org_id, event=event, name=name)
    made.n_tables = n_tables
    made.save()
    _record("place_laid_out", "engagement.event", event.id, at, {"name": name, "n": n_tables})
    return made


def open_slots(
    place_id: UUID, *, host_id: UUID, first_at: datetime, minutes: int, n_slots: int = 1,
    pause_minutes: int = 0, at: datetime,
) -> list[MeetingSlot]:  # fmt: skip
    """Open hours of a host at a place, one meeting each, at the first table that is free.

    Writes the slots and one ledger entry, under the lock of the congress and of the host.

    Raises
    ------
    UserError
        If the host may not meet HCPs or sits elsewhere then, all tables are taken, or the time
        lies outside the congress.
    """
    scope = current_scope()
    scope.require("meeting.write")
    place = MeetingPlace.objects.get(id=place_id)
    lock(meetings_lock(place.event_id), host_lock(host_id))
    event, host = congress(place.event_id), _host(host_id, scope)
    times = series(first_at, minutes, n_slots, pause_minutes)
    begins, ends = times[0][0], times[-1][1]
    if begins <= at:
        raise UserError("open hours that lie ahead", field="first_at")
    if begins < event.starts_at or ends > event.ends_at:
        raise UserError("these hours lie outside the congress", field="first_at")
    _host_is_free(host_id, times)
    there = place.slots.filter(closed_at=None, starts_at__lt=ends, ends_at__gt=begins)
    taken = list(there.values_list("table", "starts_at", "ends_at"))
    name = User.objects.values_list("name", flat=True).get(id=host_id)
    role = sender_role(host.roles, is_host=host.is_host)
    made = []
    for starts_at, ends_at in times:
        table = free_table(taken, place.n_tables, starts_at, ends_at)
        if table is None:
            raise UserError(
                f"all tables of {place.name} are taken at {starts_at:%Y-%m-%d %H:%M} UTC",
                field="place",
            )
        made.append(
            MeetingSlot(
                id=new_id(), org_id=scope.org_id, event=event, place=place, table=table,
                host_id=host_id, host_name=name, sender_role=role,
                wall="medical" if role in MEDICAL_ROLES else "commercial",
                starts_at=starts_at, ends_at=ends_at,
            )
        )  # fmt: skip
    MeetingSlot.objects.bulk_create(made)
    _record("hours_opened", "engagement.event", event.id, at, {"host": host_id, "n": len(made)})
    return made


def close_slot(slot_id: UUID, *, at: datetime) -> MeetingSlot:
    """Close hours that nobody booked; the table and the host are free again.

    Raises
    ------
    UserError
        If a meeting is booked in it, or it is another company's.
    """
    scope = current_scope()
    scope.require("meeting.write")
    slot = MeetingSlot.objects.get(id=slot_id)
    lock(meetings_lock(slot.event_id))
    slot = MeetingSlot.objects.select_for_update().get(id=slot_id)
    may_change(slot, scope)
    if slot.meetings.filter(status__in=LIVE).exists():
        raise UserError("somebody booked it: cancel or move the meeting first")
    if slot.closed_at is None:
        slot.closed_at = at
        slot.save(update_fields=["closed_at"])
        _record("slot_closed", "engagement.event", slot.event_id, at, {"slot": slot.id})
    return slot


def may_change(slot: MeetingSlot, scope: Scope) -> None:
    """Refuse what is another company's, or stands beyond the wall.

    Raises
    ------
    UserError
    """
    if slot.org_id != scope.org_id:
        raise UserError("these are the hours of the other company")
    if scope.wall not in (Wall.BOTH, Wall(slot.wall)):
        raise UserError(f"these are hours of {slot.wall} colleagues: they book them")


def controller_of(event: Event) -> UUID:
    """Give in whose name a side meets people: the event's company if it is one's own."""
    entities = {each.id: each for each in directory.legal_entities(current_scope().org_id)}
    if event.controller_id in entities:
        return event.controller_id
    return directory.main_legal_entity(current_scope().org_id).id


def _host(host_id: UUID, scope: Scope) -> Scope:
    """Give the scope of a host who may be given hours by whoever asks."""
    if host_id != scope.actor_id and not scope.may & {"event.write", "event.agree"}:
        raise UserError("open your own hours; an event manager opens others’", field="host")
    user = User.objects.filter(id=host_id, org_id=scope.org_id, is_active=True).first()
    host = scope_of(user) if user is not None else None
    if host is None or "touch.write" not in host.may:
        raise UserError("a host is a colleague who logs calls with HCPs", field="host")
    if scope.wall is not Wall.BOTH and host.wall not in (Wall.BOTH, scope.wall):
        raise UserError("colleagues beyond the wall open their own hours", field="host")
    return host


def _host_is_free(host_id: UUID, times: list[tuple[datetime, datetime]]) -> None:
    """Refuse hours in which the host sits at another table."""
    there = MeetingSlot.objects.filter(
        host_id=host_id, closed_at=None, starts_at__lt=times[-1][1], ends_at__gt=times[0][0]
    )
    for begins, ends in there.values_list("starts_at", "ends_at"):
        for starts_at, ends_at in times:
            if begins < ends_at and starts_at < ends:
                raise UserError(
                    f"the host has hours from {begins:%Y-%m-%d %H:%M} UTC already",
                    field="first_at",
                )


def _record(
    verb: str, kind: str, object_id: UUID, at: datetime, details: dict[str, object]
) -> None:
    ledger.append(ledger.Entry(f"engagement.meeting.{verb}", kind, object_id, details), at=at)
