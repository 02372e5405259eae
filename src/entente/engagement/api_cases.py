"""Operations on medical cases; for the medical side of the wall only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from entente.directory import reads as directory
from entente.engagement.actions import close_case, open_case
from entente.engagement.reads import inquiries as reads
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class CaseOut(Schema):
    """A case and its clock, without its texts."""

    id: UUID
    hcp_id: UUID
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None


class CaseFull(CaseOut):
    """A case with question and answer."""

    question: str
    answer: str


class CasesAsked(Asked):
    """Which cases."""

    standing: Text = ""
    hcp_id: UUID | None = None


class CaseIn(In):
    """What an HCP asked."""

    hcp_id: UUID
    question: LongText


class AnswerIn(In):
    """What was answered."""

    answer: LongText


@router.get("/medical-cases", response=Listing[CaseOut], summary="Medical cases")
@operation("case.read")
def cases(request: HttpRequest, asked: Query[CasesAsked]) -> Any:
    """Give the cases, the most urgent first."""
    if asked.standing not in {"", "open", "closed"}:
        raise UserError("standing is open or closed", field="standing")
    return listing(
        reads.medical_cases(standing=asked.standing, hcp_id=asked.hcp_id), reads.ORDER, asked
    )


@router.get("/medical-cases/{uuid:case_id}", response=CaseFull, summary="One medical case")
@operation("case.read")
def case(request: HttpRequest, case_id: UUID) -> Any:
    """Give one case with its texts; the ledger says who read it."""
    return reads.inquiry(case_id, at=datetime.now(UTC))


@router.post("/medical-cases", response={201: CaseFull}, summary="Open a medical case")
@operation("case.write")
def case_opened(request: HttpRequest, given: CaseIn) -> Any:
    """Record a question that an HCP asked; commercial staff wait until it is closed."""
    directory.hcp(given.hcp_id)
    return 201, open_case(given.hcp_id, given.question, at=datetime.now(UTC))


@router.post(
    "/medical-cases/{uuid:case_id}/answer", response=CaseFull, summary="Close a medical case"
)
@operation("case.write")
def case_closed(request: HttpRequest, case_id: UUID, given: AnswerIn) -> Any:
    """Close a case with the answer that was given."""
    return close_case(case_id, given.answer, at=datetime.now(UTC))
