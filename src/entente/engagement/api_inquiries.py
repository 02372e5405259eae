"""Operations on questions: captured, worked at their desk, answered; routes; case reports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema

from entente.engagement.actions import (
    Answer,
    Question,
    acknowledge_report,
    answer_inquiry,
    assign_inquiry,
    capture_inquiry,
    hand_over_inquiry,
    set_route,
)
from entente.engagement.actions.question_links import give_question_link
from entente.engagement.domain.routing import Way
from entente.engagement.reads import inquiries as reads
from entente.engagement.reads import routes as route_reads
from entente.engagement.reads import safety
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class ClockOut(Schema):
    """What a submitter may know of a question: whom it is from, its clock, whether it is open."""

    id: UUID
    hcp_id: UUID
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None


class InquiryOut(ClockOut):
    """A question at a desk, without its texts."""

    root_id: UUID
    kind: str
    desk: str
    source: str
    priority: str
    assignee_id: UUID | None
    answer_state: str


class InquiryFull(InquiryOut):
    """A question with its words, proof and answer."""

    question: str
    is_unsolicited: bool
    signed_by: str
    link_id: UUID | None
    product_id: UUID | None
    answer: str
    version_id: UUID | None
    decision_id: UUID | None


class InquiriesAsked(Asked):
    """Which questions."""

    standing: Text = ""
    kind: Text = ""
    desk: Text = ""
    hcp_id: UUID | None = None
    assignee_id: UUID | None = None


class InquiryIn(In):
    """What an HCP asked of their own accord."""

    hcp_id: UUID
    words: LongText
    kind: Text = "scientific"
    source: Text = "visit"
    is_unsolicited: bool = True
    signed_by: Text = ""
    priority: Text = "normal"
    product_id: UUID | None = None


class AssigneeIn(In):
    """Which colleague."""

    assignee_id: UUID


class HandOverIn(In):
    """To the desk of which kind, and why."""

    kind: Text
    reason: Text


class AnswerIn(In):
    """What is answered."""

    words: LongText = ""
    version_id: UUID | None = None
    by_email: bool = False


class RouteOut(Schema):
    """A line of the routing table."""

    kind: str
    desk: str
    normal_hours: int
    urgent_hours: int
    deliver_to: str


class RouteIn(In):
    """What a line says."""

    desk: Text
    normal_hours: int
    urgent_hours: int
    deliver_to: Text = ""


class ReportOut(Schema):
    """A case report and its clock."""

    id: UUID
    inquiry_id: UUID
    status: str
    address: str
    due_at: datetime
    sent_at: datetime | None
    outcome: str
    acknowledged_at: datetime | None
    reference: str


class ReportFull(ReportOut):
    """A case report with what it says."""

    contents: dict[str, Any]


class AcknowledgedIn(In):
    """Under which number the safety system has it."""

    reference: Text


class LinkOut(Schema):
    """A link with which one person asks."""

    url: str


@router.get("/inquiries", response=Listing[InquiryOut], summary="Questions of one's desk")
@operation("inquiry.work")
def inquiries(request: HttpRequest, asked: Query[InquiriesAsked]) -> Any:
    """Give the questions that one may read, the most urgent first."""
    found = reads.inquiries(
        standing=asked.standing,
        kind=asked.kind,
        desk=asked.desk,
        hcp_id=asked.hcp_id,
        assignee_id=asked.assignee_id,
    )
    return listing(found, reads.ORDER, asked)


@router.get("/inquiries/mine", response=list[ClockOut], summary="Questions that one captured")
@operation("inquiry.capture")
def my_inquiries(request: HttpRequest) -> Any:
    """Give the clocks of what one captured; the words are with the desk that answers."""
    return reads.mine()


@router.get("/inquiries/{uuid:inquiry_id}", response=InquiryFull, summary="One question")
@operation("inquiry.work")
def inquiry(request: HttpRequest, inquiry_id: UUID) -> Any:
    """Give one question with its texts; the ledger says who read it."""
    return reads.inquiry(inquiry_id, at=datetime.now(UTC))


@router.post("/inquiries", response={201: ClockOut}, summary="Capture a question")
@operation("inquiry.capture")
def inquiry_captured(request: HttpRequest, given: InquiryIn) -> Any:
    """Record a question and send it to its desk; the answer holds no words."""
    return 201, capture_inquiry(Question(**given.model_dump()), at=datetime.now(UTC))


@router.post(
    "/inquiries/{uuid:inquiry_id}/assignee", response=InquiryOut, summary="Give to a colleague"
)
@operation("inquiry.work")
def inquiry_assigned(request: HttpRequest, inquiry_id: UUID, given: AssigneeIn) -> Any:
    """Give a question to a colleague of its desk."""
    return assign_inquiry(inquiry_id, given.assignee_id, at=datetime.now(UTC))


@router.post(
    "/inquiries/{uuid:inquiry_id}/hand-over", response=ClockOut, summary="Hand a question over"
)
@operation("inquiry.work")
def inquiry_handed_over(request: HttpRequest, inquiry_id: UUID, given: HandOverIn) -> Any:
    """Send a question to another desk; across the wall it cannot be read again."""
    return hand_over_inquiry(inquiry_id, given.kind, given.reason, at=datetime.now(UTC))


@router.post(
    "/inquiries/{uuid:inquiry_id}/answer", response=InquiryFull, summary="Answer a question"
)
@operation("inquiry.work")
def inquiry_answered(request: HttpRequest, inquiry_id: UUID, given: AnswerIn) -> Any:
    """Ask the gate for an answer; ``answer_state`` says what became of it."""
    return answer_inquiry(inquiry_id, Answer(**given.model_dump()), at=datetime.now(UTC))


@router.post(
    "/hcps/{uuid:hcp_id}/question-link", response={201: LinkOut}, summary="A link for questions"
)
@operation("inquiry.capture")
def question_link(request: HttpRequest, hcp_id: UUID) -> Any:
    """Make the link with which a person asks without signing in."""
    made = give_question_link(hcp_id, at=datetime.now(UTC))
    return 201, {"url": settings.SITE_URL + made}


@router.get("/inquiry-routes", response=list[RouteOut], summary="The routing table")
@operation("inquiry.route")
def routes(request: HttpRequest) -> Any:
    """Give the line of every kind, the default where none is set."""
    return [{"kind": kind, **vars(way)} for kind, way in route_reads.ways().items()]


@router.put("/inquiry-routes/{kind}", response=RouteOut, summary="Set a route")
@operation("inquiry.route")
def route_set(request: HttpRequest, kind: str, given: RouteIn) -> Any:
    """Set one line of the routing table."""
    return set_route(kind, Way(**given.model_dump()), at=datetime.now(UTC))


@router.get("/case-reports", response=Listing[ReportOut], summary="Case reports")
@operation("safety.read")
def case_reports(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give the case reports by their clock."""
    return listing(safety.reports(), safety.ORDER, asked)


@router.get("/case-reports/{uuid:report_id}", response=ReportFull, summary="One case report")
@operation("safety.read")
def case_report(request: HttpRequest, report_id: UUID) -> Any:
    """Give one report with what it says; the ledger says who read it."""
    row = safety.report_read(report_id, at=datetime.now(UTC))
    fields = {name: getattr(row, name) for name in ReportOut.model_fields}
    return {**fields, "contents": safety.contents(row)}


@router.post(
    "/case-reports/{uuid:report_id}/acknowledgement",
    response=ReportOut,
    summary="Acknowledge a case report",
)
@operation("safety.write")
def case_report_acknowledged(request: HttpRequest, report_id: UUID, given: AcknowledgedIn) -> Any:
    """Record that the safety system has a report; a program may do so."""
    return acknowledge_report(report_id, given.reference, at=datetime.now(UTC))
