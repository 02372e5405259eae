"""Operations on hand-overs: requests in writing, hand-overs, receipts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.engagement.actions import (
    Handing,
    Signed,
    cancel_hand_over,
    complete_hand_over,
    hand_over,
    request_samples,
    sign_receipt,
)
from entente.engagement.domain.hand_overs import LONGEST_DRAWING, LONGEST_NAME, MOST_UNITS
from entente.engagement.models import HandOver
from entente.engagement.reads import hand_overs as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation
from entente.policy.reads.reasons import reasons_of

router = Router(tags=["engagement"])


class HandOverOut(Schema):
    """A hand-over and where it stands."""

    id: UUID
    client_id: UUID
    hcp_id: UUID
    stock_id: UUID
    lot_id: UUID
    request_id: UUID | None
    touch_id: UUID | None
    campaign_id: UUID | None
    kind: str
    n_units: int
    unit_value_minor: int
    currency: str
    country: str
    place: str
    status: str
    reason: str
    asked_at: datetime
    handed_on: date | None
    decision_id: UUID
    giver_id: UUID


class Because(Schema):
    """One rule that did not pass."""

    rule_id: str
    title: str
    sentence: str
    outcome: str
    to: str
    citation: str
    would_change: str


class HandOverFull(HandOverOut):
    """A hand-over with the gate's reasons and the receipt."""

    reasons: list[Because]
    receipt_signed_on: date | None


class HandOversAsked(Asked):
    """Which hand-overs."""

    status: Text = ""
    kind: Text = ""
    hcp_id: UUID | None = None
    unsigned: bool = False


class SignedIn(In):
    """A signature: the name, and if one likes the pen's way in a field of 600 by 200."""

    signer_name: str = Field(max_length=LONGEST_NAME)
    signed_on: date
    drawing: str = Field(default="", max_length=LONGEST_DRAWING)

    def signed(self) -> Signed:
        """Give it as the actions take it."""
        return Signed(self.signer_name, self.signed_on, self.drawing)


class RequestIn(SignedIn):
    """An HCP's written request."""

    hcp_id: UUID
    stock_id: UUID
    n_packs: int = Field(ge=1, le=MOST_UNITS)


class RequestOut(Schema):
    """A written request."""

    id: UUID
    hcp_id: UUID
    stock_id: UUID
    product_id: UUID
    n_packs: int
    signed_on: date
    signer_name: str
    signature_kind: str


class HandOverIn(In):
    """What is handed over; ``client_id`` made by the caller, so that it is kept once."""

    client_id: UUID = Field(default_factory=uuid4)
    hcp_id: UUID
    controller_id: UUID
    lot_id: UUID
    n_units: int = Field(ge=1, le=MOST_UNITS)
    place: Text = "practice"
    request_id: UUID | None = None
    touch_id: UUID | None = None
    campaign_id: UUID | None = None
    receipt: SignedIn | None = None


class CompletionIn(In):
    """The receipt, where it is signed at once."""

    receipt: SignedIn | None = None


class GivenUpIn(In):
    """Why."""

    reason: Text


def _full(hand_over_id: UUID) -> dict[str, Any]:
    row: HandOver = reads.hand_over(hand_over_id)
    return {
        **{name: getattr(row, name) for name in HandOverOut.model_fields},
        "reasons": reasons_of(row.decision),
        "receipt_signed_on": row.receipt.signed_on if hasattr(row, "receipt") else None,
    }


@router.get("/hand-overs", response=Listing[HandOverOut], summary="Hand-overs")
@operation("stock.read")
def hand_overs(request: HttpRequest, asked: Query[HandOversAsked]) -> Any:
    """Give hand-overs, the latest first."""
    found = reads.hand_overs(
        status=asked.status, kind=asked.kind, hcp_id=asked.hcp_id, unsigned=asked.unsigned
    )
    return listing(found, reads.ORDER, asked)


@router.get("/hand-overs/{uuid:hand_over_id}", response=HandOverFull, summary="One hand-over")
@operation("stock.read")
def one(request: HttpRequest, hand_over_id: UUID) -> Any:
    """Give one hand-over with the gate's reasons."""
    return _full(hand_over_id)


@router.post("/sample-requests", response={201: RequestOut}, summary="Keep a written request")
@operation("sample.hand")
def requested(request: HttpRequest, given: RequestIn) -> Any:
    """Keep what an HCP asked for with the signature; it never changes after."""
    return 201, request_samples(
        given.hcp_id, given.stock_id, given.n_packs, given.signed(), at=datetime.now(UTC)
    )


@router.post("/hand-overs", response={201: HandOverFull}, summary="Hand something over")
@operation("sample.hand")
def handed(request: HttpRequest, given: HandOverIn) -> Any:
    """Ask the gate and, if it permits, hand over; a refusal is kept and answered as well."""
    fields = given.model_dump(exclude={"receipt"})
    receipt = given.receipt.signed() if given.receipt else None
    made = hand_over(Handing(**fields, receipt=receipt), at=datetime.now(UTC))
    return 201, _full(made.id)


@router.post(
    "/hand-overs/{uuid:hand_over_id}/completion",
    response=HandOverFull,
    summary="Hand over what was approved",
)
@operation("sample.hand")
def completed(request: HttpRequest, hand_over_id: UUID, given: CompletionIn) -> Any:
    """Hand over what was approved; the gate is asked again."""
    receipt = given.receipt.signed() if given.receipt else None
    return _full(complete_hand_over(hand_over_id, receipt=receipt, at=datetime.now(UTC)).id)


@router.post(
    "/hand-overs/{uuid:hand_over_id}/receipt",
    response={201: HandOverFull},
    summary="Sign for a hand-over",
)
@operation("sample.hand")
def signed_for(request: HttpRequest, hand_over_id: UUID, given: SignedIn) -> Any:
    """Keep the recipient's signature for what was handed over."""
    sign_receipt(hand_over_id, given.signed(), at=datetime.now(UTC))
    return 201, _full(hand_over_id)


@router.post(
    "/hand-overs/{uuid:hand_over_id}/cancellation",
    response=HandOverFull,
    summary="Give a hand-over up",
)
@operation("sample.hand")
def given_up(request: HttpRequest, hand_over_id: UUID, given: GivenUpIn) -> Any:
    """Give up what waits for a person or was approved."""
    return _full(cancel_hand_over(hand_over_id, given.reason, at=datetime.now(UTC)).id)
