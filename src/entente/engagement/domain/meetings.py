"""Hours at a stand: which times a host opens, and which table is free for each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from entente.foundation.errors import UserError

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=4)
MOST_SLOTS, MOST_TABLES = 48, 200
LONGEST_TOPIC = 300
# Whoever did not come kept the table too.
LIVE = ("referred", "booked", "done", "no_show")

Taken = tuple[int, datetime, datetime]


def series(
    first: datetime, minutes: int, n_slots: int, pause_minutes: int = 0
) -> list[tuple[datetime, datetime]]:
    """Give one slot after the other, each as long as the first, with a pause between them.

    Raises
    ------
    UserError
        If a slot is too short or too long, or there are too many.

    Examples
    --------
    >>> [f"{a:%H:%M}-{b:%H:%M}" for a, b in series(datetime(2026, 1, 1, 9), 20, 2, 10)]
    ['09:00-09:20', '09:30-09:50']
    """
    length, pause = timedelta(minutes=minutes), timedelta(minutes=pause_minutes)
    if not SHORTEST <= length <= LONGEST:
        raise UserError("a slot has 5 to 240 minutes", field="minutes")
    if not 1 <= n_slots <= MOST_SLOTS:
        raise UserError(f"open from 1 to {MOST_SLOTS} slots at once", field="n_slots")
    if not timedelta() <= pause <= LONGEST:
        raise UserError("a pause has 0 to 240 minutes", field="pause_minutes")
    step = length + pause
    return [(first + n * step, first + n * step + length) for n in range(n_slots)]


def free_table(
    taken: Iterable[Taken], n_tables: int, starts_at: datetime, ends_at: datetime
) -> int | None:
    """Give the first table of a place that nobody sits at in the whole of a time, or None.

    Parameters
    ----------
    taken : iterable of (table, starts_at, ends_at)
        Who sits where; an end touches the next beginning without being in its way.

    Examples
    --------
    >>> nine, ten, eleven = (datetime(2026, 1, 1, hour) for hour in (9, 10, 11))
    >>> free_table([(1, nine, ten)], 2, nine, ten), free_table([(1, nine, ten)], 1, ten, eleven)
    (2, 1)
    """
    busy = {table for table, begins, ends in taken if begins < ends_at and starts_at < ends}
    return next((table for table in range(1, n_tables + 1) if table not in busy), None)
