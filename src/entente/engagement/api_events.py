"""Operations on events: set up, agreed, opened, invited to, attended, held."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.engagement.actions import events as acts
from entente.engagement.actions.attend import check_in, issue_certificates, walk_in
from entente.engagement.actions.invite import MOST_AT_ONCE, invite
from entente.engagement.actions.speakers import Engagement, choose_speaker
from entente.engagement.domain.gathering import EventPlan
from entente.engagement.reads import events as reads
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Minor, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class EventOut(Schema):
    """An event."""

    id: UUID
    kind: str
    title: str
    topic: str
    status: str
    country: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    setting: str
    venue: str
    places: int
    need_recorded_at: datetime | None
    campaign_id: UUID | None


class SideOut(Schema):
    """A party of an event."""

    org_id: UUID
    name: str
    share: Decimal
    agreed_at: datetime | None


class EventFull(EventOut):
    """An event with its parties."""

    need: str
    criteria: str
    sides: list[SideOut]


class EventsAsked(Asked):
    """Which events."""

    status: Text = ""
    kind: Text = ""


class ShareIn(In):
    """A partner and its part of the costs, from 0 to 1."""

    org_id: UUID
    share: Decimal = Field(ge=0, le=1)


class EventIn(In):
    """An event as it is planned."""

    kind: Text
    title: Text
    topic: Text
    controller_id: UUID
    country: Text
    time_zone: Text
    starts_at: datetime
    ends_at: datetime
    setting: Text
    places: int
    venue: Text = ""
    venue_class: Text = "modest"
    campaign_id: UUID | None = None
    has_alcohol: bool = False
    has_entertainment: bool = False
    pays_lodging: bool = False
    takes_guests: bool = False
    has_representative: bool = True
    accreditor: Text = ""
    guidelines_ref: Text = ""
    spend_published: bool = False
    is_certified: bool = False
    partners: list[ShareIn] = Field(default=[], max_length=20)

    def plan(self) -> EventPlan:
        """Give it as the actions take it."""
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise UserError("give both times with their offset from UTC", field="starts_at")
        return EventPlan(**self.model_dump(exclude={"partners"}))


class NeedIn(In):
    """Why, and by what people are chosen."""

    need: LongText
    criteria: LongText


class PasswordIn(In):
    """A signature."""

    password: Text


class ReasonIn(In):
    """Why."""

    reason: Text


class InvitedIn(In):
    """Whom to invite, in whose name."""

    hcp_ids: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)
    controller_id: UUID


class InvitationOut(Schema):
    """An invitation."""

    id: UUID
    hcp_id: UUID
    status: str
    decision_id: UUID
    requested_at: datetime


class SpeakerIn(In):
    """Who is engaged for what, why, and for how much."""

    hcp_id: UUID
    part: Text
    chosen_because: LongText
    currency: Text
    fee_minor: Minor = 0
    fair_value_minor: Minor = 0
    contract_ref: Text = ""
    contract_signed_on: date | None = None
    contract_days: int | None = Field(None, ge=1, le=10_000)
    fair_value_ref: Text = ""
    providers_needed: int = Field(1, ge=1, le=1_000)
    pay_set_in_advance: bool | None = None
    varies_with_referrals: bool | None = None
    keeps_records: bool | None = None
    has_disclosure_clause: bool | None = None


class SpeakerOut(Schema):
    """Somebody who was chosen, or whom the gate refused."""

    id: UUID
    hcp_id: UUID
    part: str
    fee_minor: int
    currency: str
    standing: str
    decision_id: UUID
    removed_at: datetime | None


class AttendeeOut(Schema):
    """Somebody who registered or walked in."""

    id: UUID
    ticket: int
    hcp_id: UUID | None
    name: str
    status: str
    registered_at: datetime
    checked_in_at: datetime | None
    minutes: int | None
    is_walk_in: bool
    certificate: str


class WalkInIn(In):
    """Somebody who had not registered."""

    name: Text = ""
    hcp_id: UUID | None = None


class LeastIn(In):
    """From how many minutes on a certificate is issued."""

    least_minutes: int = Field(0, ge=0, le=100_000)


class IssuedOut(Schema):
    """How many certificates are new."""

    n_new: int


def _full(event_id: UUID) -> dict[str, Any]:
    found = reads.event(event_id)
    fields = {name: getattr(found, name) for name in EventOut.model_fields}
    return {**fields, "need": found.need, "criteria": found.criteria,
            "sides": list(found.sides.all())}  # fmt: skip


@router.get("/events", response=Listing[EventOut], summary="Events")
@operation("event.read")
def events(request: HttpRequest, asked: Query[EventsAsked]) -> Any:
    """Give the events of which one's company is a party."""
    return listing(reads.events(status=asked.status, kind=asked.kind), reads.ORDER, asked)


@router.get("/events/{uuid:event_id}", response=EventFull, summary="One event")
@operation("event.read")
def event(request: HttpRequest, event_id: UUID) -> Any:
    """Give one event with its parties."""
    return _full(event_id)


