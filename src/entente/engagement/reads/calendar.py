"""Calendar entries: what stands in the calendars that were loaded, by month."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from entente.engagement.models import CalendarEntry

ORDER = ("starts_local", "id")


def entries(
    *, month: date | None = None, text: str = "", track: str = "", since: str = ""
) -> QuerySet[CalendarEntry]:
    """Give entries narrowed as asked; a month takes in whatever lies in it in part.

    Clock times compare as they were written: a year stands before its months.
    """
    found = CalendarEntry.objects.all()
    if month is not None:
        first, after = month.replace(day=1), month_after(month)
        found = found.filter(starts_local__lt=after.isoformat(), ends_local__gte=first.isoformat())
        # What ends at midnight of the first day lies before it.
        found = found.exclude(
            ends_local=f"{first.isoformat()}T00:00:00", starts_local__lt=first.isoformat()
        )
    if text:
        found = found.filter(
            Q(title__icontains=text) | Q(place__icontains=text) | Q(people__icontains=text)
        )
    if track:
        found = found.filter(track=track)
    return found.filter(starts_local__gte=since) if since else found


def month_after(month: date) -> date:
    """Give the first day of the next month.

    Examples
    --------
    >>> month_after(date(2026, 12, 24))
    datetime.date(2027, 1, 1)
    """
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_before(month: date) -> date:
    """Give the first day of the month before.

    Examples
    --------
    >>> month_before(date(2026, 1, 24))
    datetime.date(2025, 12, 1)
    """
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def tracks() -> list[str]:
    """Give the tracks that agendas name."""
    found = CalendarEntry.objects.exclude(track="").order_by("track")
    return list(found.values_list("track", flat=True).distinct()[:100])


def near(month: date) -> tuple[str, str]:
    """Give the starts of the last entry before a month and of the first after it."""
    first, after = month.replace(day=1).isoformat(), month_after(month).isoformat()
    starts = CalendarEntry.objects.values_list("starts_local", flat=True)
    before = starts.filter(starts_local__lt=first).order_by("-starts_local").first()
    later = starts.filter(starts_local__gte=after).order_by("starts_local").first()
    return before or "", later or ""
