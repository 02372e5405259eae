"""Operations on cohort rules; counts only, small ones hidden."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.directory import actions
from entente.directory.models.cohorts import LEAST_CELL
from entente.directory.reads import cohorts as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, listing
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])
Words = Annotated[list[Annotated[str, StringConstraints(max_length=250)]], Field(max_length=200)]
Codes = Annotated[list[Annotated[str, StringConstraints(max_length=10)]], Field(max_length=200)]
Password = Annotated[str, StringConstraints(max_length=200)]


class CohortIn(In):
    """Which professionals a cohort means, what for, and until when."""

    name: Annotated[str, StringConstraints(max_length=120)]
    purpose: Annotated[str, StringConstraints(max_length=500)]
    expires_on: date
    countries: Codes = []
    states: Codes = []
    specialties: Words = []
    taxonomy_codes: Codes = []
    centre_area: Annotated[str, StringConstraints(max_length=120)] = ""
    minimum_cell: Annotated[int, Field(ge=1, le=100_000)] = LEAST_CELL


class SignatureIn(In):
    """The password signs."""

    password: Password


class ReasonIn(In):
    """Why."""

    reason: Annotated[str, StringConstraints(max_length=300)]


class CohortOut(Schema):
    """A cohort rule."""

    id: UUID
    name: str
    purpose: str
    countries: list[str]
    states: list[str]
    specialties: list[str]
    taxonomy_codes: list[str]
    centre_area: str
    minimum_cell: int
    expires_on: date
    status: str


class CountsOut(Schema):
    """How many people a rule means; null where too few."""

    total: int | None
    by_state: dict[str, int | None]
    why_not_usable: str


@router.get("/cohorts", response=Listing[CohortOut])
@operation("cohort.read")
def list_cohorts(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List the cohort rules of the caller's organisation."""
    return listing(reads.cohorts(), ("-drafted_at", "-id"), asked)


@router.post("/cohorts", response={201: CohortOut})
@operation("cohort.write")
def draft_cohort(request: HttpRequest, given: CohortIn) -> Any:
    """Draft a rule; a privacy officer signs it before it is used."""
    return 201, actions.draft_cohort(actions.CohortTerms(**given.dict()), at=datetime.now(UTC))


@router.get("/cohorts/{uuid:rule_id}", response=CohortOut)
@operation("cohort.read")
def get_cohort(request: HttpRequest, rule_id: UUID) -> Any:
    """Give one rule."""
    return reads.cohort(rule_id)


@router.get("/cohorts/{uuid:rule_id}/counts", response=CountsOut)
@operation("cohort.read")
def get_cohort_counts(request: HttpRequest, rule_id: UUID) -> Any:
    """Count the people a rule means by state; small numbers are hidden."""
    rule, on = reads.cohort(rule_id), datetime.now(UTC).date()
    counts = reads.counts_of(rule, on)
    return {
        "total": counts.total,
        "by_state": dict(counts.by_state),
        "why_not_usable": reads.why_not_usable(rule, on),
    }


@router.post("/cohorts/{uuid:rule_id}/signature", response=CohortOut)
@operation("cohort.sign")
def sign_cohort(request: HttpRequest, rule_id: UUID, given: SignatureIn) -> Any:
    """Sign a rule as privacy officer; the author cannot."""
    return actions.sign_cohort(rule_id, password=given.password, at=datetime.now(UTC))


@router.post("/cohorts/{uuid:rule_id}/withdrawal", response=CohortOut)
@operation("cohort.read")
def withdraw_cohort(request: HttpRequest, rule_id: UUID, given: ReasonIn) -> Any:
    """Withdraw a rule; needs the right to draft or to sign."""
    return actions.withdraw_cohort(rule_id, reason=given.reason, at=datetime.now(UTC))
