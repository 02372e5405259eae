"""Operations on meetings at a congress: places, hours, bookings, what became of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.engagement.actions import meeting_bookings as acts
from entente.engagement.actions.meetings import add_meeting_place, close_slot, open_slots
from entente.engagement.reads import events as event_reads
from entente.engagement.reads import meetings as reads
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class PlaceIn(In):
    """A room or corner of the stand."""

    name: Text
    n_tables: int = Field(1, ge=1, le=200)


class PlaceOut(Schema):
    """A place with its tables."""

    id: UUID
    org_id: UUID
    name: str
    n_tables: int


class HoursIn(In):
    """Hours that a host opens."""

    place_id: UUID
    host_id: UUID
    first_at: datetime
    minutes: int = Field(ge=5, le=240)
    n_slots: int = Field(1, ge=1, le=48)
    pause_minutes: int = Field(0, ge=0, le=240)


class SlotOut(Schema):
    """An hour of a host at a table."""

    id: UUID
    org_id: UUID
    place_id: UUID
    table: int
    host_id: UUID
    host_name: str
    wall: str
    starts_at: datetime
    ends_at: datetime
    closed_at: datetime | None


class SlotSeen(SlotOut):
    """An hour, and whether it is taken, also by people whom one may not see."""

    is_taken: bool


class BookIn(In):
    """For whom, and what about."""

    hcp_id: UUID
    topic: LongText = ""
    was_requested: bool = False


class MeetingOut(Schema):
    """A meeting and where it stands."""

    id: UUID
    event_id: UUID
    slot_id: UUID
    hcp_id: UUID
    host_id: UUID
    status: str
    wall: str
    starts_at: datetime
    ends_at: datetime
    topic: str
    was_requested: bool
    reason: str
    decision_id: UUID
    touch_id: UUID | None


class MeetingsAsked(Asked):
    """Which meetings."""

    event_id: UUID | None = None
    status: Text = ""
    host_id: UUID | None = None
    hcp_id: UUID | None = None


class SlotIn(In):
    """Where a meeting is moved to."""

    slot_id: UUID


class WhyIn(In):
    """Why."""

    reason: Text


class HeldIn(In):
    """How a meeting went."""

    note: LongText = ""
    reaction: Text = ""
    product_id: UUID | None = None


class LinkIn(In):
    """For whom a link is made."""

    hcp_id: UUID


class LinkOut(Schema):
    """The path of a page that opens by its link alone."""

    path: str


@router.get(
    "/events/{uuid:event_id}/meeting-places", response=list[PlaceOut], summary="Places to meet"
)
@operation("meeting.read")
def places(request: HttpRequest, event_id: UUID) -> Any:
    """Give the places of a congress, of all its parties."""
    event_reads.event(event_id)
    return reads.places(event_id)


@router.post(
    "/events/{uuid:event_id}/meeting-places", response={201: PlaceOut}, summary="Lay out a place"
)
@operation("meeting.write")
def place_added(request: HttpRequest, event_id: UUID, given: PlaceIn) -> Any:
    """Add a place; the same name with another number changes its tables."""
    return 201, add_meeting_place(event_id, given.name, given.n_tables, at=datetime.now(UTC))


@router.get("/events/{uuid:event_id}/meeting-slots", response=list[SlotSeen], summary="Hours")
@operation("meeting.read")
def slots(request: HttpRequest, event_id: UUID) -> Any:
    """Give the open hours of a congress in order, of all its parties."""
    event_reads.event(event_id)
    return reads.slots(event_id)


@router.post("/meeting-slots", response={201: list[SlotOut]}, summary="Open hours")
@operation("meeting.write")
def slots_opened(request: HttpRequest, given: HoursIn) -> Any:
    """Open hours of a host, one after the other."""
    if given.first_at.tzinfo is None:
        raise UserError("give the time with its offset from UTC", field="first_at")
    return 201, open_slots(at=datetime.now(UTC), **given.model_dump())


@router.delete("/meeting-slots/{uuid:slot_id}", response=SlotOut, summary="Close an hour")
@operation("meeting.write")
def slot_closed(request: HttpRequest, slot_id: UUID) -> Any:
    """Close an hour that nobody booked."""
    return close_slot(slot_id, at=datetime.now(UTC))


@router.post("/meeting-slots/{uuid:slot_id}/meeting", response={201: MeetingOut}, summary="Book")
@operation("meeting.write")
def booked(request: HttpRequest, slot_id: UUID, given: BookIn) -> Any:
    """Book an hour for an HCP; a meeting that is forbidden is kept as such and takes none."""
    made = acts.book_meeting(
        slot_id, given.hcp_id, topic=given.topic, was_requested=given.was_requested,
        at=datetime.now(UTC),
    )  # fmt: skip
    return 201, made


@router.get("/meetings", response=Listing[MeetingOut], summary="Meetings")
@operation("meeting.read")
def meetings(request: HttpRequest, asked: Query[MeetingsAsked]) -> Any:
    """Give the meetings of one's own company that one may see, the latest first."""
    found = reads.meetings(
        event_id=asked.event_id, status=asked.status, host_id=asked.host_id, hcp_id=asked.hcp_id
    )
    return listing(found, reads.ORDER, asked)


@router.get("/meetings/{uuid:meeting_id}", response=MeetingOut, summary="One meeting")
@operation("meeting.read")
def meeting(request: HttpRequest, meeting_id: UUID) -> Any:
    """Give one meeting."""
    return reads.meeting(meeting_id)


@router.put("/meetings/{uuid:meeting_id}/slot", response=MeetingOut, summary="Move a meeting")
@operation("meeting.write")
def moved(request: HttpRequest, meeting_id: UUID, given: SlotIn) -> Any:
    """Move a meeting to another hour; the gate is asked for the new time."""
    return acts.move_meeting(meeting_id, given.slot_id, at=datetime.now(UTC))


@router.post(
    "/meetings/{uuid:meeting_id}/cancellation", response=MeetingOut, summary="Cancel a meeting"
)
@operation("meeting.write")
def cancelled(request: HttpRequest, meeting_id: UUID, given: WhyIn) -> Any:
    """Cancel a meeting; its hour can be booked again."""
    return acts.cancel_meeting(meeting_id, given.reason, at=datetime.now(UTC))


@router.post("/meetings/{uuid:meeting_id}/no-show", response=MeetingOut, summary="Nobody came")
@operation("meeting.write")
def missed(request: HttpRequest, meeting_id: UUID) -> Any:
    """Say that the HCP did not come."""
    return acts.miss_meeting(meeting_id, at=datetime.now(UTC))


@router.post("/meetings/{uuid:meeting_id}/holding", response=MeetingOut, summary="It took place")
@operation("touch.write")
def held(request: HttpRequest, meeting_id: UUID, given: HeldIn) -> Any:
    """Say that a meeting took place: it becomes a call of its host."""
    return acts.hold_meeting(meeting_id, at=datetime.now(UTC), **given.model_dump())


@router.post(
    "/events/{uuid:event_id}/meeting-links", response={201: LinkOut}, summary="A link to book"
)
@operation("meeting.write")
def link_given(request: HttpRequest, event_id: UUID, given: LinkIn) -> Any:
    """Make the link with which an HCP books, moves and cancels by himself."""
    return 201, {"path": acts.give_meeting_link(event_id, given.hcp_id, at=datetime.now(UTC))}
