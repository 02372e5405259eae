"""How long a deal is protected, and how near its end is."""

from __future__ import annotations

from datetime import datetime, timedelta

from entente.foundation.domain.periods import days_after

WARN_DAYS = (7, 30, 60)


def protection_window(accepted_at: datetime, n_days: int) -> tuple[datetime, datetime]:
    """Give the instants from which and until which a deal is protected; the end is free again.

    Parameters
    ----------
    accepted_at : datetime
        The moment at which both parties had accepted.
    n_days : int
        From the rule pack in force at that moment.

    Notes
    -----
    Source: the programme, 180 days from mutual acceptance; instants, so that two
    sessions in different zones agree on the end.

    Examples
    --------
    >>> from datetime import UTC
    >>> protection_window(datetime(2026, 1, 1, 15, tzinfo=UTC), 180)[1]
    datetime.datetime(2026, 6, 30, 15, 0, tzinfo=datetime.timezone.utc)
    """
    if n_days < 1:
        raise ValueError(f"a protection of {n_days} days protects nothing")
    return days_after(accepted_at, 0), days_after(accepted_at, n_days)


def days_left(ends_at: datetime, at: datetime) -> int:
    """Give the begun days until a protection ends; zero once it has ended.

    Examples
    --------
    >>> from datetime import UTC
    >>> days_left(datetime(2026, 6, 30, 15, tzinfo=UTC), datetime(2026, 6, 30, 14, tzinfo=UTC))
    1
    """
    left = ends_at - at
    return max(0, -(-left // timedelta(days=1)))


def warning(n_days: int) -> int | None:
    """Give the warning that applies with so many days left: 7, 30 or 60 days, or none.

    Examples
    --------
    >>> warning(7), warning(8), warning(61)
    (7, 30, None)
    """
    return next((mark for mark in WARN_DAYS if n_days <= mark), None)
