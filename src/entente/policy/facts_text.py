"""Facts as they are kept with a decision: plain JSON, and back again as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from entente.policy.domain.facts import FACTS


def to_kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Write facts as JSON values; unknown ones are left out.

    Examples
    --------
    >>> to_kept({"action.date": date(2026, 1, 2), "consent.status": None})
    {'action.date': '2026-01-02'}
    """
    kept: dict[str, Any] = {}
    for name, value in facts.items():
        if value is None or name not in FACTS:
            continue
        if isinstance(value, datetime):
            kept[name] = value.date().isoformat()
        elif isinstance(value, date):
            kept[name] = value.isoformat()
        elif isinstance(value, UUID | Decimal):
            kept[name] = str(value)
        else:
            kept[name] = value
    return kept


def from_kept(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Read facts back with their types.

    Examples
    --------
    >>> from_kept({"action.date": "2026-01-02"})
    {'action.date': datetime.date(2026, 1, 2)}
    """
    return {
        name: date.fromisoformat(value) if FACTS[name].type == "date" else value
        for name, value in kept.items()
        if name in FACTS
    }
