"""Shapes of the room's operations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Router, Schema
from pydantic import Field, StringConstraints

from entente.content.actions import Limits, Words
from entente.content.domain.modules import Rules
from entente.foundation.web.api_shapes import Asked, In, LongText, Text

router = Router(tags=["content"])
Body = Annotated[str, StringConstraints(max_length=200_000)]
Country = Annotated[str, StringConstraints(min_length=2, max_length=2)]
Modules = Annotated[list[UUID], Field(max_length=100)]
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
    kind: Annotated[str, StringConstraints(max_length=24)]
    product_id: UUID | None = None
    module_kind: Code = ""
    language: Country = "en"
    translated_from: UUID | None = None
    partner_ids: list[UUID] = Field(default_factory=list, max_length=20)


class ItemsAsked(Asked):
    """Which items."""

    q: Text = ""
    status: Code = ""
    product: UUID | None = None
    market: Text = ""


class PairIn(In):
    """The item for HCPs."""

    hcp_item: UUID


class PairOut(Schema):
    """Two items, and the claims that only one of them makes."""

    hcp_item: UUID
    patient_item: UUID
    only_hcp: list[str]
    only_patient: list[str]


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
    function: str
    answers: list[str] | None
    markets: list[str] | None
    deputy_for: str


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
    lane: str
    lane_reasons: list[dict[str, str]]
    panel: list[str]
    review_due_on: date | None
    released_markets: list[str] | None
    released_audiences: list[str] | None
    released_channels: list[str] | None
    released_until: date | None
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


class RulesIn(In):
    """What a module asks of the items it stands in; modules are named by their item's id."""

    needs: Modules = Field(default_factory=list)
    needs_next: Modules = Field(default_factory=list)
    never_with: Modules = Field(default_factory=list)
    never_next_to: Modules = Field(default_factory=list)
    most: Annotated[int, Field(ge=1, le=100)] = 1


class WordsIn(In):
    """The words of a version."""

    subject: Text
    html: Body = ""
    text: Body = ""
    markets: list[Country] = Field(max_length=250)
    audiences: list[Code] = Field(max_length=10)
    channels: list[Code] = Field(max_length=10)
    expires_on: date
    support_statement: LongText = ""
    claim_ids: list[UUID] = Field(default_factory=list, max_length=200)
    holds: list[Annotated[str, StringConstraints(max_length=32)]] = Field(
        default_factory=list, max_length=30
    )
    parts: list[UUID] = Field(default_factory=list, max_length=100)
    rules: RulesIn | None = None

    def words(self) -> Words:
        """Give them as the action takes them."""
        given = self.dict()
        rules = given.pop("rules")
        return Words(**given, rules=Rules.from_data(rules) if rules else None)


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
    function: Code = ""
    markets: list[Country] | None = Field(None, max_length=250)
    audiences: list[Code] | None = Field(None, max_length=10)
    channels: list[Code] | None = Field(None, max_length=10)
    until: date | None = None

    def limits(self) -> Limits:
        """Give what the approval is kept to."""
        return Limits(self.markets, self.audiences, self.channels, self.until)


class SubmitIn(In):
    """A submission; a safety update says why it cannot wait."""

    urgent_because: LongText = ""


class ReasonIn(In):
    """Why."""

    reason: LongText


class RecallIn(ReasonIn):
    """Why something is taken back."""

    cause: Code = "withdrawn"


class ClaimIn(In):
    """A new claim."""

    text: Annotated[str, StringConstraints(max_length=1500)]
    market: Country
    product_id: UUID | None = None
    in_label: bool = False
    label_section: Annotated[str, StringConstraints(max_length=100)] = ""
    expires_on: date | None = None
    kind: Code = "efficacy"
    language: Country = "en"
    indication: Text = ""
    line_of_therapy: Annotated[str, StringConstraints(max_length=100)] = ""
    label_version: Annotated[str, StringConstraints(max_length=60)] = ""


class ClaimOut(Schema):
    """A claim."""

    id: UUID
    text: str
    market: str
    product_id: UUID | None
    in_label: bool
    label_section: str
    expires_on: date | None
    kind: str
    language: str
    indication: str
    line_of_therapy: str
    label_version: str
    withdrawn_at: datetime | None


class ReferenceIn(In):
    """What supports a claim."""

    title: Annotated[str, StringConstraints(max_length=300)]
    source: Annotated[str, StringConstraints(max_length=300)]
    anchor: Annotated[str, StringConstraints(max_length=100)]
    url: Text = ""
    valid_until: date | None = None
    study_id: UUID | None = None


class ReferenceOut(Schema):
    """A reference."""

    id: UUID
    claim_id: UUID
    title: str
    source: str
    anchor: str
    url: str
    valid_until: date | None
    study_id: UUID | None


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
