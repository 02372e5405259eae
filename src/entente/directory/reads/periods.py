"""What is in force on a day: begun, and not ended; the day of the end is the first without."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def in_force(day: date, *, prefix: str = "") -> Q:
    """Select what is in force on a day; an unknown beginning lies before every day.

    Parameters
    ----------
    day : date
    prefix : str
        Of the fields, for a joined table: ``"affiliations__"``.

    Examples
    --------
    >>> in_force(date(2026, 3, 1)).connector
    'AND'
    """
    begun = Q(**{f"{prefix}from_on__isnull": True}) | Q(**{f"{prefix}from_on__lte": day})
    lasting = Q(**{f"{prefix}to_on__isnull": True}) | Q(**{f"{prefix}to_on__gt": day})
    return begun & lasting
