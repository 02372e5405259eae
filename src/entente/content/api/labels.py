"""Operations on labels: what is loaded, what a version says, what a newer one changed."""

from __future__ import annotations

import binascii
from base64 import b64decode
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import StringConstraints

from entente.content import actions
from entente.content.api.shapes import now, router
from entente.content.reads import labels as reads
from entente.content.reads.studies import claims_on_fallen_studies
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation


class LabelsAsked(Asked):
    """Which labels."""

    q: Text = ""


class LabelIn(In):
    """A label file in base64: SPL XML, plain or packed with gzip."""

    product_id: UUID
    content_base64: Annotated[str, StringConstraints(min_length=4, max_length=8_000_000)]
    other_name: bool = False


class LabelOut(Schema):
    """A label."""

    id: UUID
    product_id: UUID
    market: str
    set_id: str
    title: str
    owner_name: str
    product_names: list[str]
    substances: list[str]


class LabelVersionOut(Schema):
    """A version of a label."""

    id: UUID
    label_id: UUID
    number: int
    effective_on: date
    document_id: str
    file_hash: str
    loaded_at: datetime


class LabelLoadOut(LabelVersionOut):
    """What came of a file."""

    is_new: bool
    is_current: bool
    n_flagged: int


class SectionOut(Schema):
    """A section; ``parent`` is the position of the one around it."""

    id: UUID
    position: int
    parent: int | None
    level: int
    code: str
    anchor: str
    key: str
    title: str
    text: str
    highlight: str


class PieceOut(Schema):
    """Words that both versions have, or only one."""

    kind: str
    words: str


class SectionChangeOut(Schema):
    """A section in two versions."""

    key: str
    title: str
    change: str
    pieces: list[PieceOut]


class GroundIn(In):
    """On which section a claim stands."""

    section_id: UUID
    quote: Annotated[str, StringConstraints(max_length=2000)] = ""


class GroundOut(Schema):
    """That a claim stands on a section."""

    id: UUID
    claim_id: UUID
    section_id: UUID
    quote: str
    by_name: str
    grounded_at: datetime


class RecheckOut(Schema):
    """A claim that a newer label touched, or of which a study fell.

    A label names its section and versions, a study itself and the reference.
    """

    claim_id: UUID
    text: str
    state: str
    label_id: UUID | None = None
    section_key: str = ""
    from_number: int | None = None
    to_number: int | None = None
    study_id: UUID | None = None
    reference_id: UUID | None = None


@router.get("/labels", response=Listing[LabelOut], summary="Labels")
@operation("content.read")
def labels(request: HttpRequest, asked: Query[LabelsAsked]) -> Any:
    """Give the labels that are loaded."""
    return listing(reads.label_rows(text=asked.q), ("-id",), asked)


@router.post("/labels", response={201: LabelLoadOut}, summary="Load a label")
@operation("content.write")
def label_loaded(request: HttpRequest, given: LabelIn) -> Any:
    """Load one version of a product's label; the same file again changes nothing."""
    try:
        content = b64decode(given.content_base64, validate=True)
    except binascii.Error:
        raise UserError("the file is not in base64", field="content_base64") from None
    done = actions.load_label(
        content, product_id=given.product_id, at=now(), other_name=given.other_name
    )
    shown = LabelVersionOut.from_orm(done.version).dict()
    extra = {"is_new": done.is_new, "is_current": done.is_current, "n_flagged": done.n_flagged}
    return 201, {**shown, **extra}


@router.get("/labels/{label_id}", response=LabelOut, summary="One label")
@operation("content.read")
def label(request: HttpRequest, label_id: UUID) -> Any:
    """Give one label."""
    return reads.label(label_id)


@router.get(
    "/labels/{label_id}/versions", response=list[LabelVersionOut], summary="Its versions"
)  # fmt: skip
@operation("content.read")
def label_versions(request: HttpRequest, label_id: UUID) -> Any:
    """Give the versions of a label, the newest first."""
    return reads.versions_of_label(reads.label(label_id).id)


@router.get(
    "/labels/{label_id}/versions/{number}/sections",
    response=list[SectionOut],
    summary="Its sections",
)
@operation("content.read")
def label_sections(request: HttpRequest, label_id: UUID, number: int) -> Any:
    """Give the sections of one version in order."""
    return reads.sections_of(reads.version_numbered(label_id, number))


@router.get(
    "/labels/{label_id}/compare/{before}/{after}",
    response=list[SectionChangeOut],
    summary="Two versions compared",
)
@operation("content.read")
def label_compared(request: HttpRequest, label_id: UUID, before: int, after: int) -> Any:
    """Give what changed between two versions, section by section and word by word."""
    return reads.compare_versions(
        reads.version_numbered(label_id, before), reads.version_numbered(label_id, after)
    )


@router.post("/claims/{claim_id}/ground", response={201: GroundOut}, summary="Its label section")
@operation("content.read")
def claim_grounded(request: HttpRequest, claim_id: UUID, given: GroundIn) -> Any:
    """Say on which section a claim stands; after a newer label only a reviewer says it."""
    return 201, actions.ground_claim(claim_id, given.section_id, quote=given.quote, at=now())


@router.get("/claims-to-recheck", response=list[RecheckOut], summary="Claims to review again")
@operation("content.read")
def claims_to_recheck(request: HttpRequest) -> Any:
    """Give the claims that a newer label or a fallen study touched and nobody confirmed since."""
    org_id = current_scope().org_id
    found = reads.claims_to_recheck(on=now().date(), org_id=org_id)
    fallen = claims_on_fallen_studies(org_id=org_id)
    return [
        {
            "claim_id": claim.id,
            "text": claim.text,
            "study_id": held.reference.study_id,
            "reference_id": held.reference.id,
            "state": held.state,
        }
        for claim, each in fallen
        for held in each.waiting
    ] + [
        {
            "claim_id": claim.id,
            "text": claim.text,
            "label_id": each.ground.section.version.label_id,
            "section_key": each.ground.section.key,
            "state": each.state,
            "from_number": each.ground.section.version.number,
            "to_number": each.current.number if each.current else None,
        }
        for claim, each in found
    ]
