"""An event as an iCalendar entry, its moments in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import icalendar

from entente.engagement.domain.invitation import where_of

STATUS = {"draft": "TENTATIVE", "open": "CONFIRMED", "held": "CONFIRMED", "cancelled": "CANCELLED"}


def as_calendar(event: Any, *, at: datetime, address: str = "") -> bytes:
    """Write an event for a calendar."""
    entry = icalendar.Event()
    entry.add("uid", f"{event.id}@entente")
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", event.title)
    entry.add("location", where_of(event))
    entry.add("status", STATUS[event.status])
    if address:
        entry.add("url", address)
    return _alone(entry)


# An entry that is sent again replaces the earlier one only with a higher number.
MEETING = {"booked": "CONFIRMED", "referred": "TENTATIVE", "done": "CONFIRMED"}


def meeting_calendar(meeting: Any, *, at: datetime, address: str = "") -> bytes:
    """Write a meeting at a stand for a calendar: host, table, moments in UTC.

    A meeting that was moved keeps its identity, so that a calendar moves it too.
    """
    slot, event = meeting.slot, meeting.event
    entry = icalendar.Event()
    entry.add("uid", f"meeting-{meeting.id}@entente")
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("sequence", int(at.timestamp()) - int(meeting.booked_at.timestamp()))
    entry.add("dtstart", meeting.starts_at.astimezone(UTC))
    entry.add("dtend", meeting.ends_at.astimezone(UTC))
    entry.add("summary", f"{slot.host_name} · {event.title}")
    entry.add("location", f"{slot.place.name}, table {slot.table}, {where_of(event)}")
    entry.add("status", MEETING.get(meeting.status, "CANCELLED"))
    if address:
        entry.add("url", address)
    return _alone(entry)


def _alone(entry: icalendar.Event) -> bytes:
    """Put one entry into a calendar of its own."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Entente//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
