"""Operations on charters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from entente.alliances import actions, reads
from entente.alliances.api.shapes import (
    CharterFull,
    CharterIn,
    CharterOut,
    EndIn,
    PasswordIn,
    now,
    router,
)
from entente.foundation.web.api_shapes import Asked, Listing, listing
from entente.foundation.web.doors import operation


@router.get("/charters", response=Listing[CharterOut], summary="Charters")
@operation("charter.read")
def charters(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give the charters in which one has a side, the latest first."""
    return listing(reads.charter_rows(), ("-id",), asked)


@router.post("/charters", response={201: CharterOut}, summary="Draft a charter")
@operation("charter.write")
def charter_drafted(request: HttpRequest, given: CharterIn) -> Any:
    """Draft a charter; it binds nobody until every side has agreed."""
    terms = given.dict()
    partner_ids = terms.pop("partner_ids")
    return 201, actions.draft_charter(
        actions.CharterTerms(**terms), partner_ids=partner_ids, at=now()
    )


@router.get("/charters/{charter_id}", response=CharterFull, summary="One charter")
@operation("charter.read")
def charter(request: HttpRequest, charter_id: UUID) -> Any:
    """Give one charter with its agreements."""
    return _full(charter_id)


def _full(charter_id: UUID) -> dict[str, Any]:
    found = reads.charter(charter_id)
    why_not = reads.why_not_in_force(found, on=now().date())
    return {
        **{name: getattr(found, name) for name in CharterOut.model_fields},
        "in_force": not why_not,
        "why_not": why_not,
        "agreements": reads.charter_agreements(found),
    }


@router.post(
    "/charters/{charter_id}/sides/{partner_id}", response={201: CharterOut}, summary="Add a party"
)
@operation("charter.write")
def charter_side_added(request: HttpRequest, charter_id: UUID, partner_id: UUID) -> Any:
    """Bring another partner in; all sides then agree again."""
    return 201, actions.add_charter_side(charter_id, partner_id, at=now())


@router.post("/charters/{charter_id}/agree", response=CharterFull, summary="Agree to a charter")
@operation("charter.agree")
def charter_agreed(request: HttpRequest, charter_id: UUID, given: PasswordIn) -> Any:
    """Agree for one's own side; a wrong password is answered with 403."""
    actions.agree_charter(charter_id, password=given.password, at=now())
    return _full(charter_id)


@router.post("/charters/{charter_id}/end", response=CharterOut, summary="End a charter early")
@operation("charter.write")
def charter_ended(request: HttpRequest, charter_id: UUID, given: EndIn) -> Any:
    """End a charter from a day on."""
    return actions.end_charter(charter_id, on=given.on, reason=given.reason, at=now())
