"""Operations on leads of a congress stand: written down, taken, settled, counted by stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.engagement.actions import leads as acts
from entente.engagement.actions.lead_consents import record_lead_permissions
from entente.engagement.domain.leads import NewLead, Tick
from entente.engagement.reads import leads as reads
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class TickIn(In):
    """One permission: to which company, for what, by which words."""

    controller_id: UUID
    purpose: Text
    wording_version: Text


class LeadIn(In):
    """Somebody met at a stand."""

    client_id: UUID
    event_id: UUID
    origin: Text
    interest: Text
    name: Text = ""
    hcp_id: UUID | None = None
    place: Text = ""
    badge: Text = ""
    email: Text = ""
    channel: Text = "email"
    note: LongText = ""
    ticks: list[TickIn] = Field(default=[], max_length=40)
    side_id: UUID | None = None
    due_on: date | None = None
    captured_at: datetime | None = None

    def lead(self) -> NewLead:
        """Give it as the action takes it."""
        if self.captured_at is not None and self.captured_at.tzinfo is None:
            raise UserError("give the time with its offset from UTC", field="captured_at")
        fields = self.model_dump(exclude={"ticks"})
        return NewLead(**fields, ticks=tuple(Tick(**tick.model_dump()) for tick in self.ticks))


class LeadOut(Schema):
    """A lead and where it stands."""

    id: UUID
    org_id: UUID
    event_id: UUID
    origin: str
    hcp_id: UUID | None
    name: str
    place: str
    interest: str
    state: str
    side_id: UUID
    due: date
    captured_at: datetime


class ConsentOut(Schema):
    """One permission that was ticked."""

    party_id: UUID
    controller_id: UUID
    channel: str
    purpose: str
    wording_version: str
    withdrawn_at: datetime | None


class LeadFull(LeadOut):
    """A lead with what was permitted to whom."""

    note: str
    email: str
    outcome: str
    consents: list[ConsentOut]


class LeadsAsked(Asked):
    """Which leads."""

    event_id: UUID | None = None
    state: Text = ""
    origin: Text = ""
    hcp_id: UUID | None = None


class CountsAsked(In):
    """Of which congress; of all where none is named."""

    event_id: UUID | None = None


class CountOut(Schema):
    """Leads of one stand and one company."""

    event_id: UUID
    org_id: UUID
    origin: str
    n_leads: int
    n_consented: int
    n_taken: int
    n_done: int
    n_rejected: int


class TakeIn(In):
    """Who follows it up, by when."""

    owner_id: UUID | None = None
    due_on: date | None = None


class SettleIn(In):
    """What became of it."""

    status: Text
    outcome: LongText


class WhoIn(In):
    """Who it is."""

    hcp_id: UUID


class PartyIn(In):
    """Which company."""

    org_id: UUID


class RecordedOut(Schema):
    """How many permissions are new."""

    n_new: int


class EndedOut(Schema):
    """How many ticks ended."""

    n_ended: int


def _full(lead_id: UUID) -> dict[str, Any]:
    row = reads.lead(lead_id)
    follow_up = getattr(row, "follow_up", None)
    fields = {name: getattr(row, name) for name in LeadOut.model_fields}
    return {**fields, "note": row.note, "email": row.email,
            "outcome": follow_up.outcome if follow_up else "",
            "consents": reads.consents_of(lead_id)}  # fmt: skip


@router.get("/leads", response=Listing[LeadOut], summary="Leads")
@operation("lead.read")
def leads(request: HttpRequest, asked: Query[LeadsAsked]) -> Any:
    """Give one's own leads, and those whose person permitted something to one's company."""
    found = reads.leads(
        event_id=asked.event_id, state=asked.state, origin=asked.origin, hcp_id=asked.hcp_id
    )
    return listing(found, reads.ORDER, asked)


@router.get("/lead-counts", response=list[CountOut], summary="Leads by stand")
@operation("lead.read")
def counts(request: HttpRequest, asked: Query[CountsAsked]) -> Any:
    """Count leads of the joint stand beside those of each company's own."""
    return reads.counts_by_origin(asked.event_id)


@router.get("/leads/{uuid:lead_id}", response=LeadFull, summary="One lead")
@operation("lead.read")
def lead(request: HttpRequest, lead_id: UUID) -> Any:
    """Give one lead with what was permitted to whom."""
    return _full(lead_id)


@router.post("/leads", response={201: LeadFull}, summary="Write a lead down")
@operation("lead.write")
def lead_captured(request: HttpRequest, given: LeadIn) -> Any:
    """Write a lead down; one with a client_id that is known is not made again."""
    return 201, _full(acts.capture_lead(given.lead(), at=datetime.now(UTC)).id)


@router.post("/leads/{uuid:lead_id}/taking", response=LeadFull, summary="Take a lead")
@operation("lead.write")
def lead_taken(request: HttpRequest, lead_id: UUID, given: TakeIn) -> Any:
    """Take a lead up, or give it to a colleague."""
    acts.take_lead(lead_id, owner_id=given.owner_id, due_on=given.due_on, at=datetime.now(UTC))
    return _full(lead_id)


@router.post("/leads/{uuid:lead_id}/outcome", response=LeadFull, summary="Settle a lead")
@operation("lead.write")
def lead_settled(request: HttpRequest, lead_id: UUID, given: SettleIn) -> Any:
    """Say that a lead was followed up, or reject it."""
    acts.settle_lead(lead_id, status=given.status, outcome=given.outcome, at=datetime.now(UTC))
    return _full(lead_id)


@router.post("/leads/{uuid:lead_id}/person", response=LeadFull, summary="Say who a lead is")
@operation("lead.write")
def lead_linked(request: HttpRequest, lead_id: UUID, given: WhoIn) -> Any:
    """Link a lead to a record of the directory."""
    acts.link_lead(lead_id, given.hcp_id, at=datetime.now(UTC))
    return _full(lead_id)


@router.post(
    "/leads/{uuid:lead_id}/permissions", response=RecordedOut, summary="Record its permissions"
)
@operation("lead.write")
def permissions_recorded(request: HttpRequest, lead_id: UUID) -> Any:
    """Record what a lead permitted to one's own company among one's own permissions."""
    return {"n_new": record_lead_permissions(lead_id, at=datetime.now(UTC))}


@router.post("/leads/{uuid:lead_id}/sharing-end", response=EndedOut, summary="End the sharing")
@operation("lead.write")
def sharing_ended(request: HttpRequest, lead_id: UUID, given: PartyIn) -> Any:
    """Take back what was ticked for the other company: it sees the lead no more."""
    return {"n_ended": acts.end_lead_sharing(lead_id, given.org_id, at=datetime.now(UTC))}
