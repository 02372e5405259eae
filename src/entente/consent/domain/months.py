"""Calendar months, as permissions and the law count them."""

from __future__ import annotations

import calendar
from datetime import date


def months_after(day: date, n_months: int) -> date:
    """Give the same day so many months later, or the last of that month where it has none.

    Examples
    --------
    >>> months_after(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    >>> months_after(date(2027, 11, 15), 3)
    datetime.date(2028, 2, 15)
    """
    months = day.year * 12 + day.month - 1 + n_months
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
