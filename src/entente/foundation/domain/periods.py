"""Days and windows: what "180 days", "a day" and "the last 30 days" mean here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def day_of(moment: datetime, zone: str = "UTC") -> date:
    """Give the calendar day of a moment in a zone.

    A day is a day in the recipient's zone, else the legal entity's, else UTC.

    Examples
    --------
    >>> day_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Europe/Berlin")
    datetime.date(2027, 1, 1)
    """
    return moment.astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, zone: str = "UTC") -> datetime:
    """Give the last microsecond of a day, in UTC.

    Examples
    --------
    >>> end_of_day(date(2026, 3, 3))
    datetime.datetime(2026, 3, 3, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)
    """
    following = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(days=1)
    return following.astimezone(UTC) - timedelta(microseconds=1)


def days_after(moment: datetime, n_days: int) -> datetime:
    """Give the instant that many times 24 hours later.

    Rolling windows are instants, so that two sessions in different zones agree.

    Examples
    --------
    >>> days_after(datetime(2026, 1, 1, tzinfo=UTC), 180)
    datetime.datetime(2026, 6, 30, 0, 0, tzinfo=datetime.timezone.utc)
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is ambiguous; give one in UTC")
    return moment.astimezone(UTC) + timedelta(days=n_days)


def day_number(day: date) -> int:
    """Count days since 1970-01-01, the form in which rules compare days.

    Examples
    --------
    >>> day_number(date(1970, 1, 2))
    1
    """
    return (day - date(1970, 1, 1)).days
