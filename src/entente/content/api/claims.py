"""Operations on claims."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from entente.content import actions, reads
from entente.content.api.shapes import (
    ClaimIn,
    ClaimOut,
    ClaimsAsked,
    RecallIn,
    ReferenceIn,
    ReferenceOut,
    UseOut,
    now,
    router,
)
from entente.foundation.web.api_shapes import Listing, listing
from entente.foundation.web.doors import operation


@router.get("/claims", response=Listing[ClaimOut], summary="Claims")
@operation("content.read")
def claims(request: HttpRequest, asked: Query[ClaimsAsked]) -> Any:
    """Give claims that one may read."""
    rows = reads.claim_rows(text=asked.q, market=asked.market)
    return listing(rows, ("-id",), asked)


@router.post("/claims", response={201: ClaimOut}, summary="Add a claim")
@operation("content.write")
def claim_added(request: HttpRequest, given: ClaimIn) -> Any:
    """Add a claim to the library."""
    return 201, actions.add_claim(at=now(), **given.dict())


@router.get("/claims/{claim_id}", response=ClaimOut, summary="One claim")
@operation("content.read")
def claim(request: HttpRequest, claim_id: UUID) -> Any:
    """Give one claim."""
    return reads.claim(claim_id)


@router.get("/claims/{claim_id}/references", response=list[ReferenceOut], summary="Its references")
@operation("content.read")
def references(request: HttpRequest, claim_id: UUID) -> Any:
    """Give what supports a claim."""
    return list(reads.claim(claim_id).references.order_by("title", "id")[:500])


@router.post(
    "/claims/{claim_id}/references", response={201: ReferenceOut}, summary="Add a reference"
)
@operation("content.write")
def reference_added(request: HttpRequest, claim_id: UUID, given: ReferenceIn) -> Any:
    """Add what supports a claim."""
    return 201, actions.add_reference(claim_id, at=now(), **given.dict())


@router.get("/claims/{claim_id}/uses", response=list[UseOut], summary="Where it is used")
@operation("content.read")
def uses(request: HttpRequest, claim_id: UUID) -> Any:
    """Give the versions in which a claim stands."""
    reads.claim(claim_id)
    return reads.uses_of(claim_id)


@router.post("/claims/{claim_id}/withdraw", response=ClaimOut, summary="Withdraw a claim")
@operation("content.write")
def claim_withdrawn(request: HttpRequest, claim_id: UUID, given: RecallIn) -> Any:
    """Take a claim back: a recall begins, and the gate refuses what uses it from now on."""
    actions.withdraw_claim(claim_id, reason=given.reason, cause=given.cause, at=now())
    return reads.claim(claim_id)
