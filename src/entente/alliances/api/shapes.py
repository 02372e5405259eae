"""Shapes of the room's operations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema
from pydantic import Field, StringConstraints

from entente.foundation.web.api_shapes import Asked, In, LongText, Minor, Text

router = Router(tags=["alliances"])
Country = Annotated[str, StringConstraints(min_length=2, max_length=2)]
Currency = Annotated[str, StringConstraints(min_length=3, max_length=3)]
Code = Annotated[str, StringConstraints(max_length=16)]
Positive = Annotated[Minor, Field(ge=0)]


def now() -> datetime:
    """Give the moment at the door."""
    return datetime.now(UTC)


class AgreementOut(Schema):
    """Where one side stands; ``lapsed``: it agreed to earlier terms."""

    org_id: UUID
    name: str
    share: float | None
    agreed: bool
    lapsed: bool
    agreed_at: datetime | None
    signer_name: str
    signer_title: str


class PasswordIn(In):
    """The password that signs."""

    password: Annotated[str, StringConstraints(max_length=1000)]


class CharterIn(In):
    """A new charter."""

    name: Text
    purpose: LongText
    partner_ids: list[UUID] = Field(min_length=1, max_length=20)
    from_on: date
    to_on: date
    emails_30d: int = Field(4, ge=0, le=30)
    shared_fields: list[Annotated[str, StringConstraints(max_length=64)]] = Field(
        default_factory=list, max_length=100
    )
    measures: LongText = ""
    way_out: LongText = ""


class CharterOut(Schema):
    """A charter."""

    id: UUID
    name: str
    purpose: str
    measures: str
    way_out: str
    shared_fields: list[str]
    emails_30d: int
    from_on: date
    to_on: date
    ended_on: date | None
    terms_hash: str


class CharterFull(CharterOut):
    """A charter with its agreements; ``why_not`` is empty while it is in force."""

    in_force: bool
    why_not: str
    agreements: list[AgreementOut]


class EndIn(In):
    """When and why a charter ends early."""

    on: date
    reason: LongText


class ShareIn(In):
    """A party with its share from 0 to 1."""

    org_id: UUID
    share: Decimal = Field(ge=0, le=1, max_digits=7, decimal_places=6)


class CampaignIn(In):
    """A new campaign; shares of all parties, the host among them, add up to 1."""

    name: Text
    kind: Code
    purpose: Code
    controller_id: UUID
    country: Country
    launch_on: date
    ends_on: date
    currency: Currency
    ceiling_minor: Positive
    shares: list[ShareIn] = Field(min_length=1, max_length=20)
    charter_id: UUID | None = None
    product_id: UUID | None = None
    version_id: UUID | None = None


class CampaignOut(Schema):
    """A campaign."""

    id: UUID
    name: str
    kind: str
    purpose: str
    status: str
    status_since: datetime
    charter_id: UUID | None
    product_id: UUID | None
    version_id: UUID | None
    controller_id: UUID
    country: str
    launch_on: date
    ends_on: date
    currency: str
    ceiling_minor: int
    terms_hash: str


class MoveOut(Schema):
    """A state that may follow, with what is missing for it."""

    status: str
    missing: list[str]


class CampaignFull(CampaignOut):
    """A campaign with its agreements and what may follow."""

    agreements: list[AgreementOut]
    moves: list[MoveOut]


class CampaignsAsked(Asked):
    """Which campaigns."""

    q: Text = ""
    status: Code = ""


class MoveIn(In):
    """The state to move to."""

    status: Code


class NoteIn(In):
    """What was looked at."""

    note: LongText


class GateOut(Schema):
    """The privacy gate, passed."""

    id: UUID
    campaign_id: UUID
    passed_by: str
    passed_at: datetime
    note: str


class ContentIn(In):
    """The version to send."""

    version_id: UUID


class ReplanIn(In):
    """New days."""

    launch_on: date
    ends_on: date


class TaskOut(Schema):
    """A step of the back-schedule."""

    id: UUID
    title: str
    org_id: UUID
    owner: str
    lane: str
    offset_days: int
    due_on: date
    begin_by: date
    late: bool
    too_short: bool
    done_at: datetime | None
    done_by: str


class LineIn(In):
    """A new budget line; ``shares`` holds the rule's terms."""

    payer_id: UUID
    category: Code
    rule: Code
    estimate_minor: Positive
    shares: dict[str, Any] = Field(default_factory=dict, max_length=20)
    note: Text = ""


class LineOut(Schema):
    """A budget line."""

    id: UUID
    campaign_id: UUID
    payer_id: UUID
    category: str
    note: str
    rule: str
    shares: dict[str, Any]
    currency: str
    estimate_minor: int
    committed_minor: int
    actual_minor: int
    evidence: str


class AmountIn(In):
    """An amount in minor units of the campaign's currency."""

    amount_minor: Positive


class ActualIn(AmountIn):
    """What it really cost, with its proof."""

    evidence: Text


class SideTotalOut(Schema):
    """What one side bears; ``owes_minor`` below zero: it gets that back."""

    org_id: UUID
    name: str
    estimate_minor: int
    actual_minor: int
    paid_minor: int
    owes_minor: int


class SplitOut(Schema):
    """A line with what each side bears of it."""

    line: LineOut
    estimate: dict[str, int]
    actual: dict[str, int]


class BudgetOut(Schema):
    """The budget of a campaign, split by side."""

    currency: str
    ceiling_minor: int
    estimate_minor: int
    committed_minor: int
    actual_minor: int
    lines: list[SplitOut]
    sides: list[SideTotalOut]
