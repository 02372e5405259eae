"""Operations of the room: deals, the preview of a conflict, and what a party does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from entente.deals import actions, reads
from entente.deals.models import Deal
from entente.foundation.web.api_shapes import Asked, In, InQuery, Listing, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["deals"])

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Code = Annotated[str, StringConstraints(max_length=24)]


class SideOut(Schema):
    """One party of a deal."""

    org_id: UUID
    name: str
    is_vendor: bool
    accepted_at: datetime | None


class DealOut(Schema):
    """A deal as both parties see it."""

    id: UUID
    org_id: UUID
    account_id: UUID
    solution_id: UUID
    site: str
    kind: str
    confirmed: list[str]
    is_qualified: bool
    value_minor: int
    currency: str
    registered_at: datetime
    status: str
    status_since: datetime
    closed_because: str
    sides: list[SideOut]
    decision_id: UUID | None
    protected_from: datetime | None
    protected_until: datetime | None

    @staticmethod
    def resolve_sides(row: Deal) -> list[Any]:
        """Give the parties, the vendor first."""
        return sorted(row.sides.all(), key=lambda side: not side.is_vendor)

    @staticmethod
    def resolve_decision_id(row: Deal) -> UUID | None:
        """Give the caller's own decision."""
        return reads.own_side(row).decision_id

    @staticmethod
    def resolve_protected_from(row: Deal) -> datetime | None:
        """Give the first protected instant."""
        window = getattr(row, "protection", None)
        return window.starts_at if window else None

    @staticmethod
    def resolve_protected_until(row: Deal) -> datetime | None:
        """Give the first instant that is free again."""
        window = getattr(row, "protection", None)
        return (window.released_at or window.ends_at) if window else None


class DealsAsked(Asked):
    """Which deals."""

    status: Text = ""
    text: Text = ""
    kind: Text = ""
    account_id: UUID | None = None


class RegistrationIn(In):
    """A registration; ``partner_id`` is for the host only."""

    account_id: UUID
    solution_id: UUID
    kind: Code
    confirmed: list[Code] = Field(max_length=20)
    value_minor: int = Field(gt=0, le=10**15)
    currency: Currency
    buyer: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    site: Annotated[str, StringConstraints(max_length=120)] = ""
    partner_id: UUID | None = None
    accept: bool = False


class ConflictOut(Schema):
    """Whether an opportunity is free, and from when; never whose it is."""

    status: str
    until: datetime | None


class ReasonIn(In):
    """Why, in a sentence that the other party can read."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


@router.get("/deals", response=Listing[DealOut], summary="Deals")
@operation("deal.read")
def deals(request: HttpRequest, asked: DealsAsked = InQuery) -> Any:
    """Give deals of which my organisation is a party, the latest first."""
    found = reads.deals(
        status=asked.status, text=asked.text, kind=asked.kind, account_id=asked.account_id
    )
    return listing(found, reads.order_of(""), asked)


@router.get("/conflict", response=ConflictOut, summary="Is an opportunity free")
@operation("deal.read")
def conflict(request: HttpRequest, account_id: UUID, solution_id: UUID, site: Text = "") -> Any:
    """Tell clear, possible or taken, and until when."""
    return reads.preview(account_id, solution_id, site, at=datetime.now(UTC))


@router.post("/deals", response={201: DealOut}, summary="Register a deal")
@operation("deal.write")
def register(request: HttpRequest, given: RegistrationIn) -> Any:
    """Register a deal; the answer's status is ``refused`` where the gate said no."""
    asked = given.model_dump() | {"confirmed": tuple(given.confirmed)}
    made = actions.register_deal(actions.Registration(**asked), at=datetime.now(UTC))
    return 201, reads.deal(made.id)


@router.get("/deals/{deal_id}", response=DealOut, summary="One deal")
@operation("deal.read")
def deal(request: HttpRequest, deal_id: UUID) -> Any:
    """Give one deal."""
    return reads.deal(deal_id)


@router.post("/deals/{deal_id}/accept", response=DealOut, summary="Accept a deal")
@operation("deal.write")
def accept(request: HttpRequest, deal_id: UUID) -> Any:
    """Accept; the second acceptance protects, unless another deal was first."""
    actions.accept_deal(deal_id, at=datetime.now(UTC))
    return reads.deal(deal_id)


@router.post("/deals/{deal_id}/decline", response=DealOut, summary="Decline a deal")
@operation("deal.write")
def decline(request: HttpRequest, deal_id: UUID, given: ReasonIn) -> Any:
    """Decline what the other party registered."""
    actions.decline_deal(deal_id, reason=given.reason, at=datetime.now(UTC))
    return reads.deal(deal_id)


@router.post("/deals/{deal_id}/withdraw", response=DealOut, summary="Withdraw a deal")
@operation("deal.write")
def withdraw(request: HttpRequest, deal_id: UUID, given: ReasonIn) -> Any:
    """Withdraw what my organisation registered."""
    actions.withdraw_deal(deal_id, reason=given.reason, at=datetime.now(UTC))
    return reads.deal(deal_id)


@router.post("/deals/{deal_id}/won", response=DealOut, summary="Mark a deal as won")
@operation("deal.write")
def won(request: HttpRequest, deal_id: UUID) -> Any:
    """Record that the customer has signed."""
    actions.mark_won(deal_id, at=datetime.now(UTC))
    return reads.deal(deal_id)


@router.post("/deals/{deal_id}/lost", response=DealOut, summary="Mark a deal as lost")
@operation("deal.write")
def lost(request: HttpRequest, deal_id: UUID, given: ReasonIn) -> Any:
    """Record that the customer has decided otherwise."""
    actions.mark_lost(deal_id, reason=given.reason, at=datetime.now(UTC))
    return reads.deal(deal_id)
