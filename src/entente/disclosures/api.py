"""Operations of the room: transfers of value, recipients' years, thresholds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import Field

from entente.disclosures import reads
from entente.foundation.web.api_shapes import Asked, InQuery, Listing, Text, listing
from entente.foundation.web.doors import operation
from entente.policy.reads.parameters import NoFigure

router = Router(tags=["disclosures"])
Year = Annotated[int, Field(ge=2000, le=2100)]


class TransferOut(Schema):
    """A transfer of value, and whether Open Payments asks for it."""

    id: UUID
    source_kind: str
    source_id: UUID
    hcp_id: UUID
    recipient_type: str
    reporter_id: UUID
    product_id: UUID | None
    campaign_id: UUID | None
    country: str
    made_on: date
    program_year: int
    amount_minor: int
    currency: str
    nature: str
    form: str
    outside: str
    year_total: int
    reportable: bool
    reason: str
    captured_at: datetime


class TransfersAsked(Asked):
    """Which transfers; the year is asked for."""

    year: Year
    hcp_id: UUID | None = None
    standing: Text = ""


class RecipientOut(Schema):
    """One recipient's year with one payer, in US cents."""

    hcp_id: UUID
    reporter_id: UUID
    total_cents: int
    n_transfers: int
    left_cents: int
    is_above: bool


class ThresholdsOut(Schema):
    """The thresholds of a programme year, in US cents, and their source."""

    year: int
    small_cents: int
    aggregate_cents: int
    source: str


def _limits(year: int) -> reads.Thresholds:
    try:
        return reads.thresholds(year)
    except NoFigure:
        raise Http404 from None


@router.get("/thresholds", response=ThresholdsOut, summary="Thresholds of a year")
@operation("disclosure.read")
def thresholds(request: HttpRequest, year: Year) -> Any:
    """Give the Open Payments thresholds of a programme year."""
    return _limits(year)


@router.get("/transfers", response=Listing[TransferOut], summary="Transfers of value")
@operation("disclosure.read")
def transfers(request: HttpRequest, asked: TransfersAsked = InQuery) -> Any:
    """Give the transfers of a programme year, the latest first, each with its answer."""
    limits = _limits(asked.year)
    found = reads.transfers(asked.year, hcp_id=asked.hcp_id, standing=asked.standing)
    part = listing(found, reads.order_of(""), asked)
    reads.judge(part["items"], limits)
    return part


@router.get("/transfers/{transfer_id}", response=TransferOut, summary="One transfer of value")
@operation("disclosure.read")
def transfer(request: HttpRequest, transfer_id: UUID) -> Any:
    """Give one transfer."""
    row = reads.transfer(transfer_id)
    reads.judge([row], _limits(row.program_year))
    return row


@router.get("/recipients", response=list[RecipientOut], summary="Recipients by their year")
@operation("disclosure.read")
def recipients(request: HttpRequest, year: Year, near: bool = False) -> Any:
    """Give the 200 highest totals of a year, or those near the aggregate threshold."""
    _limits(year)
    return reads.recipients(year, near_only=near)
