"""Operations on filings with authorities: what is to be filed, the package, what was filed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from entente.content import actions
from entente.content.api.shapes import Code, FilingOut, now, router
from entente.content.reads import filings as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation

Versions = Annotated[list[UUID], Field(min_length=1, max_length=50)]


class ToFileOut(Schema):
    """A piece that no filing is recorded for; ``file_by`` is null until a first use is known."""

    version_id: UUID
    item_id: UUID
    title: str
    number: int
    product: str
    application_number: str
    accelerated_approval: bool
    audiences: list[str]
    used_on: date | None
    planned_on: date | None
    file_by: date | None
    file_by_words: str


class FiledOut(FilingOut):
    """A filing with the version that it is of."""

    version_id: UUID


class FilingsIn(In):
    """Versions that were filed together."""

    version_ids: Versions
    authority: Code = "fda"
    filed_on: date
    reference: Text


class PackageAsked(In):
    """Which versions; the audience where each of them is for both."""

    version_ids: Versions
    authority: Code = "fda"
    audience: Code = ""


@router.get("/filings/to-file", response=list[ToFileOut], summary="What is to be filed")
@operation("content.read")
def to_file(request: HttpRequest) -> Any:
    """Give one's own pieces that are to be filed with the FDA, the most urgent first."""
    return [
        {
            "version_id": each.version.id,
            "item_id": each.version.item_id,
            "title": each.version.item.title,
            "number": each.version.number,
            "product": each.version.item.product.name,  # type: ignore[union-attr]
            "application_number": each.approval.authority_ref,
            "accelerated_approval": each.approval.accelerated,
            "audiences": list(each.classes),
            "used_on": each.first_use.used_on,
            "planned_on": each.first_use.planned_on,
            "file_by": each.due.on,
            "file_by_words": each.due.words,
        }
        for each in reads.to_file(at=now())
    ]


@router.get("/filings", response=Listing[FiledOut], summary="What was filed")
@operation("content.read")
def filings(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give the filings of the items that one is a party of, the latest first."""
    return listing(reads.filings(), ("-filed_on", "-id"), asked)


@router.get("/filings/package", summary="A package for Form 2253, as a ZIP")
@operation("content.review")
def filing_package(request: HttpRequest, asked: Query[PackageAsked]) -> Any:
    """Pack released pieces of one product and audience; the same pieces give the same bytes."""
    made = actions.make_filing_package(at=now(), **asked.model_dump())
    return HttpResponse(made.data, content_type="application/zip")


@router.post("/filings", response={201: list[FiledOut]}, summary="Record a filing of several")
@operation("content.review")
def versions_filed(request: HttpRequest, given: FilingsIn) -> Any:
    """Record that versions were filed together, under one reference; all of them or none."""
    return 201, actions.record_filings(at=now(), **given.model_dump())
