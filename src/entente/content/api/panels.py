"""Operations on review panels, lanes, samples, remarks and certificates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from entente.content import actions, reads
from entente.content.api.shapes import Code, Country, ReasonIn, VersionOut, now, router
from entente.content.reads import lanes as lane_reads
from entente.content.reads import panels
from entente.foundation.access.scope import current_scope
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation


class SeatIn(In):
    """A seat on one's company's review panel."""

    function: Code
    holder: UUID
    countries: list[Country] = Field(default_factory=list, max_length=250)
    from_on: date
    to_on: date | None = None


class SeatOut(Schema):
    """A seat."""

    id: UUID
    function: str
    holder_id: UUID
    countries: list[str]
    from_on: date
    to_on: date | None


class LastDayIn(In):
    """The last day."""

    last_day: date


class DeputyIn(In):
    """Somebody who stands in."""

    holder: UUID
    from_on: date
    to_on: date
    reason: Text


class DeputyOut(Schema):
    """A deputy."""

    id: UUID
    seat_id: UUID
    holder_id: UUID
    from_on: date
    to_on: date
    reason: str


class RaiseIn(In):
    """A stricter lane and why."""

    lane: Code
    reason: LongText


class RemarkIn(In):
    """A remark on words of a version."""

    quote: Annotated[str, StringConstraints(max_length=500)]
    remark: LongText
    occurrence: Annotated[int, Field(ge=1, le=1000)] = 1


class AnswerIn(In):
    """An answer to a remark."""

    answer: LongText


class RemarkOut(Schema):
    """A remark."""

    id: UUID
    version_id: UUID
    quote: str
    occurrence: int
    remark: str
    by_name: str
    made_at: datetime
    answer: str
    answered_at: datetime | None


class CellIn(In):
    """A cell of the lane matrix; blanks mean any."""

    lane: Code
    reason: Text
    audience: Code = ""
    channel: Code = ""
    claim_type: Code = ""
    country: Annotated[str, StringConstraints(max_length=2)] = ""


class CellOut(Schema):
    """A cell of the lane matrix."""

    id: UUID
    lane: str
    reason: str
    audience: str
    channel: str
    claim_type: str
    country: str
    from_at: datetime
    to_at: datetime | None


class SampleOut(Schema):
    """A version of the fast lane that is looked at again."""

    id: UUID
    version_id: UUID
    month: date
    verdict: str
    finding: str
    judged_at: datetime | None
    reopened_at: datetime | None


class MonthIn(In):
    """A day of the month."""

    month: date


class SampleIn(In):
    """What was found."""

    verdict: Code
    finding: LongText = ""


class MendedIn(In):
    """What was mended."""

    mended: LongText


class LeadIn(In):
    """That one party signs for all."""

    agreement: Text
    notified_on: date
    notice: Text


class LeadOut(Schema):
    """An offer to sign for all."""

    id: UUID
    org_id: UUID
    agreement: str
    notified_on: date
    notice: str


class CertificateOut(Schema):
    """What was certified, in words."""

    id: UUID
    version_id: UUID
    body: dict[str, Any]
    body_hash: str
    issued_at: datetime


@router.get("/seats", response=list[SeatOut], summary="Seats of the review panel")
@operation("content.read")
def seats(request: HttpRequest) -> Any:
    """Give the seats of one's own company, also those that ended."""
    return list(panels.seats())


@router.post("/seats", response={201: SeatOut}, summary="Give a seat")
@operation("panel.write")
def seat_given(request: HttpRequest, given: SeatIn) -> Any:
    """Give somebody a seat on the review panel."""
    return 201, actions.add_seat(at=now(), **given.dict())


@router.post("/seats/{seat_id}/end", response=SeatOut, summary="End a seat")
@operation("panel.write")
def seat_ended(request: HttpRequest, seat_id: UUID, given: LastDayIn) -> Any:
    """End a seat."""
    return actions.end_seat(seat_id, last_day=given.last_day, at=now())


@router.post("/seats/{seat_id}/deputies", response={201: DeputyOut}, summary="Name a deputy")
@operation("content.read")
def deputy_named(request: HttpRequest, seat_id: UUID, given: DeputyIn) -> Any:
    """Let somebody stand in between two days."""
    return 201, actions.add_deputy(seat_id, at=now(), **given.dict())


