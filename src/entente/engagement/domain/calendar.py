"""An event as an iCalendar entry (RFC 5545): one event, its moments in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from entente.engagement.domain.invitation import where_of

LINE = 75
STATUS = {"draft": "TENTATIVE", "open": "CONFIRMED", "held": "CONFIRMED", "cancelled": "CANCELLED"}


def _text(value: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, written)
    return value


def folded(line: str) -> str:
    """Fold a line after 75 octets, never inside a character.

    Examples
    --------
    >>> folded("SUMMARY:x" * 12).count("\\r\\n ")
    1
    """
    parts, part, n = [], "", 0
    for letter in line:
        size = len(letter.encode())
        if n + size > LINE:
            parts.append(part)
            part, n = "", 1
        part, n = part + letter, n + size
    return "\r\n ".join([*parts, part])


def as_calendar(event: Any, *, at: datetime, address: str = "") -> str:
    """Write an event for a calendar."""

    def moment(value: datetime) -> str:
        return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")

    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Entente//Events//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{event.id}@entente",
        f"DTSTAMP:{moment(at)}",
        f"DTSTART:{moment(event.starts_at)}",
        f"DTEND:{moment(event.ends_at)}",
        f"SUMMARY:{_text(event.title)}",
        f"LOCATION:{_text(where_of(event))}",
        f"STATUS:{STATUS[event.status]}",
        *([f"URL:{address}"] if address else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(map(folded, lines)) + "\r\n"
