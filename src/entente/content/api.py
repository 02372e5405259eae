"""Operations of the room: items, versions, verdicts, claims."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.content import actions, reads
from entente.content.models import Claim, Item, Version
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation
from entente.foundation.web.lists import part_of

router = Router(tags=["content"])
Body = Annotated[str, StringConstraints(max_length=200_000)]
Country = Annotated[str, StringConstraints(min_length=2, max_length=2)]
Code = Annotated[str, StringConstraints(max_length=16)]


class ItemOut(Schema):
    """An item with what its latest visible version says."""

    id: UUID
    title: str
    kind: str
    product_id: UUID | None
    cobranded: bool
    latest_id: UUID | None = None
    latest_number: int | None = None
    latest_status: str | None = None
    latest_expires_on: date | None = None


class ItemIn(In):
    """A new item."""

    title: Text
    kind: Code
    product_id: UUID | None = None
    partner_ids: list[UUID] = Field(default_factory=list, max_length=20)


class ItemsAsked(Asked):
    """Which items."""

    q: Text = ""
    status: Code = ""
    product: UUID | None = None
    market: Text = ""


class PartyOut(Schema):
    """A party with what it said."""

    org_id: UUID
    name: str
    approved: bool


class ApprovalOut(Schema):
    """A signed verdict."""

    id: UUID
    org_id: UUID
    verdict: str
    comment: str
    signer_name: str
    signer_title: str
    content_hash: str
    signed_at: datetime


class FindingOut(Schema):
    """One check."""

    code: str
    title: str
    passed: bool
    blocks: bool
    remedy: str


class VersionOut(Schema):
    """A version."""

    id: UUID
    item_id: UUID
    number: int
    status: str
    subject: str
    html: str
    text: str
    markets: list[str]
    audiences: list[str]
    channels: list[str]
    expires_on: date
    support_statement: str
    content_hash: str
    author_name: str
    submitted_at: datetime | None
    approved_at: datetime | None
    withdrawn_at: datetime | None


class VersionFull(VersionOut):
    """A version with its checks, parties and approvals."""

    released: bool
    why_not: str
    checks: list[FindingOut]
    parties: list[PartyOut]
    approvals: list[ApprovalOut]
    claim_ids: list[UUID]


class WordsIn(In):
    """The words of a version."""

    subject: Text
    html: Body
    text: Body
    markets: list[Country] = Field(max_length=250)
    audiences: list[Code] = Field(max_length=10)
    channels: list[Code] = Field(max_length=10)
    expires_on: date
    support_statement: LongText = ""
    claim_ids: list[UUID] = Field(default_factory=list, max_length=200)


class VerdictIn(In):
    """A verdict with the password that signs it."""

    verdict: Annotated[str, StringConstraints(max_length=24)]
    comment: LongText = ""
    password: Annotated[str, StringConstraints(max_length=1000)]


class ReasonIn(In):
    """Why."""

    reason: LongText


class ClaimIn(In):
    """A new claim."""

    text: Annotated[str, StringConstraints(max_length=1500)]
    market: Country
    product_id: UUID | None = None
    in_label: bool = False
    label_section: Annotated[str, StringConstraints(max_length=100)] = ""
    expires_on: date | None = None


class ClaimOut(Schema):
    """A claim."""

    id: UUID
    text: str
    market: str
    product_id: UUID | None
    in_label: bool
    label_section: str
    expires_on: date | None
    withdrawn_at: datetime | None


class ReferenceIn(In):
    """What supports a claim."""

    title: Annotated[str, StringConstraints(max_length=300)]
    source: Annotated[str, StringConstraints(max_length=300)]
    anchor: Annotated[str, StringConstraints(max_length=100)]
    url: Text = ""


class ReferenceOut(Schema):
    """A reference."""

    id: UUID
    claim_id: UUID
    title: str
    source: str
    anchor: str
    url: str


class UseOut(Schema):
    """A version in which a claim stands."""

    version_id: UUID
    item_id: UUID


class ClaimsAsked(Asked):
    """Which claims."""

    q: Text = ""
    market: Text = ""


def _now() -> datetime:
    return datetime.now(UTC)


@router.get("/items", response=Listing[ItemOut], summary="Items")
@operation("content.read")
def items(request: HttpRequest, asked: Query[ItemsAsked]) -> Any:
    """Give items of which one's organisation is a party, the latest first."""
    rows = reads.item_rows(
        text=asked.q,
        status=asked.status,
        product=asked.product,
        market=asked.market,
        today=_now().date(),
    )
    part = part_of(rows, ["-id"], {"after": asked.after}, limit=asked.limit)
    return {"items": part.rows, "next": part.after or None}


@router.post("/items", response={201: ItemOut}, summary="Begin an item")
@operation("content.write")
def item_drafted(request: HttpRequest, given: ItemIn) -> Any:
    """Begin an item; each partner has to approve its versions."""
    return 201, actions.draft_item(at=_now(), **given.dict())


@router.get("/items/{item_id}", response=ItemOut, summary="One item")
@operation("content.read")
def item(request: HttpRequest, item_id: UUID) -> Any:
    """Give one item."""
    return reads.item_rows().get(id=item_id)


