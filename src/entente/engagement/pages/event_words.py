"""How events and what hangs under them look: tones, icons, one line for the clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from entente.engagement.domain.invitation import when_of, where_of
from entente.engagement.models import Attendee, Event

STATUS = {"draft": "neutral", "open": "info", "held": "ok", "cancelled": "bad"}
STANDING = {"cleared": "ok", "referred": "warn", "breach": "bad"}
INVITED = {"queued": "info", "sent": "ok", "referred": "warn", "forbidden": "bad",
           "withheld": "bad", "refused": "bad", "parked": "warn"}  # fmt: skip
PRESENCE = {"registered": "info", "waiting": "warn", "attended": "ok", "cancelled": "neutral"}


def dressed(rows: Iterable[Event]) -> list[Event]:
    """Put beside each event its tone and its time at the venue."""
    found = list(rows)
    for row in found:
        row.tone = STATUS[row.status]  # type: ignore[attr-defined]
        row.when, row.where = when_of(row), where_of(row)  # type: ignore[attr-defined]
    return found


def toned(rows: Iterable[Any], tones: dict[str, str], field: str = "status") -> list[Any]:
    """Put beside each row its tone."""
    found = list(rows)
    for row in found:
        row.tone = tones[getattr(row, field)]
    return found


def counted(rows: Iterable[Attendee]) -> dict[str, int]:
    """Count attendees by where they stand."""
    found = {"registered": 0, "waiting": 0, "attended": 0, "cancelled": 0}
    for row in rows:
        found[row.status] += 1
    return found
