"""Meetings at a congress: places, hours with who sits there, and what can still be booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from entente.engagement.domain.meetings import LIVE
from entente.engagement.models import Meeting, MeetingPlace, MeetingSlot
from entente.foundation.access.scope import current_scope

ORDER = ("-starts_at", "-id")


def places(event_id: UUID) -> list[MeetingPlace]:
    """Give the places of a congress, by name."""
    return list(MeetingPlace.objects.filter(event_id=event_id).order_by("name", "id"))


def taken_slots(event_id: UUID) -> set[UUID]:
    """Give the slots that are taken, also by people whom one may not see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.engagement_slots_taken(%s)", [event_id])
        return {row[0] for row in cursor.fetchall()}


def slots(event_id: UUID) -> list[Any]:
    """Give the open hours of a congress in order, each with ``meeting`` and ``is_taken``."""
    rows = MeetingSlot.objects.filter(event_id=event_id, closed_at=None).select_related("place")
    found: list[Any] = list(rows.order_by("starts_at", "place__name", "table", "id"))
    taken = taken_slots(event_id)
    there = {
        meeting.slot_id: meeting
        for meeting in Meeting.objects.filter(event_id=event_id, status__in=LIVE)
        .select_related("hcp", "decision")
    }  # fmt: skip
    for slot in found:
        slot.meeting, slot.is_taken = there.get(slot.id), slot.id in taken
    return found


def bookable(event_id: UUID, *, at: datetime, wall: str = "") -> list[MeetingSlot]:
    """Give one's own hours of a congress that lie ahead and that nobody has booked."""
    found = MeetingSlot.objects.filter(
        event_id=event_id, org_id=current_scope().org_id, closed_at=None, starts_at__gt=at
    ).exclude(id__in=taken_slots(event_id))
    if wall:
        found = found.filter(wall=wall)
    return list(found.select_related("place").order_by("starts_at", "host_name", "id"))


def slot(slot_id: UUID) -> MeetingSlot:
    """Give one slot.

    Raises
    ------
    MeetingSlot.DoesNotExist
    """
    return MeetingSlot.objects.select_related("place", "event").get(id=slot_id)


def meetings(
    *, event_id: UUID | None = None, status: str = "", host_id: UUID | None = None,
    hcp_id: UUID | None = None,
) -> QuerySet[Meeting]:  # fmt: skip
    """Give the meetings that one may see, narrowed as asked."""
    found = Meeting.objects.select_related("hcp", "slot__place", "event", "decision")
    for name, value in (
        ("event_id", event_id),
        ("status", status),
        ("host_id", host_id),
        ("hcp_id", hcp_id),
    ):
        if value:
            found = found.filter(**{name: value})
    return found


def meeting(meeting_id: UUID) -> Meeting:
    """Give one meeting.

    Raises
    ------
    Meeting.DoesNotExist
        Also to those beyond the wall.
    """
    return meetings().select_related("controller", "touch").get(id=meeting_id)


def of_person(event_id: UUID, hcp_ids: Sequence[UUID], wall: str) -> list[Meeting]:
    """Give an HCP's own meetings of a congress on one side of the wall, for his link."""
    found = meetings(event_id=event_id).filter(
        hcp_id__in=list(hcp_ids), wall=wall, org_id=current_scope().org_id
    )
    return list(found.exclude(status="forbidden").order_by("starts_at", "id"))


def my_meetings(user_id: UUID, *, since: datetime, limit: int) -> list[Meeting]:
    """Give a host's meetings that are not over, the next first."""
    found = meetings(host_id=user_id).filter(status__in=("booked", "referred"), ends_at__gte=since)
    return list(found.order_by("starts_at", "id")[:limit])


def held_meetings(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give the meetings booked with a person, for the person's export."""
    return [
        {
            "event": row.event.title,
            "with": row.slot.host_name,
            "at": row.starts_at,
            "topic": row.topic,
            "state": row.status,
        }
        for row in meetings(hcp_id=hcp_id).order_by("starts_at", "id")
    ]
