"""Shapes of the room's operations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Router, Schema
from pydantic import Field, StringConstraints

from entente.foundation.web.api_shapes import Asked, In, LongText, Text

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
    qualification: str
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
    holds: list[str] | None
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
    filings: list[FilingOut]
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
    holds: list[Annotated[str, StringConstraints(max_length=32)]] = Field(
        default_factory=list, max_length=30
    )


class FilingIn(In):
    """That a version was filed with an authority."""

    authority: Annotated[str, StringConstraints(max_length=16)]
    filed_on: date
    reference: Text


class FilingOut(Schema):
    """A filing with an authority."""

    id: UUID
    authority: str
    filed_on: date
    reference: str


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


def now() -> datetime:
    """Give the moment at the door."""
    return datetime.now(UTC)
