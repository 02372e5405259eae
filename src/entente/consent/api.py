"""Operations of the room: permissions, withdrawals, stops, wishes, words, and their states."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from entente.consent import actions, api_requests, api_wordings, reads
from entente.consent.api_fhir import router as fhir_router
from entente.consent.api_shares import router as shares
from entente.consent.models import Capture, Suppression, Withdrawal
from entente.directory import reads as directory
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["consent"])
router.add_router("", fhir_router)
router.add_router("/shares", shares)
Code = Annotated[str, StringConstraints(max_length=16)]
Words = Annotated[str, StringConstraints(max_length=64)]
Reason = Annotated[str, StringConstraints(max_length=300)]


class StateOut(Schema):
    """The state of one permission at one moment; days are days where the person is."""

    controller_id: UUID
    channel: str
    purpose: str
    status: str
    captured_on: date | None
    proof_ref: str | None
    text_version: str | None
    expires_on: date | None
    withdrawn_on: date | None
    paused_until: date | None


class StateAsked(In):
    """Which permission, and when; ``product_id`` names a product or a topic."""

    controller_id: UUID
    channel: Code
    purpose: Code
    at: AwareDatetime | None = None
    product_id: UUID | None = None


class MomentAsked(In):
    """When; now, where it is not given."""

    at: AwareDatetime | None = None


class CaptureIn(In):
    """A permission as given."""

    hcp_id: UUID
    controller_id: UUID
    channel: Code
    purpose: Code
    wording_version: Words
    source: Words
    method: Annotated[str, StringConstraints(max_length=32)]
    proof_ref: Text
    captured_at: AwareDatetime
    address: Reason = ""
    product_id: UUID | None = None
    topic_id: UUID | None = None
    expires_on: date | None = None
    needs_confirmation: bool = False


class CaptureOut(Schema):
    """A recorded permission."""

    id: UUID
    hcp_id: UUID
    controller_id: UUID
    channel: str
    purpose: str
    product_id: UUID | None
    topic_id: UUID | None
    wording_version: str
    source: str
    method: str
    proof_ref: str
    captured_at: datetime
    expires_on: date | None
    needs_confirmation: bool


class ConfirmIn(In):
    """Where the second step was taken."""

    source: Words


class WithdrawalIn(In):
    """A permission taken back; without a purpose, all of them."""

    hcp_id: UUID
    controller_id: UUID
    channel: Code
    source: Words
    purpose: Code | None = None
    reason: Reason = ""
    product_id: UUID | None = None
    topic_id: UUID | None = None
    withdrawn_at: AwareDatetime | None = None


class WithdrawalOut(Schema):
    """A recorded withdrawal; an empty purpose means all."""

    id: UUID
    hcp_id: UUID
    controller_id: UUID
    channel: str
    purpose: str
    product_id: UUID | None
    topic_id: UUID | None
    source: str
    reason: str
    withdrawn_at: datetime


class SuppressionIn(In):
    """A stop to everything."""

    hcp_id: UUID
    reason: Reason
    kind: Code = "stop"
    controller_id: UUID | None = None


class SuppressionOut(Schema):
    """A recorded stop."""

    id: UUID
    hcp_id: UUID
    controller_id: UUID | None
    kind: str
    reason: str
    source: str
    suppressed_at: datetime


class PreferenceIn(In):
    """A person's wishes; they replace the earlier ones."""

    hcp_id: UUID
    emails_30d: Annotated[int, Field(ge=0, le=30)] | None = None
    emails_7d: Annotated[int, Field(ge=0, le=30)] | None = None
    paused_until: date | None = None


class PreferenceOut(Schema):
    """A person's wishes in force."""

    emails_30d: int | None
    emails_7d: int | None
    paused_until: date | None
    set_at: datetime


class PersonAsked(Asked):
    """About whom, and which part of the list."""

    hcp_id: UUID


@router.get("/hcps/{uuid:hcp_id}/states", response=list[StateOut])
@operation("consent.read")
def list_states(request: HttpRequest, hcp_id: UUID, asked: Query[MomentAsked]) -> Any:
    """Give the state of every permission of a person at a moment."""
    return reads.states_of(directory.hcp(hcp_id).id, asked.at or datetime.now(UTC))


