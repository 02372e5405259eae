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
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Entente//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
