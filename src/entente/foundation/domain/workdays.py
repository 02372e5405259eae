"""Working days: Monday to Friday. Public holidays differ by country and are not known here."""

from __future__ import annotations

from datetime import date, timedelta


def on_workday(day: date) -> date:
    """Give the day itself, or the Friday before a weekend.

    Examples
    --------
    >>> on_workday(date(2026, 11, 22))
    datetime.date(2026, 11, 20)
    """
    return day - timedelta(days=max(0, day.weekday() - 4))


def workdays_before(day: date, n_workdays: int) -> date:
    """Give the working day on which something of that length must begin.

    Examples
    --------
    >>> workdays_before(date(2026, 11, 20), 10)
    datetime.date(2026, 11, 6)
    """
    current = on_workday(day)
    for _ in range(n_workdays):
        current = on_workday(current - timedelta(days=1))
    return current


def workdays_after(day: date, n_workdays: int) -> date:
    """Give the working day on which something of that length, begun on a day, ends.

    Examples
    --------
    >>> workdays_after(date(2026, 11, 20), 1)
    datetime.date(2026, 11, 23)
    """
    current = day
    for _ in range(n_workdays):
        current += timedelta(days=1)
        current += timedelta(days=max(0, 7 - current.weekday()) if current.weekday() > 4 else 0)
    return current
