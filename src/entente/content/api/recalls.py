"""Operations on recalls: what they reach, what partners and holders of print owe."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema

from entente.content import actions, reads
from entente.content.api.shapes import now, router
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation


class RecallOut(Schema):
    """A recall."""

    id: UUID
    claim_id: UUID | None
    version_id: UUID | None
    cause: str
    reason: str
    by_name: str
    decided_at: datetime
    closed_at: datetime | None


class AcknowledgementOut(Schema):
    """What a party was asked and said."""

    org_id: UUID
    asked_at: datetime
    by_name: str
    note: str
    acknowledged_at: datetime | None


class TaskOut(Schema):
    """Printed copies to account for."""

    id: UUID
    run_id: UUID
    n_accounted: int
    note: str
    done_at: datetime | None


class RecallFull(RecallOut):
    """A recall with all that is open."""

    version_ids: list[UUID]
    copies_out: dict[str, int]
    acknowledgements: list[AcknowledgementOut]
    return_tasks: list[TaskOut]


class NoteIn(In):
    """A remark, which may be empty."""

    note: LongText = ""


class PrintIn(In):
    """Printed copies."""

    holder: Text
    n_copies: int
    printed_on: date


class PrintOut(Schema):
    """Printed copies."""

    id: UUID
    version_id: UUID
    holder: str
    n_copies: int
    printed_on: date


class ReturnIn(NoteIn):
    """How many copies came back or were destroyed."""

    n_copies: int


@router.get("/recalls", response=Listing[RecallOut], summary="Recalls")
@operation("content.read")
def recalls(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give the recalls one decided or has to answer, the latest first."""
    return listing(reads.recalls(), ("-decided_at", "id"), asked)


@router.get("/recalls/{recall_id}", response=RecallFull, summary="One recall")
@operation("content.read")
def recall(request: HttpRequest, recall_id: UUID) -> Any:
    """Give a recall with what it reaches and what is still open."""
    found = reads.standing(recall_id)
    return {
        **{name: getattr(found.recall, name) for name in RecallOut.model_fields},
        "version_ids": [each.version_id for each in found.versions],
        "copies_out": {place.code: n for place, n in found.places},
        "acknowledgements": [each for each, _ in found.acknowledgements],
        "return_tasks": found.tasks,
    }


@router.post(
    "/recalls/{recall_id}/acknowledge",
    response={201: AcknowledgementOut},
    summary="Confirm a recall",
)
@operation("content.read")
def recall_acknowledged(request: HttpRequest, recall_id: UUID, given: NoteIn) -> Any:
    """Confirm for one's company that it knows and has stopped."""
    return 201, actions.acknowledge(recall_id, note=given.note, at=now())


@router.post("/versions/{version_id}/prints", response={201: PrintOut}, summary="Record print")
@operation("content.write")
def print_recorded(request: HttpRequest, version_id: UUID, given: PrintIn) -> Any:
    """Record printed copies of a released version and who holds them."""
    return 201, actions.record_print(version_id, at=now(), **given.dict())


@router.post("/return-tasks/{task_id}", response=TaskOut, summary="Account for print")
@operation("content.write")
def print_accounted(request: HttpRequest, task_id: UUID, given: ReturnIn) -> Any:
    """Account for printed copies after a recall."""
    return actions.account_for(task_id, n_copies=given.n_copies, note=given.note, at=now())
