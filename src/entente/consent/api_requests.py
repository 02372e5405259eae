"""Operations on what people ask about their own data, and on how long what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from entente.consent import actions, reads
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["consent"])
Code = Annotated[str, StringConstraints(max_length=40)]
Reason = Annotated[str, StringConstraints(max_length=300)]
Words = Annotated[str, StringConstraints(max_length=2000)]


class RequestIn(In):
    """What a person asked about his own data."""

    hcp_id: UUID
    kind: Code
    source: Code
    words: Words = ""
    received_at: AwareDatetime | None = None


class RequestOut(Schema):
    """A request, its clock and its answer."""

    id: UUID
    hcp_id: UUID
    kind: str
    status: str
    source: str
    words: str
    received_at: datetime
    due_on: date
    extended_because: str
    verified_how: str
    closed_at: datetime | None
    closed_because: str
    outcome: list[dict[str, Any]]


class RequestsAsked(Asked):
    """Which requests; the open ones by default, an empty state for all."""

    status: Code = "open"
    kind: Code = ""


class VerifyIn(In):
    """How the identity was checked, and where the evidence lies."""

    how: Reason
    evidence: Reason = ""


class AnswerIn(In):
    """What the person was told, and where the evidence lies."""

    answer: Words
    evidence: Reason = ""


class ReasonIn(In):
    """Why."""

    reason: Reason


class RuleIn(In):
    """How long one kind of thing is kept, for what, and why so long."""

    what: Code
    purpose: Text
    keep_days: Annotated[int, Field(ge=0, le=36_525)]
    because: Reason


class RuleOut(Schema):
    """A rule of retention."""

    id: UUID
    what: str
    purpose: str
    keep_days: int
    because: str
    set_at: datetime


class DeadlineOut(Schema):
    """What is kept under which rule, how much of it is due, and when the next falls due."""

    what: str
    title: str
    from_event: str
    keep_days: int
    purpose: str
    because: str
    n_due: int
    next_at: datetime | None


class RunOut(Schema):
    """The proof of one deletion."""

    id: UUID
    rule_id: UUID
    ran_at: datetime
    ended_before: datetime
    n_deleted: int
    ids_hash: str


@router.get("/subject-requests", response=Listing[RequestOut])
@operation("subject.read")
def list_requests(request: HttpRequest, asked: Query[RequestsAsked]) -> Any:
    """List requests by last day, the next one first."""
    found = reads.subject_requests(status=asked.status, kind=asked.kind)
    return listing(found, ("due_on", "id"), asked)


@router.post("/subject-requests", response={201: RequestOut})
@operation("subject.write")
def receive_request(request: HttpRequest, given: RequestIn) -> Any:
    """Take a request and start its clock."""
    return 201, actions.receive_request(**given.dict(), at=datetime.now(UTC))


@router.get("/subject-requests/{uuid:request_id}", response=RequestOut)
@operation("subject.read")
def get_request(request: HttpRequest, request_id: UUID) -> Any:
    """Give one request."""
    return reads.subject_request(request_id)


@router.post("/subject-requests/{uuid:request_id}/verify", response=RequestOut)
@operation("subject.write")
def verify_request(request: HttpRequest, request_id: UUID, given: VerifyIn) -> Any:
    """Note how the identity was checked."""
    actions.verify_request(request_id, **given.dict(), at=datetime.now(UTC))
    return reads.subject_request(request_id)


@router.post("/subject-requests/{uuid:request_id}/start", response=RequestOut)
@operation("subject.write")
def start_request(request: HttpRequest, request_id: UUID) -> Any:
    """Note that somebody works on it."""
    actions.start_request(request_id, at=datetime.now(UTC))
    return reads.subject_request(request_id)


@router.post("/subject-requests/{uuid:request_id}/extend", response=RequestOut)
@operation("subject.write")
def extend_request(request: HttpRequest, request_id: UUID, given: ReasonIn) -> Any:
    """Give it two months more, once."""
    actions.extend_request(request_id, reason=given.reason, at=datetime.now(UTC))
    return reads.subject_request(request_id)


@router.post("/subject-requests/{uuid:request_id}/answer", response=RequestOut)
@operation("subject.write")
def answer_request(request: HttpRequest, request_id: UUID, given: AnswerIn) -> Any:
    """Answer it; an erasure is carried out with the answer."""
    return actions.answer_request(request_id, **given.dict(), at=datetime.now(UTC))


@router.post("/subject-requests/{uuid:request_id}/refuse", response=RequestOut)
@operation("subject.write")
def refuse_request(request: HttpRequest, request_id: UUID, given: ReasonIn) -> Any:
    """Refuse it and say why."""
    actions.refuse_request(request_id, reason=given.reason, at=datetime.now(UTC))
    return reads.subject_request(request_id)


@router.post("/subject-requests/{uuid:request_id}/withdraw", response=RequestOut)
@operation("subject.write")
def withdraw_request(request: HttpRequest, request_id: UUID, given: ReasonIn) -> Any:
    """Note that the person took it back."""
    actions.withdraw_request(request_id, reason=given.reason, at=datetime.now(UTC))
    return reads.subject_request(request_id)


@router.post("/hcps/{uuid:hcp_id}/export", response=dict[str, Any])
@operation("subject.write")
def export_person(request: HttpRequest, hcp_id: UUID) -> Any:
    """Give all that is held about a person; it leaves an entry in the ledger."""
    return actions.export_person(hcp_id, at=datetime.now(UTC))


@router.get("/retention", response=list[DeadlineOut])
@operation("retention.read")
def list_deadlines(request: HttpRequest) -> Any:
    """List what is kept how long, and what falls due next."""
    return [
        {
            "what": each.disposal.what,
            "title": each.disposal.title,
            "from_event": each.disposal.from_event,
            "keep_days": each.keep_days,
            "purpose": each.purpose,
            "because": each.because,
            "n_due": each.n_due,
            "next_at": each.next_at,
        }
        for each in reads.deadlines(datetime.now(UTC))
    ]


@router.post("/retention", response={201: RuleOut})
@operation("retention.write")
def set_rule(request: HttpRequest, given: RuleIn) -> Any:
    """Set how long one kind of thing is kept, from now on."""
    return 201, actions.set_retention_rule(**given.dict(), at=datetime.now(UTC))


@router.get("/retention/proofs", response=Listing[RunOut])
@operation("retention.read")
def list_proofs(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List the proofs of deletion, the newest first."""
    return listing(reads.runs(), ("-ran_at", "-id"), asked)
