"""What the room itself counts of a version's use: hosted pages and printed copies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Min, Q, Sum
from django.db.models.functions import Greatest

from entente.content.domain.filing import day_of
from entente.content.models import HostedCount, HostedPage, PrintRun
from entente.content.uses import Column, Counts, FirstUse, Source, Window, add_source

_What = HostedCount.What
HOSTED = {
    _What.VIEW.value: Column("Views", of_people=True),
    _What.DOWNLOAD.value: Column("Downloads", of_people=True),
    _What.TOOL_USE.value: Column("Tool uses", of_people=True),
    _What.REGISTERED.value: Column("Registered", of_people=True),
    _What.TIMED.value: Column("Readings with a time", on_page=False, of_people=True),
    _What.SECONDS.value: Column("Seconds in view", on_page=False, of_people=True),
}
COPIES = "copies"


def count(versions: Sequence[UUID], window: Window) -> Counts:
    """Count what happened on the pages of versions, and the copies that were printed."""
    found: Counts = {}
    happened = (
        HostedCount.objects.filter(
            page__version_id__in=versions,
            on__range=(window.first_on, window.last_on),
            what__in=list(HOSTED),
        )
        .values_list("page__version_id", "what")
        .annotate(total=Sum("n"))
        .order_by()
    )
    for version_id, what, total in happened:
        found.setdefault(version_id, {})[what] = int(total)
    printed = (
        PrintRun.objects.filter(
            version_id__in=versions, printed_on__range=(window.first_on, window.last_on)
        )
        .values_list("version_id")
        .annotate(total=Sum("n_copies"))
        .order_by()
    )
    for version_id, total in printed:
        found.setdefault(version_id, {})[COPIES] = int(total)
    return found


def first_use(versions: Sequence[UUID], country: str, at: datetime) -> dict[UUID, FirstUse]:
    """Give when each version was first to be read on the web or on paper.

    A page that the gate refused was wanted from its first day on: that day is planned. Where
    copies went is not kept by country, so they count everywhere.
    """
    pages = HostedPage.objects.filter(version_id__in=versions, country=country)
    begun = Q(outcome="PERMIT", starts_at__lte=at) & (
        Q(ended_at__isnull=True) | Q(ended_at__gt=F("starts_at"))
    )
    wanted = Q(ended_at__isnull=True) & (~Q(outcome="PERMIT") | Q(starts_at__gt=at))
    rows = (
        pages.values_list("version_id")
        .annotate(
            used=Min(Greatest("starts_at", "published_at"), filter=begun),
            planned=Min("starts_at", filter=wanted),
        )
        .order_by()
    )
    found = {
        version_id: FirstUse(used and day_of(used), planned and day_of(planned))
        for version_id, used, planned in rows
    }
    printed = (
        PrintRun.objects.filter(version_id__in=versions)
        .values_list("version_id")
        .annotate(first=Min("printed_on"))
        .order_by()
    )
    for version_id, first in printed:
        past = FirstUse(first) if first <= day_of(at) else FirstUse(None, first)
        found[version_id] = found.get(version_id, FirstUse()).joined(past)
    return found


def register() -> None:
    """Say what the room counts."""
    add_source(Source(20, "own", {**HOSTED, COPIES: Column("Copies")}, count, first_use))
