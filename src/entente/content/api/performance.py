"""Operations on how content performs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from entente.content.api.shapes import now, router
from entente.content.reads import performance as reads
from entente.content.uses import Window, columns
from entente.foundation.web.api_shapes import In
from entente.foundation.web.doors import operation

Short = Annotated[str, StringConstraints(max_length=40)]


class PerformanceAsked(In):
    """Which versions, over how many days, in which order."""

    days: Annotated[int, Field(ge=1, le=366)] = 30
    product: UUID | None = None
    market: Annotated[str, StringConstraints(max_length=2)] = ""
    kind: Short = ""
    sort: Short = ""
    limit: Annotated[int, Field(ge=1, le=1000)] = 100

    def wanted(self) -> reads.Wanted:
        """Give what the read takes."""
        return reads.Wanted(self.days, self.product, self.market.upper(), self.kind, self.sort)


class PartsAsked(In):
    """Which claims or modules."""

    product: UUID | None = None
    market: Annotated[str, StringConstraints(max_length=2)] = ""
    limit: Annotated[int, Field(ge=1, le=1000)] = 100

    def wanted(self) -> reads.Wanted:
        """Give what the read takes."""
        return reads.Wanted(product=self.product, market=self.market.upper())


class VersionCountsOut(Schema):
    """A version with what was counted; null where a partner's number is too small to be told."""

    version_id: UUID
    item_id: UUID
    title: str
    number: int
    kind: str
    product_id: UUID | None
    status: str
    counts: dict[str, int | None]
    mean_seconds: int | None
    recall: str


class PerformanceOut(Schema):
    """The days, what is counted in words, and versions, with how many there are in all."""

    first_on: date
    last_on: date
    columns: dict[str, str]
    total: int
    versions: list[VersionCountsOut]


class PartOut(Schema):
    """A claim or a module with how many versions use it, and how many of those are in force."""

    id: UUID
    name: str
    product: str
    n_versions: int
    n_released: int
    recall: str
    is_withdrawn: bool


@router.get("/performance", response=PerformanceOut, summary="How content performs")
@operation("content.read")
def performance(request: HttpRequest, asked: Query[PerformanceAsked]) -> Any:
    """Give what was done with each version in the last days, in the order of ``sort``."""
    at = now()
    rows = reads.versions(asked.wanted(), at=at)
    window = Window.of(asked.days, at)
    return {
        "first_on": window.first_on,
        "last_on": window.last_on,
        "columns": {code: column.words for code, column in columns().items()},
        "total": len(rows),
        "versions": [_out(row) for row in rows[: asked.limit]],
    }


def _out(row: reads.Row) -> dict[str, Any]:
    version = row.version
    return {
        "version_id": version.id,
        "item_id": version.item_id,
        "title": version.item.title,
        "number": version.number,
        "kind": version.item.kind,
        "product_id": version.item.product_id,
        "status": version.status,
        "counts": dict(row.counts),
        "mean_seconds": row.mean_seconds,
        "recall": row.recall.lower(),
    }


@router.get("/performance/claims", response=list[PartOut], summary="How often claims are used")
@operation("content.read")
def claim_uses(request: HttpRequest, asked: Query[PartsAsked]) -> Any:
    """Give the claims that versions make, the most used first."""
    return reads.claims(asked.wanted(), at=now())[: asked.limit]


@router.get("/performance/modules", response=list[PartOut], summary="How often modules are used")
@operation("content.read")
def module_uses(request: HttpRequest, asked: Query[PartsAsked]) -> Any:
    """Give the modules that versions are built from, the most used first."""
    return reads.modules(asked.wanted(), at=now())[: asked.limit]
