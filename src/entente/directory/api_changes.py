"""Operations on change requests: ask, prove, submit, withdraw, decide line by line."""

from __future__ import annotations

import binascii
from base64 import b64decode
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.directory import actions, reads
from entente.directory.adapters.evidence_files import as_file
from entente.directory.models import ChangeRequest
from entente.directory.reads import change_requests
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, listing
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])
ASK = "change.request"
Name = Annotated[str, StringConstraints(max_length=32)]
Value = Annotated[str, StringConstraints(max_length=300)]
Reason = Annotated[str, StringConstraints(max_length=500)]


class ChangesAsked(Asked):
    """How the list of requests is narrowed."""

    status: Annotated[str, StringConstraints(max_length=20)] = ""


class ChangeIn(In):
    """What should be changed, by field, and how it is known."""

    values: Annotated[dict[Name, Value], Field(min_length=1, max_length=50)]
    reason: Reason
    submit: bool = True


class EvidenceIn(In):
    """A file that proves a change, in base64; PDF, PNG or JPEG. Larger than 3.5 MB: by page."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    content_base64: Annotated[str, StringConstraints(min_length=4, max_length=5_000_000)]


class VerdictIn(In):
    """What a steward says to one line."""

    field: Name
    accept: bool
    answer: Reason = ""


class VerdictsIn(In):
    """Verdicts on some lines; the others stay open."""

    verdicts: Annotated[list[VerdictIn], Field(min_length=1, max_length=50)]
    stale_known: bool = False


class LineOut(Schema):
    """A line: what the record said, what is asked, what it says now, and the verdict."""

    field: str
    old_value: str
    new_value: str
    now: str
    is_stale: bool
    verdict: str
    answer: str
    decided_at: datetime | None


class EvidenceOut(Schema):
    """A file that proves a request."""

    id: UUID
    name: str
    content_type: str
    n_bytes: int
    sha256: str
    added_at: datetime


class ChangeOut(Schema):
    """A change request."""

    id: UUID
    hcp_id: UUID
    status: str
    reason: str
    asked_by_id: UUID
    asked_at: datetime
    submitted_at: datetime | None
    closed_at: datetime | None


class ChangeWhole(ChangeOut):
    """A change request with its lines and evidence; ``record_id`` is the record of today."""

    record_id: UUID
    lines: list[LineOut]
    evidence: list[EvidenceOut]


def _whole(request_id: UUID) -> dict[str, Any]:
    found: ChangeRequest = change_requests.change(request_id)
    record = change_requests.record_of(found, datetime.now(UTC))
    return {
        **{name: getattr(found, name) for name in ChangeOut.model_fields},
        "record_id": record.id,
        "lines": [
            {
                "field": seen.line.field, "old_value": seen.line.old_value,
                "new_value": seen.line.new_value, "now": seen.now, "is_stale": seen.is_stale,
                "verdict": seen.line.verdict, "answer": seen.line.answer,
                "decided_at": seen.line.decided_at,
            }
            for seen in change_requests.lines_seen(found, record)
        ],
        "evidence": change_requests.evidence_of(found),
    }  # fmt: skip


@router.get("/changes", response=Listing[ChangeOut])
@operation(ASK)
def list_changes(request: HttpRequest, asked: Query[ChangesAsked]) -> Any:
    """List change requests, the newest first; those who do not decide see their own."""
    return listing(change_requests.changes(asked.status), change_requests.ORDER, asked)


@router.post("/hcps/{uuid:hcp_id}/changes", response={201: ChangeWhole})
@operation(ASK)
def suggest_change(request: HttpRequest, hcp_id: UUID, given: ChangeIn) -> Any:
    """Ask for changes of a record, at once or as a draft."""
    at = datetime.now(UTC)
    reads.hcp(hcp_id)
    made = actions.draft_change(hcp_id, given.values, reason=given.reason, at=at)
    if given.submit:
        actions.submit_change(made.id, at=at)
    return 201, _whole(made.id)


@router.get("/changes/{uuid:request_id}", response=ChangeWhole)
@operation(ASK)
def get_change(request: HttpRequest, request_id: UUID) -> Any:
    """Give one request with its lines and evidence."""
    return _whole(request_id)


@router.post("/changes/{uuid:request_id}/submit", response=ChangeWhole)
@operation(ASK)
def submit_change(request: HttpRequest, request_id: UUID) -> Any:
    """Hand a draft to the stewards."""
    actions.submit_change(request_id, at=datetime.now(UTC))
    return _whole(request_id)


@router.post("/changes/{uuid:request_id}/withdraw", response=ChangeWhole)
@operation(ASK)
def withdraw_change(request: HttpRequest, request_id: UUID) -> Any:
    """Withdraw one's own request; that is final."""
    actions.withdraw_change(request_id, at=datetime.now(UTC))
    return _whole(request_id)


@router.post("/changes/{uuid:request_id}/verdicts", response=ChangeWhole)
@operation("change.decide")
def decide_change(request: HttpRequest, request_id: UUID, given: VerdictsIn) -> Any:
    """Accept or reject lines; what is accepted holds at once as verified."""
    verdicts = {each.field: actions.Verdict(each.accept, each.answer) for each in given.verdicts}
    actions.decide_change(request_id, verdicts, at=datetime.now(UTC), stale_known=given.stale_known)
    return _whole(request_id)


@router.post("/changes/{uuid:request_id}/evidence", response={201: EvidenceOut})
@operation(ASK)
def add_evidence(request: HttpRequest, request_id: UUID, given: EvidenceIn) -> Any:
    """Add a file that proves one's own request."""
    try:
        content = b64decode(given.content_base64, validate=True)
    except binascii.Error:
        raise UserError("This is no base64.", field="content_base64") from None
    made = actions.add_evidence(request_id, name=given.name, content=content, at=datetime.now(UTC))
    return 201, made


@router.get("/changes/{uuid:request_id}/evidence/{uuid:evidence_id}")
@operation(ASK)
def get_evidence(request: HttpRequest, request_id: UUID, evidence_id: UUID) -> Any:
    """Give a file that proves a request; who read it is kept in the ledger."""
    return as_file(actions.read_evidence(request_id, evidence_id, at=datetime.now(UTC)))