@router.post("/items/{item_id}/sides/{partner_id}", response={201: None}, summary="Add a party")
@operation("content.write")
def side_added(request: HttpRequest, item_id: UUID, partner_id: UUID) -> Any:
    """Bring in a partner that must approve, before anything was submitted."""
    actions.add_side(item_id, partner_id, at=_now())
    return 201, None


@router.get("/items/{item_id}/versions", response=Listing[VersionOut], summary="Its versions")
@operation("content.read")
def versions(request: HttpRequest, item_id: UUID, asked: Query[Asked]) -> Any:
    """Give the versions that one may see, the latest first."""
    Item.objects.get(id=item_id)
    return listing(Version.objects.filter(item_id=item_id), ("-number",), asked)


@router.post("/items/{item_id}/versions", response={201: VersionOut}, summary="Save a version")
@operation("content.write")
def version_saved(request: HttpRequest, item_id: UUID, given: WordsIn) -> Any:
    """Save words into the item's draft, or into a new version."""
    return 201, actions.save_version(item_id, actions.Words(**given.dict()), at=_now())


@router.get("/queue", response=list[VersionOut], summary="What waits for my verdict")
@operation("content.review")
def queue(request: HttpRequest) -> Any:
    """Give the versions that wait for my organisation's verdict, oldest first."""
    return reads.queue(limit=200)


@router.get("/versions/{version_id}", response=VersionFull, summary="One version")
@operation("content.read")
def version(request: HttpRequest, version_id: UUID) -> Any:
    """Give one version with all that its release depends on."""
    found, at = reads.version(version_id), _now()
    why_not = reads.why_not_released(found, at=at)
    return {
        **{name: getattr(found, name) for name in VersionOut.model_fields},
        "released": not why_not,
        "why_not": why_not,
        "checks": [vars(each) for each in reads.checks_of(found, today=at.date())],
        "parties": reads.parties_of(found),
        "approvals": list(found.approvals.order_by("signed_at")),
        "claim_ids": [claim.id for claim in reads.claims_of(found)],
    }


@router.post("/versions/{version_id}/submit", response=VersionOut, summary="Submit for review")
@operation("content.write")
def version_submitted(request: HttpRequest, version_id: UUID) -> Any:
    """Hand a draft to its reviewers; refused while a check that blocks fails."""
    return actions.submit_for_review(version_id, at=_now())


@router.post(
    "/versions/{version_id}/verdicts", response={201: ApprovalOut}, summary="Sign a verdict"
)
@operation("content.review")
def version_decided(request: HttpRequest, version_id: UUID, given: VerdictIn) -> Any:
    """Sign a verdict for one's organisation; a wrong password is answered with 403."""
    return 201, actions.decide(version_id, at=_now(), **given.dict())


@router.post("/versions/{version_id}/withdraw", response=VersionOut, summary="Withdraw a version")
@operation("content.read")
def version_withdrawn(request: HttpRequest, version_id: UUID, given: ReasonIn) -> Any:
    """Take a version back; any party that writes or reviews may."""
    actions.withdraw_version(version_id, reason=given.reason, at=_now())
    return reads.version(version_id)


@router.get("/claims", response=Listing[ClaimOut], summary="Claims")
@operation("content.read")
def claims(request: HttpRequest, asked: Query[ClaimsAsked]) -> Any:
    """Give claims that one may read."""
    rows = Claim.objects.filter(text__icontains=asked.q) if asked.q else Claim.objects.all()
    if asked.market:
        rows = rows.filter(market=asked.market)
    return listing(rows, ("-id",), asked)


@router.post("/claims", response={201: ClaimOut}, summary="Add a claim")
@operation("content.write")
def claim_added(request: HttpRequest, given: ClaimIn) -> Any:
    """Add a claim to the library."""
    return 201, actions.add_claim(at=_now(), **given.dict())


@router.get("/claims/{claim_id}", response=ClaimOut, summary="One claim")
@operation("content.read")
def claim(request: HttpRequest, claim_id: UUID) -> Any:
    """Give one claim."""
    return Claim.objects.get(id=claim_id)


@router.get("/claims/{claim_id}/references", response=list[ReferenceOut], summary="Its references")
@operation("content.read")
def references(request: HttpRequest, claim_id: UUID) -> Any:
    """Give what supports a claim."""
    return list(Claim.objects.get(id=claim_id).references.order_by("title", "id")[:500])


@router.post(
    "/claims/{claim_id}/references", response={201: ReferenceOut}, summary="Add a reference"
)
@operation("content.write")
def reference_added(request: HttpRequest, claim_id: UUID, given: ReferenceIn) -> Any:
    """Add what supports a claim."""
    return 201, actions.add_reference(claim_id, at=_now(), **given.dict())


@router.get("/claims/{claim_id}/uses", response=list[UseOut], summary="Where it is used")
@operation("content.read")
def uses(request: HttpRequest, claim_id: UUID) -> Any:
    """Give the versions in which a claim stands."""
    Claim.objects.get(id=claim_id)
    return reads.uses_of(claim_id)


@router.post("/claims/{claim_id}/withdraw", response=ClaimOut, summary="Withdraw a claim")
@operation("content.write")
def claim_withdrawn(request: HttpRequest, claim_id: UUID) -> Any:
    """Take a claim back; the gate refuses what uses it from now on."""
    return actions.withdraw_claim(claim_id, at=_now())