@router.get("/hcps/{uuid:hcp_id}/state", response=StateOut)
@operation("consent.read")
def get_state(request: HttpRequest, hcp_id: UUID, asked: Query[StateAsked]) -> Any:
    """Give the state of one permission at a moment."""
    return reads.state_as_of(
        directory.hcp(hcp_id).id,
        asked.controller_id,
        asked.channel,
        asked.purpose,
        asked.at or datetime.now(UTC),
        product_id=asked.product_id,
    )


@router.get("/captures", response=Listing[CaptureOut])
@operation("consent.read")
def list_captures(request: HttpRequest, asked: Query[PersonAsked]) -> Any:
    """List the permissions a person ever gave, newest first."""
    rows = Capture.objects.filter(hcp_id=asked.hcp_id)
    return listing(rows, ("-captured_at", "-id"), asked)


@router.post("/captures", response={201: CaptureOut})
@operation("consent.capture")
def add_capture(request: HttpRequest, given: CaptureIn) -> Any:
    """Record a permission."""
    return 201, actions.capture_consent(**given.dict(), at=datetime.now(UTC))


@router.post("/captures/{uuid:capture_id}/confirm", response={204: None})
@operation("consent.capture")
def confirm_capture(request: HttpRequest, capture_id: UUID, given: ConfirmIn) -> Any:
    """Record the second step of a double opt-in."""
    actions.confirm_consent(capture_id, source=given.source, at=datetime.now(UTC))
    return 204, None


@router.get("/withdrawals", response=Listing[WithdrawalOut])
@operation("consent.read")
def list_withdrawals(request: HttpRequest, asked: Query[PersonAsked]) -> Any:
    """List a person's withdrawals, newest first."""
    rows = Withdrawal.objects.filter(hcp_id=asked.hcp_id)
    return listing(rows, ("-withdrawn_at", "-id"), asked)


@router.post("/withdrawals", response={201: WithdrawalOut})
@operation("consent.capture")
def add_withdrawal(request: HttpRequest, given: WithdrawalIn) -> Any:
    """Record a withdrawal."""
    return 201, actions.withdraw_consent(**given.dict(), at=datetime.now(UTC))


@router.get("/suppressions", response=Listing[SuppressionOut])
@operation("consent.read")
def list_suppressions(request: HttpRequest, asked: Query[PersonAsked]) -> Any:
    """List the stops of a person, newest first."""
    rows = Suppression.objects.filter(hcp_id=asked.hcp_id)
    return listing(rows, ("-suppressed_at", "-id"), asked)


@router.post("/suppressions", response={201: SuppressionOut})
@operation("consent.capture")
def add_suppression(request: HttpRequest, given: SuppressionIn) -> Any:
    """Stop everything towards a person."""
    made = actions.suppress(
        given.hcp_id,
        given.reason,
        datetime.now(UTC),
        controller_id=given.controller_id,
        kind=given.kind,
        source="api",
    )
    return 201, made


@router.get("/hcps/{uuid:hcp_id}/preference", response=PreferenceOut | None)
@operation("consent.read")
def get_preference(request: HttpRequest, hcp_id: UUID, asked: Query[MomentAsked]) -> Any:
    """Give a person's wishes in force at a moment."""
    return reads.preference(directory.hcp(hcp_id).id, asked.at or datetime.now(UTC))


@router.post("/preferences", response={201: PreferenceOut})
@operation("consent.capture")
def add_preference(request: HttpRequest, given: PreferenceIn) -> Any:
    """Record a person's wishes."""
    made = actions.set_preference(
        given.hcp_id,
        emails_30d=given.emails_30d,
        emails_7d=given.emails_7d,
        paused_until=given.paused_until,
        source="api",
        at=datetime.now(UTC),
    )
    return 201, made


@router.post("/captures/{uuid:capture_id}/ask", response={204: None})
@operation("consent.capture")
def ask_confirmation(request: HttpRequest, capture_id: UUID) -> Any:
    """Ask by mail for the second step; again only where the first mail may not have arrived."""
    actions.ask_confirmation(capture_id, at=datetime.now(UTC))
    return 204, None


router.add_router("", api_wordings.router)
router.add_router("", api_requests.router)
