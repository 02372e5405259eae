"""What publications on digital channels tell about the use of content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, Sum

from entente.content.domain.filing import day_of
from entente.content.uses import Column, Counts, FirstUse, Source, Window
from entente.engagement.domain.placements import TO_PERSONS
from entente.engagement.models import Placement, PlacementFigure

_Status = Placement.Status
PLACED = "placements"
_SUMMED = {
    "impressions": Column("Impressions"),
    "clicks": Column("Clicks on publications", on_page=False),
}
COLUMNS = {PLACED: Column("Publications"), **_SUMMED}


def count(versions: Sequence[UUID], window: Window) -> Counts:
    """Count the publications that went live with each version, and what they brought."""
    found: Counts = {}
    live = Placement.objects.filter(
        version_id__in=versions, live_at__range=(window.since, window.until)
    )
    for version_id, n in live.values_list("version_id").annotate(n=Count("id")).order_by():
        found.setdefault(version_id, {})[PLACED] = n
    # Messages to people are counted as messages; of those a small number points at somebody.
    figures = PlacementFigure.objects.filter(
        placement__version_id__in=versions,
        on__range=(window.first_on, window.last_on),
        replaced_at__isnull=True,
        what__in=list(_SUMMED),
    ).exclude(placement__channel__in=TO_PERSONS)
    for version_id, what, total in (
        figures.values_list("placement__version_id", "what").annotate(total=Sum("amount"))
    ).order_by():
        found.setdefault(version_id, {})[what] = int(total)
    return found


def first_use(versions: Sequence[UUID], country: str, at: datetime) -> dict[UUID, FirstUse]:
    """Give when each version was first live in a country, or is planned to be."""
    planned = Q(status__in=[_Status.PLANNED, _Status.CLEARED])
    rows = (
        Placement.objects.filter(version_id__in=versions, markets__contains=[country])
        .values_list("version_id")
        .annotate(
            used=Min("live_at", filter=Q(live_at__lte=at)),
            wanted=Min("from_on", filter=planned),
        )
        .order_by()
    )
    return {
        version_id: FirstUse(used and day_of(used), wanted) for version_id, used, wanted in rows
    }


PLACEMENTS = Source(15, "placements", COLUMNS, count, first_use)
