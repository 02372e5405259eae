"""Operations of the room: sends, responses, expenses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.actions import (
    Meal,
    SendRequest,
    record_expense,
    record_response,
    request_sends,
)
from entente.engagement.api_access import router as access_router
from entente.engagement.api_cases import router as cases_router
from entente.engagement.api_detail import router as detail_router
from entente.engagement.api_events import router as events_router
from entente.engagement.api_hand_overs import router as hand_overs_router
from entente.engagement.api_inquiries import router as inquiries_router
from entente.engagement.api_insights import router as insights_router
from entente.engagement.api_leads import router as leads_router
from entente.engagement.api_mail import router as mail_router
from entente.engagement.api_meals import router as meals_router
from entente.engagement.api_meetings import router as meetings_router
from entente.engagement.api_placements import router as placements_router
from entente.engagement.api_stock import router as stock_router
from entente.engagement.api_surveys import router as surveys_router
from entente.engagement.api_touches import router as touches_router
from entente.engagement.api_webinar import router as webinar_router
from entente.engagement.models import Expense, Response
from entente.engagement.pages.expenses import ORDER as EXPENSE_ORDER
from entente.engagement.reads import caps
from entente.engagement.reads import expenses as expense_reads
from entente.engagement.reads import sends as send_reads
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, Minor, Text, listing
from entente.foundation.web.doors import operation
from entente.policy.reads.reasons import reasons_of

router = Router(tags=["engagement"])
router.add_router("", cases_router)
router.add_router("", inquiries_router)
router.add_router("", access_router)
router.add_router("", insights_router)
router.add_router("", touches_router)
router.add_router("", events_router)
router.add_router("", surveys_router)
router.add_router("", mail_router)
router.add_router("", stock_router)
router.add_router("", hand_overs_router)
router.add_router("", detail_router)
router.add_router("", webinar_router)
router.add_router("", meetings_router)
router.add_router("", leads_router)
router.add_router("", meals_router)
router.add_router("", placements_router)
MOST_HCPS = 500


class SendOut(Schema):
    """A send and where it stands."""

    id: UUID
    hcp_id: UUID
    version_id: UUID
    controller_id: UUID
    campaign_id: UUID | None
    channel: str
    purpose: str
    status: str
    outcome: str
    decision_id: UUID
    delivery_decision_id: UUID | None
    requested_at: datetime
    settled_at: datetime | None


class LoadOut(Schema):
    """Contacts of 30 days, from all companies, and from when the caps let an e-mail go."""

    hcp_id: UUID
    n_emails: int
    cap: int
    n_contacts: int
    contacts_cap: int | None
    next_at: datetime | None


class CapsOut(Schema):
    """The fullest 200, and how many there are in all."""

    n_people: int
    people: list[LoadOut]


class Why(Schema):
    """One rule that did not pass."""

    rule_id: str
    title: str
    sentence: str
    outcome: str
    to: str
    citation: str
    would_change: str


class SendFull(SendOut):
    """A send with the gate's last reasons, its message and what came back."""

    reasons: list[Why]
    message_id: str | None
    message_state: str | None
    responses: list[dict[str, Any]]


class SendsAsked(Asked):
    """Which sends."""

    status: Text = ""
    hcp_id: UUID | None = None
    campaign_id: UUID | None = None


class SendIn(In):
    """One item to one HCP."""

    hcp_id: UUID
    version_id: UUID
    controller_id: UUID
    purpose: Text
    campaign_id: UUID | None = None


class ResponseIn(In):
    """What came back."""

    kind: Text
    source: Text


class ShareOut(Schema):
    """One HCP's part."""

    hcp_id: UUID
    amount_minor: int
    decision_id: UUID
    outcome: str


class ExpenseOut(Schema):
    """A meal."""

    id: UUID
    kind: str
    setting: str
    spent_on: date
    country: str
    currency: str
    total_minor: int
    headcount: int
    n_hcps: int
    standing: str


class ExpenseFull(ExpenseOut):
    """A meal with everybody's part."""

    payer_id: UUID
    product_id: UUID | None
    campaign_id: UUID | None
    with_discussion: bool
    takeaway: bool
    guests: int
    shares: list[ShareOut]


class ExpensesAsked(Asked):
    """Which expenses."""

    standing: Text = ""
    kind: Text = ""
    hcp_id: UUID | None = None


class ExpenseIn(In):
    """A meal as the person who paid it reports it; amounts in minor units."""

    hcp_ids: list[UUID] = Field(min_length=1, max_length=MOST_HCPS)
    payer_id: UUID
    kind: Text
    setting: Text
    spent_on: date
    country: str = Field(pattern="^[A-Z]{2}$")
    currency: str = Field(pattern="^[A-Z]{3}$")
    total_minor: Minor
    headcount: int = Field(ge=1, le=5_000)
    with_discussion: bool
    takeaway: bool = False
    guests: int = Field(0, ge=0, le=1_000)
    product_id: UUID | None = None
    campaign_id: UUID | None = None


@router.get("/sends", response=Listing[SendOut], summary="Sends")
@operation("send.read")
def sends(request: HttpRequest, asked: Query[SendsAsked]) -> Any:
    """Give the sends of my organisation, the latest first."""
    found = send_reads.sends(
        status=asked.status, hcp_id=asked.hcp_id, campaign_id=asked.campaign_id
    )
    return listing(found, send_reads.ORDER, asked)