@router.post("/versions/{version_id}/lane", response=VersionOut, summary="Raise the lane")
@operation("content.review")
def lane_raised(request: HttpRequest, version_id: UUID, given: RaiseIn) -> Any:
    """Put a version in review into a stricter lane."""
    actions.raise_lane(version_id, lane=given.lane, reason=given.reason, at=now())
    return reads.version(version_id)


@router.post("/versions/{version_id}/cancel", response=VersionOut, summary="Cancel a version")
@operation("content.write")
def version_cancelled(request: HttpRequest, version_id: UUID, given: ReasonIn) -> Any:
    """Drop a version of an item that was never released."""
    return actions.cancel_version(version_id, reason=given.reason, at=now())


@router.get("/versions/{version_id}/remarks", response=list[RemarkOut], summary="Remarks")
@operation("content.read")
def remarks(request: HttpRequest, version_id: UUID) -> Any:
    """Give the remarks on a version."""
    return panels.annotations_of(reads.version(version_id))


@router.post("/versions/{version_id}/remarks", response={201: RemarkOut}, summary="Remark")
@operation("content.review")
def remark_made(request: HttpRequest, version_id: UUID, given: RemarkIn) -> Any:
    """Pin a remark to words of a version in review."""
    return 201, actions.annotate(version_id, at=now(), **given.dict())


@router.post("/remarks/{remark_id}/answer", response=RemarkOut, summary="Answer a remark")
@operation("content.read")
def remark_answered(request: HttpRequest, remark_id: UUID, given: AnswerIn) -> Any:
    """Answer a remark of one's own company."""
    return actions.answer_remark(remark_id, answer=given.answer, at=now())


@router.get("/lane-matrix", response=list[CellOut], summary="The lane matrix")
@operation("content.read")
def lane_matrix(request: HttpRequest) -> Any:
    """Give the cells that ask for a lane at present."""
    return lane_reads.matrix_cells(current_scope().org_id, at=now())


@router.post("/lane-matrix", response={201: CellOut}, summary="Set a cell")
@operation("panel.write")
def cell_set(request: HttpRequest, given: CellIn) -> Any:
    """Ask for at least a lane for some material."""
    return 201, actions.set_lane_cell(at=now(), **given.dict())


@router.post("/lane-matrix/{cell_id}/end", response={204: None}, summary="End a cell")
@operation("panel.write")
def cell_ended(request: HttpRequest, cell_id: UUID) -> Any:
    """Stop asking for it."""
    actions.end_lane_cell(cell_id, at=now())
    return 204, None


@router.get("/samples", response=Listing[SampleOut], summary="Samples of the fast lane")
@operation("content.read")
def samples(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give what was drawn, the latest month first."""
    return listing(lane_reads.sample_rows(), ("-month", "id"), asked)


@router.post("/samples", response={201: list[SampleOut]}, summary="Draw samples")
@operation("content.review")
def samples_drawn(request: HttpRequest, given: MonthIn) -> Any:
    """Draw a tenth of what the fast lane released in a month, once."""
    return 201, actions.draw_samples(given.month, at=now())


@router.post("/samples/{sample_id}/verdict", response=SampleOut, summary="Judge a sample")
@operation("content.review")
def sample_judged(request: HttpRequest, sample_id: UUID, given: SampleIn) -> Any:
    """Say whether the fast lane was right; a miss closes it."""
    return actions.judge_sample(sample_id, at=now(), **given.dict())


@router.post("/samples/{sample_id}/reopen", response=SampleOut, summary="Open the fast lane")
@operation("panel.write")
def fast_lane_reopened(request: HttpRequest, sample_id: UUID, given: MendedIn) -> Any:
    """Open the fast lane again after a miss."""
    return actions.reopen_fast_lane(sample_id, mended=given.mended, at=now())


@router.post("/items/{item_id}/lead", response={201: LeadOut}, summary="Offer to sign for all")
@operation("content.write")
def lead_proposed(request: HttpRequest, item_id: UUID, given: LeadIn) -> Any:
    """Offer to sign for all parties of an item."""
    return 201, actions.propose_lead(item_id, at=now(), **given.dict())


@router.post("/items/{item_id}/lead/accept", response={201: None}, summary="Accept the signatory")
@operation("content.review")
def lead_accepted(request: HttpRequest, item_id: UUID) -> Any:
    """Accept that another party signs for one's company too."""
    actions.accept_lead(item_id, at=now())
    return 201, None


@router.get("/certificates", response=Listing[CertificateOut], summary="Certificates")
@operation("content.read")
def certificates(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give certificates of all items of which one's company was ever a party."""
    return listing(panels.certificates(), ("-issued_at", "id"), asked)
