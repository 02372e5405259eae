"""How content performs: what was done with each version, and how often parts are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from entente.content.domain.performance import in_order, mean_seconds, told
from entente.content.domain.states import WORDS, Status
from entente.content.models import Claim, Item, Recall, RecalledVersion, Version
from entente.content.reads.items import status_on
from entente.content.uses import Counts, Window, columns, counted
from entente.directory.domain.cohorts import LEAST
from entente.foundation.access.scope import current_scope

MEAN = "mean_seconds"
MOST_SHOWN = 100
_RECALLS = {None: "", False: "Closed", True: "Open"}


@dataclass(frozen=True)
class Wanted:
    """What one wants to see, in which order; ``sort`` is a column, with ``-`` before it falling."""

    days: int = 30
    product: UUID | None = None
    market: str = ""
    kind: str = ""
    sort: str = ""


@dataclass(frozen=True)
class Row:
    """A version with its counts; None where the number is too small to be told."""

    version: Version
    status: tuple[str, str]
    counts: Mapping[str, int | None]
    mean_seconds: int | None
    recall: str


@dataclass(frozen=True)
class Part:
    """A claim or a module with the number of versions that use it, and how many are in force."""

    id: UUID
    name: str
    product: str
    n_versions: int
    n_released: int
    recall: str
    is_withdrawn: bool


def versions(wanted: Wanted, *, at: datetime) -> list[Row]:
    """Give the versions that left draft, with what was counted of each in the window.

    One's own numbers are whole. Of a partner's pages small numbers are not told, as `told` says.
    A fixed number of queries, whatever the number of versions.
    """
    found = list(_version_rows(wanted))
    ids = [each.id for each in found]
    counts = counted(ids, Window.of(wanted.days, at))
    reached = _recalled(ids)
    own, today = current_scope().org_id, at.date()
    rows = [
        _row(each, counts, _RECALLS[reached.get(each.id)], own=own, today=today) for each in found
    ]
    return _sorted(rows, wanted.sort)


def _version_rows(wanted: Wanted) -> QuerySet[Version]:
    found = (
        Version.objects.filter(item__form=Item.Form.ITEM)
        .exclude(status=Status.DRAFT)
        .select_related("item", "item__product")
        .defer("html", "text")
        .order_by("-id")
    )
    if wanted.product:
        found = found.filter(item__product_id=wanted.product)
    if wanted.market:
        found = found.filter(markets__contains=[wanted.market])
    if wanted.kind:
        found = found.filter(item__kind=wanted.kind)
    return found


def _row(version: Version, counts: Counts, recall: str, *, own: UUID, today: date) -> Row:
    is_own = version.org_id == own
    given = counts.get(version.id, {})
    shown = {
        code: told(given.get(code, 0), LEAST)
        if column.of_people and not is_own
        else given.get(code, 0)
        for code, column in columns().items()
    }
    return Row(
        version,
        WORDS[status_on(version.status, version.expires_on, on=today)],
        shown,
        mean_seconds(given, 1 if is_own else LEAST),
        recall,
    )


def _recalled(version_ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Give for each version that a recall reaches whether one is still open."""
    found: dict[UUID, bool] = {}
    rows = RecalledVersion.objects.filter(version_id__in=version_ids)
    for version_id, closed_at in rows.values_list("version_id", "recall__closed_at"):
        found[version_id] = found.get(version_id, False) or closed_at is None
    return found


def _value(row: Row, column: str) -> int | str | None:
    if column == MEAN:
        return row.mean_seconds
    if column == "title":
        return row.version.item.title.casefold()
    return row.counts.get(column)


def _sorted(rows: Sequence[Row], sort: str) -> list[Row]:
    column = sort.removeprefix("-")
    if column not in {"title", MEAN, *columns()}:
        return list(rows)
    return in_order(rows, lambda row: _value(row, column), falling=sort.startswith("-"))


def claims(wanted: Wanted, *, at: datetime) -> list[Part]:
    """Give the claims that versions make, with how many make each, the most used first."""
    found: QuerySet[Any] = _used(Claim.objects.select_related("product"), "uses__version", at)
    if wanted.product:
        found = found.filter(product_id=wanted.product)
    if wanted.market:
        found = found.filter(market=wanted.market)
    recalls = Recall.objects.filter(claim=OuterRef("pk"))
    found = _with_recalls(found, recalls)
    return [_part(each, each.text, each.withdrawn_at is not None) for each in found]


def modules(wanted: Wanted, *, at: datetime) -> list[Part]:
    """Give the modules that versions are built from, with how many hold each."""
    own = Item.objects.filter(form=Item.Form.MODULE).select_related("product")
    found: QuerySet[Any] = _used(own, "versions__built_in__version", at)
    if wanted.product:
        found = found.filter(product_id=wanted.product)
    if wanted.market:
        inside = Version.objects.filter(item=OuterRef("pk"), markets__contains=[wanted.market])
        found = found.filter(Exists(inside))
    live = Version.objects.filter(item=OuterRef("pk"), status=Status.WITHDRAWN)
    found = found.annotate(was_withdrawn=Exists(live))
    recalls = Recall.objects.filter(versions__version__item=OuterRef("pk"))
    return [_part(each, each.title, each.was_withdrawn) for each in _with_recalls(found, recalls)]


def _used(rows: Any, path: str, at: datetime) -> Any:
    in_use = ~Q(**{f"{path}__status": Status.DRAFT}) & Q(**{f"{path}__isnull": False})
    released = Q(**{f"{path}__status": Status.APPROVED, f"{path}__expires_on__gte": at.date()})
    return rows.annotate(
        n_versions=Count(path, filter=in_use, distinct=True),
        n_released=Count(path, filter=released, distinct=True),
    ).filter(n_versions__gt=0)


def _with_recalls(rows: Any, recalls: QuerySet[Recall]) -> Any:
    return rows.annotate(
        is_recalled=Exists(recalls), is_open=Exists(recalls.filter(closed_at__isnull=True))
    ).order_by("-n_versions", "id")


def _part(row: Any, name: str, is_withdrawn: bool) -> Part:
    return Part(
        row.id,
        name,
        row.product.name if row.product else "",
        row.n_versions,
        row.n_released,
        _RECALLS[row.is_open if row.is_recalled else None],
        is_withdrawn,
    )
