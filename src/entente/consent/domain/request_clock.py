"""The clock of a request about one's own data, and the states it passes through."""

from __future__ import annotations

from datetime import date

from entente.consent.domain.months import months_after

OPEN = frozenset({"received", "verified", "in_progress"})
MONTHS, EXTENSION_MONTHS = 1, 2


def due_on(received_on: date, *, extended: bool = False) -> date:
    """Give the last day to answer.

    Notes
    -----
    Source: GDPR article 12(3): one month, extendable by two where necessary.

    Examples
    --------
    >>> due_on(date(2026, 1, 31))
    datetime.date(2026, 2, 28)
    >>> due_on(date(2026, 1, 31), extended=True)
    datetime.date(2026, 4, 30)
    """
    return months_after(received_on, MONTHS + (EXTENSION_MONTHS if extended else 0))


def urgency(due: date, today: date) -> str:
    """Say how near the last day is: "bad" past it, "warn" within a week, else "ok".

    Examples
    --------
    >>> urgency(date(2026, 5, 10), date(2026, 5, 10))
    'warn'
    >>> urgency(date(2026, 5, 10), date(2026, 5, 11))
    'bad'
    """
    left = (due - today).days
    return "bad" if left < 0 else "warn" if left <= 7 else "ok"