def _full(send_id: UUID) -> dict[str, Any]:
    row, message = send_reads.send(send_id), send_reads.message_of(send_id)
    return {
        **{name: getattr(row, name) for name in SendOut.model_fields},
        "reasons": reasons_of(row.delivery_decision or row.decision),
        "message_id": message.message_id if message else None,
        "message_state": message.state if message else None,
        "responses": [
            {"kind": r.kind, "responded_at": r.responded_at, "source": r.source}
            for r in send_reads.responses_of(send_id)
        ],
    }


@router.get("/caps", response=CapsOut, summary="Frequency caps near their limit")
@operation("send.read")
def caps_near_limit(request: HttpRequest) -> Any:
    """Give people my organisation approached in 30 days who may get one more contact or none."""
    loads, n_people = caps.near_limit(at=datetime.now(UTC))
    return {"n_people": n_people, "people": loads}


@router.get("/sends/{uuid:send_id}", response=SendFull, summary="One send")
@operation("send.read")
def send(request: HttpRequest, send_id: UUID) -> Any:
    """Give one send with the gate's reasons."""
    return _full(send_id)


def _known(given: list[SendIn]) -> list[SendRequest]:
    purposes = {"promotion", "education", "medical", "event"}
    people = directory.hcps({each.hcp_id for each in given})
    for each in given:
        if each.purpose not in purposes:
            raise UserError(f"purpose is one of {', '.join(sorted(purposes))}", field="purpose")
        if each.hcp_id not in people:
            raise UserError(f"there is no HCP {each.hcp_id}", field="hcp_id")
    for version_id in {each.version_id for each in given}:
        content.version(version_id)
    for entity_id in {each.controller_id for each in given}:
        directory.legal_entity(entity_id)
    return [SendRequest(**each.model_dump()) for each in given]


@router.post("/sends", response={201: SendFull}, summary="Ask to send one item to one HCP")
@operation("send.request")
def send_requested(request: HttpRequest, given: SendIn) -> Any:
    """Ask the gate and, if it permits, send; a refused request is kept and answered as well."""
    made = request_sends(_known([given]), at=datetime.now(UTC))
    if not made:
        raise UserError("this item was already asked for in this campaign", field="hcp_id")
    return 201, _full(made[0].id)


@router.post("/sends/many", response={201: list[SendOut]}, summary="Ask to send to many HCPs")
@operation("send.request")
def sends_requested(request: HttpRequest, given: list[SendIn]) -> Any:
    """Ask for up to 1,000 sends at once; those asked for before in the campaign are left out."""
    return 201, request_sends(_known(given), at=datetime.now(UTC))


@router.post(
    "/sends/{uuid:send_id}/responses", response={201: SendFull}, summary="Record a response"
)
@operation("response.record")
def responded(request: HttpRequest, send_id: UUID, given: ResponseIn) -> Any:
    """Record what came back for a send: an opt-out, a bounce, a complaint."""
    if given.kind not in Response.Kind.values:
        raise UserError(f"kind is one of {', '.join(Response.Kind.values)}", field="kind")
    send_reads.send(send_id)
    record_response(send_id, Response.Kind(given.kind), source=given.source, at=datetime.now(UTC))
    return 201, _full(send_id)


@router.get("/expenses", response=Listing[ExpenseOut], summary="Expenses")
@operation("expense.read")
def expenses(request: HttpRequest, asked: Query[ExpensesAsked]) -> Any:
    """Give the expenses of my organisation, the latest first."""
    found = expense_reads.expenses(standing=asked.standing, kind=asked.kind, hcp_id=asked.hcp_id)
    return listing(found, EXPENSE_ORDER, asked)


def _expense(expense_id: UUID) -> dict[str, Any]:
    row, shares = expense_reads.expense(expense_id), expense_reads.shares_of(expense_id)
    known = {n for n in ExpenseFull.model_fields if n not in {"shares", "n_hcps"}}
    return {
        **{name: getattr(row, name) for name in known},
        "n_hcps": len(shares),
        "shares": [
            {
                "hcp_id": share.hcp_id,
                "amount_minor": share.amount_minor,
                "decision_id": share.decision_id,
                "outcome": share.decision.outcome,
            }
            for share in shares
        ],
    }


@router.get("/expenses/{uuid:expense_id}", response=ExpenseFull, summary="One expense")
@operation("expense.read")
def expense(request: HttpRequest, expense_id: UUID) -> Any:
    """Give one expense with everybody's part."""
    return _expense(expense_id)


@router.post("/expenses", response={201: ExpenseFull}, summary="Record a meal")
@operation("expense.record")
def expense_recorded(request: HttpRequest, given: ExpenseIn) -> Any:
    """Record a meal with every HCP's part and the gate's answer for each."""
    if given.kind not in Expense.Kind.values:
        raise UserError(f"kind is one of {', '.join(Expense.Kind.values)}", field="kind")
    if given.setting not in Expense.Setting.values:
        raise UserError(f"setting is one of {', '.join(Expense.Setting.values)}", field="setting")
    directory.legal_entity(given.payer_id)
    if len(directory.hcps(given.hcp_ids)) != len(set(given.hcp_ids)):
        raise UserError("an HCP is not known", field="hcp_ids")
    fields = given.model_dump() | {"hcp_ids": tuple(given.hcp_ids)}
    return 201, _expense(record_expense(Meal(**fields), at=datetime.now(UTC)).id)
