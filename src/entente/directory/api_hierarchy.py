"""Operations on hierarchies: what belongs to what, from when, and the family on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.directory import actions, reads
from entente.directory.reads import hierarchy
from entente.foundation.web.api_shapes import Asked, In, Listing, listing
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])
Kind = Annotated[str, StringConstraints(max_length=16)]
Note = Annotated[str, StringConstraints(max_length=300)]


class HcoLinkIn(In):
    """To whom an organisation belongs."""

    parent_id: UUID
    kind: Kind
    from_on: date
    to_on: date | None = None
    note: Note = ""


class AcquisitionIn(In):
    """Who acquires an organisation, and from which day it is the owner."""

    owner_id: UUID
    on: date
    note: Note = ""


class EndIn(In):
    """The first day on which it no longer holds."""

    on: date


class FamilyAsked(In):
    """On which day, and at most how many."""

    on: date | None = None
    limit: int = Field(1000, ge=1, le=10_000)


class HcoLinkOut(Schema):
    """One organisation under another, from a day and perhaps to one."""

    id: UUID
    child_id: UUID
    parent_id: UUID
    kind: str
    from_on: date
    to_on: date | None
    note: str


class FamilyMemberOut(Schema):
    """One organisation of a family on a day."""

    id: UUID
    name: str
    parent_id: UUID | None
    kind: str
    depth: int
    n_people: int


class FamilyOut(Schema):
    """An organisation, what stands above it up to the top, and all that stands under it."""

    on: date
    above: list[UUID]
    n_hcos: int
    n_people: int
    members: list[FamilyMemberOut]


@router.get("/hcos/{uuid:hco_id}/links", response=Listing[HcoLinkOut])
@operation("directory.read")
def list_hco_links(request: HttpRequest, hco_id: UUID, asked: Query[Asked]) -> Any:
    """List every link of an organisation, upward and downward, ended ones too."""
    return listing(hierarchy.links_of(reads.hco(hco_id).id), ("-from_on", "-id"), asked)


@router.post("/hcos/{uuid:hco_id}/links", response={201: HcoLinkOut})
@operation("directory.import")
def add_hco_link(request: HttpRequest, hco_id: UUID, given: HcoLinkIn) -> Any:
    """Say that an organisation is owned or managed by another, or a member of it."""
    return 201, actions.link_hcos(hco_id, **given.dict(), at=datetime.now(UTC))


@router.post("/hcos/{uuid:hco_id}/acquisition", response={201: HcoLinkOut})
@operation("directory.import")
def acquire_hco(request: HttpRequest, hco_id: UUID, given: AcquisitionIn) -> Any:
    """Record an acquisition: one owner's link ends on the day, the other's begins."""
    made = actions.acquire_hco(
        hco_id, given.owner_id, on=given.on, note=given.note, at=datetime.now(UTC)
    )
    return 201, made


@router.post("/hco-links/{uuid:link_id}/end", response=HcoLinkOut)
@operation("directory.import")
def end_hco_link(request: HttpRequest, link_id: UUID, given: EndIn) -> Any:
    """End a link on a day; what was before stays."""
    return actions.end_hco_link(link_id, on=given.on, at=datetime.now(UTC))


@router.get("/hcos/{uuid:hco_id}/family", response=FamilyOut)
@operation("directory.read")
def get_family(request: HttpRequest, hco_id: UUID, asked: Query[FamilyAsked]) -> Any:
    """Give an organisation and all that stands under it on a day, today unless one is named."""
    found, on = reads.hco(hco_id), asked.on or datetime.now(UTC).date()
    n_hcos, n_people = hierarchy.n_in_family(found.id, on)
    members = hierarchy.family_as_of(found.id, on, limit=asked.limit)
    return {
        "on": on,
        "above": [each.id for each in hierarchy.line_as_of(found.id, on)[1:]],
        "n_hcos": n_hcos,
        "n_people": n_people,
        "members": [
            {**m._asdict(), "id": m.hco.id, "name": m.hco.name} for m in members
        ],
    }  # fmt: skip


@router.post("/affiliations/{uuid:affiliation_id}/end", response={204: None})
@operation("directory.import")
def end_affiliation(request: HttpRequest, affiliation_id: UUID, given: EndIn) -> Any:
    """Say that a person no longer works there from a day on."""
    actions.end_affiliation(affiliation_id, on=given.on, at=datetime.now(UTC))
    return 204, None
