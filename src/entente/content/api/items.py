"""Operations on items, versions and verdicts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query

from entente.content import actions, reads
from entente.content.api.shapes import (
    ApprovalOut,
    FilingIn,
    FilingOut,
    ItemIn,
    ItemOut,
    ItemsAsked,
    PairIn,
    PairOut,
    ReasonIn,
    SubmitIn,
    VerdictIn,
    VersionFull,
    VersionOut,
    WordsIn,
    now,
    router,
)
from entente.content.reads.pairs import pair_of
from entente.foundation.web.api_shapes import Asked, Listing, listing
from entente.foundation.web.doors import operation
from entente.foundation.web.lists import part_of


@router.get("/items", response=Listing[ItemOut], summary="Items")
@operation("content.read")
def items(request: HttpRequest, asked: Query[ItemsAsked]) -> Any:
    """Give items of which one's organisation is a party, the latest first."""
    rows = reads.item_rows(
        text=asked.q,
        status=asked.status,
        product=asked.product,
        market=asked.market,
        today=now().date(),
    )
    part = part_of(rows, ["-id"], {"after": asked.after}, limit=asked.limit)
    return {"items": part.rows, "next": part.after or None}


@router.post("/items", response={201: ItemOut}, summary="Begin an item")
@operation("content.write")
def item_drafted(request: HttpRequest, given: ItemIn) -> Any:
    """Begin an item; each partner has to approve its versions."""
    return 201, actions.draft_item(at=now(), **given.dict())


@router.get("/items/{item_id}", response=ItemOut, summary="One item")
@operation("content.read")
def item(request: HttpRequest, item_id: UUID) -> Any:
    """Give one item."""
    return reads.item_rows().get(id=item_id)


@router.post("/items/{item_id}/sides/{partner_id}", response={201: None}, summary="Add a party")
@operation("content.write")
def side_added(request: HttpRequest, item_id: UUID, partner_id: UUID) -> Any:
    """Bring in a partner that must approve, before anything was submitted."""
    actions.add_side(item_id, partner_id, at=now())
    return 201, None


@router.get("/items/{item_id}/versions", response=Listing[VersionOut], summary="Its versions")
@operation("content.read")
def versions(request: HttpRequest, item_id: UUID, asked: Query[Asked]) -> Any:
    """Give the versions that one may see, the latest first."""
    return listing(reads.versions_of(item_id), ("-number",), asked)


@router.post("/items/{item_id}/versions", response={201: VersionOut}, summary="Save a version")
@operation("content.write")
def version_saved(request: HttpRequest, item_id: UUID, given: WordsIn) -> Any:
    """Save words into the item's draft, or into a new version."""
    return 201, actions.save_version(item_id, given.words(), at=now())


@router.post("/items/{item_id}/pair", response=ItemOut, summary="Pair with an item for HCPs")
@operation("content.write")
def item_paired(request: HttpRequest, item_id: UUID, given: PairIn) -> Any:
    """Say that this item tells patients what another tells HCPs."""
    actions.pair_items(item_id, given.hcp_item, at=now())
    return reads.item_rows().get(id=item_id)


@router.get("/items/{item_id}/pair", response=PairOut, summary="Where a pair differs")
@operation("content.read")
def item_pair(request: HttpRequest, item_id: UUID) -> Any:
    """Give the pair of an item with the claims that only one of both makes; 404 without one."""
    found = pair_of(reads.item(item_id))
    if found is None:
        raise Http404
    return {
        "hcp_item": found.hcp.id,
        "patient_item": found.patient.id,
        "only_hcp": list(found.differs.only_hcp),
        "only_patient": list(found.differs.only_patient),
    }


@router.get("/queue", response=list[VersionOut], summary="What waits for my verdict")
@operation("content.review")
def queue(request: HttpRequest) -> Any:
    """Give the versions that wait for my organisation's verdict, oldest first."""
    return reads.queue(limit=200)


@router.get("/versions/{version_id}", response=VersionFull, summary="One version")
@operation("content.read")
def version(request: HttpRequest, version_id: UUID) -> Any:
    """Give one version with all that its release depends on."""
    found, at = reads.version(version_id), now()
    why_not = reads.why_not_released(found, at=at)
    return {
        **{name: getattr(found, name) for name in VersionOut.model_fields},
        "released": not why_not,
        "why_not": why_not,
        "checks": [vars(each) for each in reads.checks_of(found, today=at.date())],
        "parties": reads.parties_of(found),
        "approvals": list(found.approvals.order_by("signed_at")),
        "filings": list(found.filings.order_by("filed_on", "id")),
        "claim_ids": [claim.id for claim in reads.claims_of(found)],
    }


@router.post("/versions/{version_id}/submit", response=VersionOut, summary="Submit for review")
@operation("content.write")
def version_submitted(request: HttpRequest, version_id: UUID, given: SubmitIn) -> Any:
    """Hand a draft to its reviewers; refused while a check that blocks fails."""
    return actions.submit_for_review(version_id, urgent_because=given.urgent_because, at=now())


@router.post(
    "/versions/{version_id}/verdicts", response={201: ApprovalOut}, summary="Sign a verdict"
)
@operation("content.review")
def version_decided(request: HttpRequest, version_id: UUID, given: VerdictIn) -> Any:
    """Sign a verdict for one's organisation; a wrong password is answered with 403."""
    return 201, actions.decide(
        version_id,
        verdict=given.verdict,
        comment=given.comment,
        password=given.password,
        function=given.function,
        limits=given.limits(),
        at=now(),
    )


@router.post("/versions/{version_id}/filings", response={201: FilingOut}, summary="Record a filing")
@operation("content.review")
def version_filed(request: HttpRequest, version_id: UUID, given: FilingIn) -> Any:
    """Record that a version was filed with an authority."""
    return 201, actions.record_filing(version_id, at=now(), **given.dict())


@router.post("/versions/{version_id}/withdraw", response=VersionOut, summary="Withdraw a version")
@operation("content.read")
def version_withdrawn(request: HttpRequest, version_id: UUID, given: ReasonIn) -> Any:
    """Take a version back; any party that writes or reviews may."""
    actions.withdraw_version(version_id, reason=given.reason, at=now())
    return reads.version(version_id)