@router.post("/events", response={201: EventFull}, summary="Set up an event")
@operation("event.write")
def event_made(request: HttpRequest, given: EventIn) -> Any:
    """Set up an event, with partners where there are some."""
    shares = {each.org_id: each.share for each in given.partners}
    made = acts.set_up_event(given.plan(), partner_shares=shares, at=datetime.now(UTC))
    return 201, _full(made.id)


@router.put("/events/{uuid:event_id}", response=EventFull, summary="Change a planned event")
@operation("event.write")
def event_changed(request: HttpRequest, event_id: UUID, given: EventIn) -> Any:
    """Change a planned event; its parties stay and agree again."""
    acts.change_event(event_id, given.plan(), at=datetime.now(UTC))
    return _full(event_id)


@router.post("/events/{uuid:event_id}/need", response=EventFull, summary="Record the need")
@operation("event.write")
def need_recorded(request: HttpRequest, event_id: UUID, given: NeedIn) -> Any:
    """Write down need and criteria, before anybody is chosen."""
    acts.record_need(event_id, given.need, given.criteria, at=datetime.now(UTC))
    return _full(event_id)


@router.post("/events/{uuid:event_id}/agreement", response=EventFull, summary="Agree")
@operation("event.read")
def event_agreed(request: HttpRequest, event_id: UUID, given: PasswordIn) -> Any:
    """Agree for one's own company, with a signature."""
    acts.agree_event(event_id, password=given.password, at=datetime.now(UTC))
    return _full(event_id)


@router.post("/events/{uuid:event_id}/opening", response=EventFull, summary="Open an event")
@operation("event.write")
def event_opened(request: HttpRequest, event_id: UUID) -> Any:
    """Open an event that every party agreed to."""
    acts.open_event(event_id, at=datetime.now(UTC))
    return _full(event_id)


@router.post("/events/{uuid:event_id}/holding", response=EventFull, summary="It was held")
@operation("event.write")
def event_held(request: HttpRequest, event_id: UUID) -> Any:
    """Say that an event took place."""
    acts.hold_event(event_id, at=datetime.now(UTC))
    return _full(event_id)


@router.post("/events/{uuid:event_id}/cancellation", response=EventFull, summary="Cancel an event")
@operation("event.write")
def event_cancelled(request: HttpRequest, event_id: UUID, given: ReasonIn) -> Any:
    """Cancel an event; invitations that wait no longer leave."""
    acts.cancel_event(event_id, given.reason, at=datetime.now(UTC))
    return _full(event_id)


@router.post(
    "/events/{uuid:event_id}/invitations", response={201: list[InvitationOut]}, summary="Invite"
)
@operation("event.invite")
def people_invited(request: HttpRequest, event_id: UUID, given: InvitedIn) -> Any:
    """Invite people; each passes the gate. Who was invited already is left out."""
    made = invite(event_id, given.hcp_ids, controller_id=given.controller_id, at=datetime.now(UTC))
    return 201, made


@router.post(
    "/events/{uuid:event_id}/speakers", response={201: SpeakerOut}, summary="Choose a speaker"
)
@operation("event.write")
def speaker_chosen(request: HttpRequest, event_id: UUID, given: SpeakerIn) -> Any:
    """Choose somebody by the criteria; a fee that is forbidden is not agreed."""
    return 201, choose_speaker(event_id, Engagement(**given.model_dump()), at=datetime.now(UTC))


@router.get("/events/{uuid:event_id}/attendees", response=list[AttendeeOut], summary="Attendees")
@operation("event.read")
def attendees(request: HttpRequest, event_id: UUID) -> Any:
    """Give those whom one's company may see, in the order of arrival."""
    reads.event(event_id)
    return reads.attendees(event_id)


@router.post(
    "/events/{uuid:event_id}/attendees/{uuid:attendee_id}/check-in", response=AttendeeOut,
    summary="Check somebody in",
)  # fmt: skip
@operation("event.check")
def checked_in(request: HttpRequest, event_id: UUID, attendee_id: UUID) -> Any:
    """Say that somebody is there."""
    return check_in(attendee_id, at=datetime.now(UTC))


@router.post(
    "/events/{uuid:event_id}/walk-ins", response={201: AttendeeOut}, summary="Take in a walk-in"
)
@operation("event.check")
def walked_in(request: HttpRequest, event_id: UUID, given: WalkInIn) -> Any:
    """Take in somebody who had not registered."""
    made = walk_in(event_id, name=given.name, hcp_id=given.hcp_id, seen_by=(), at=datetime.now(UTC))
    return 201, made


@router.post(
    "/events/{uuid:event_id}/certificates", response=IssuedOut, summary="Issue certificates"
)
@operation("event.write")
def certified(request: HttpRequest, event_id: UUID, given: LeastIn) -> Any:
    """Number a certificate for everybody who was there."""
    n_new = issue_certificates(event_id, least_minutes=given.least_minutes, at=datetime.now(UTC))
    return {"n_new": n_new}
