"""Operations on access cases, programmes with their counts, centres."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.directory.reads import cohorts as directory_cohorts
from entente.engagement.actions import (
    AccessRequest,
    ProgrammePlan,
    add_access_step,
    assign_access_case,
    close_access_case,
    open_access_case,
    record_counts,
    save_programme,
)
from entente.engagement.domain.programme_counts import read_counts
from entente.engagement.reads import access as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])
MOST_COUNTS = 5_000


class CaseOut(Schema):
    """An access case and its clock, without its texts."""

    id: UUID
    hcp_id: UUID | None
    hco_id: UUID | None
    inquiry_id: UUID | None
    programme_id: UUID | None
    kind: str
    opened_at: datetime
    due_at: datetime
    assignee_id: UUID | None
    closed_at: datetime | None


class StepOut(Schema):
    """A step of a case."""

    id: UUID
    kind: str
    note: str
    version_id: UUID | None
    by_id: UUID | None
    happened_at: datetime


class CaseFull(CaseOut):
    """An access case with its texts and steps."""

    request: str
    outcome: str
    steps: list[StepOut]


class CasesAsked(Asked):
    """Which cases."""

    standing: Text = ""
    kind: Text = ""
    hcp_id: UUID | None = None
    hco_id: UUID | None = None


class CaseIn(In):
    """What a clinic needs; nothing about a patient."""

    kind: Text
    request: LongText
    hcp_id: UUID | None = None
    hco_id: UUID | None = None
    programme_id: UUID | None = None
    inquiry_id: UUID | None = None
    priority: Text = "normal"


class StepIn(In):
    """What was done."""

    kind: Text
    note: LongText = ""
    version_id: UUID | None = None


class ManagerIn(In):
    """Which access manager."""

    assignee_id: UUID


class OutcomeIn(In):
    """What came of it."""

    outcome: LongText


class ProgrammeOut(Schema):
    """A programme and what is known of its enrolments."""

    id: UUID
    name: str
    kind: str
    what: str
    for_whom: str
    country: str
    url: str
    product_id: UUID | None


class ProgrammeIn(In):
    """A programme."""

    name: Text
    kind: Text
    what: LongText
    for_whom: LongText
    country: Text
    url: LongText = ""
    product_id: UUID | None = None


class CountOut(Schema):
    """A cell; ``n_enrolled`` is null where it is under eleven."""

    id: UUID
    region: str
    month: date
    n_enrolled: int | None


class CountIn(In):
    """A cell of a monthly table."""

    programme: Text
    region: Text
    month: Text
    enrolled: int = Field(ge=0, le=999_999_999)


class CountsIn(In):
    """Cells of a monthly table."""

    counts: list[CountIn] = Field(max_length=MOST_COUNTS)


class WrongOut(Schema):
    """A cell that was not taken."""

    line: int
    field: str
    remedy: str


class CountsOut(Schema):
    """What became of them."""

    new: int
    changed: int
    unchanged: int
    refused: list[WrongOut]


class CentreOut(Schema):
    """A centre."""

    id: UUID
    hco_id: UUID
    area: str
    from_on: date


def _full(case_id: UUID) -> dict[str, Any]:
    row = reads.case(case_id, at=datetime.now(UTC))
    fields = {name: getattr(row, name) for name in CaseFull.model_fields if name != "steps"}
    return {**fields, "steps": reads.steps_of(case_id)}


@router.get("/access-cases", response=Listing[CaseOut], summary="Access cases")
@operation("access.read")
def access_cases(request: HttpRequest, asked: Query[CasesAsked]) -> Any:
    """Give the access cases, the most urgent first."""
    found = reads.cases(
        standing=asked.standing, kind=asked.kind, hcp_id=asked.hcp_id, hco_id=asked.hco_id
    )
    return listing(found, reads.ORDER, asked)


@router.get("/access-cases/{uuid:case_id}", response=CaseFull, summary="One access case")
@operation("access.read")
def access_case(request: HttpRequest, case_id: UUID) -> Any:
    """Give one case with its texts and steps; the ledger says who read it."""
    return _full(case_id)


@router.post("/access-cases", response={201: CaseFull}, summary="Open an access case")
@operation("access.write")
def access_case_opened(request: HttpRequest, given: CaseIn) -> Any:
    """Open a case of a clinic."""
    made = open_access_case(AccessRequest(**given.model_dump()), at=datetime.now(UTC))
    return 201, _full(made.id)


@router.post(
    "/access-cases/{uuid:case_id}/steps", response={201: CaseFull}, summary="Add a step to a case"
)
@operation("access.write")
def access_step_added(request: HttpRequest, case_id: UUID, given: StepIn) -> Any:
    """Note what was done: a hand-off, a template, a word."""
    add_access_step(
        case_id, given.kind, given.note, version_id=given.version_id, at=datetime.now(UTC)
    )
    return 201, _full(case_id)


@router.post(
    "/access-cases/{uuid:case_id}/assignee", response=CaseFull, summary="Give a case to a colleague"
)
@operation("access.write")
def access_case_assigned(request: HttpRequest, case_id: UUID, given: ManagerIn) -> Any:
    """Give a case to another access manager."""
    assign_access_case(case_id, given.assignee_id, at=datetime.now(UTC))
    return _full(case_id)


@router.post(
    "/access-cases/{uuid:case_id}/outcome", response=CaseFull, summary="Close an access case"
)
@operation("access.write")
def access_case_closed(request: HttpRequest, case_id: UUID, given: OutcomeIn) -> Any:
    """Close a case with what came of it."""
    close_access_case(case_id, given.outcome, at=datetime.now(UTC))
    return _full(case_id)


@router.get("/programmes", response=Listing[ProgrammeOut], summary="Support programmes")
@operation("support.read")
def programmes(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give the programmes and resources for patients."""
    return listing(reads.programmes(), ("name", "id"), asked)


@router.post("/programmes", response={201: ProgrammeOut}, summary="Enter a support programme")
@operation("support.write")
def programme_saved(request: HttpRequest, given: ProgrammeIn) -> Any:
    """Keep a programme; one of the same name is changed."""
    return 201, save_programme(ProgrammePlan(**given.model_dump()), at=datetime.now(UTC))


@router.get(
    "/programmes/{uuid:programme_id}/counts",
    response=Listing[CountOut],
    summary="Enrolments of a programme",
)
@operation("support.read")
def programme_counts(request: HttpRequest, programme_id: UUID, asked: Query[Asked]) -> Any:
    """Give monthly counts by region; what is under eleven is not kept."""
    reads.programme(programme_id)
    return listing(reads.counts_of(programme_id), reads.COUNT_ORDER, asked)


@router.post("/programme-counts", response=CountsOut, summary="Record enrolments")
@operation("support.write")
def programme_counts_recorded(request: HttpRequest, given: CountsIn) -> Any:
    """Keep monthly counts by programme and region; never rows of patients."""
    rows = [
        (line, {name: str(value) for name, value in cell.model_dump().items()})
        for line, cell in enumerate(given.counts, start=1)
    ]
    counts, wrong = read_counts(rows)
    told, more = record_counts(counts, at=datetime.now(UTC))
    return {**vars(told), "refused": [*wrong, *more]}


@router.get("/centres", response=Listing[CentreOut], summary="Centres of excellence")
@operation("support.read")
def centres(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give the centres that are named today, by their field of disease."""
    found = directory_cohorts.centres(on=datetime.now(UTC).date())
    return listing(found, ("area", "id"), asked)
