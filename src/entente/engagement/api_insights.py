"""Operations on insights and programmes of advice; for the medical side of the wall only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from entente.engagement.actions import (
    answer_insight,
    capture_insight,
    own_insight,
    record_need,
    select_adviser,
    set_criteria,
)
from entente.engagement.reads import insights as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class InsightOut(Schema):
    """An insight."""

    id: UUID
    kind: str
    status: str
    words: str
    hcp_id: UUID | None
    product_id: UUID | None
    owner_id: UUID | None
    captured_at: datetime
    answer: str
    answered_at: datetime | None


class InsightsAsked(Asked):
    """Which insights."""

    status: Text = ""
    kind: Text = ""
    hcp_id: UUID | None = None


class InsightIn(In):
    """What was learned."""

    kind: Text
    words: LongText
    hcp_id: UUID | None = None
    product_id: UUID | None = None


class OwnerIn(In):
    """Which medical colleague."""

    owner_id: UUID


class InsightAnswerIn(In):
    """What the HCP was told, or why there is nothing to tell."""

    answer: LongText
    to_hcp: bool = True


class NeedIn(In):
    """What is to be learned, and how many people are needed for it."""

    title: Text
    need: LongText
    n_wanted: int


class CriteriaIn(In):
    """By what people are chosen."""

    criteria: LongText


class ChoiceIn(In):
    """Who, and how the criteria fit."""

    hcp_id: UUID
    why: LongText


class ChosenOut(Schema):
    """A person chosen."""

    hcp_id: UUID
    why: str
    selected_at: datetime


class AdvisoryOut(Schema):
    """A programme of advice."""

    id: UUID
    title: str
    need: str
    criteria: str
    n_wanted: int
    needed_at: datetime
    criteria_at: datetime | None


class AdvisoryFull(AdvisoryOut):
    """A programme of advice with the people chosen."""

    chosen: list[ChosenOut]


def _full(programme_id: UUID) -> dict[str, Any]:
    row = reads.advisory_programme(programme_id)
    fields = {name: getattr(row, name) for name in AdvisoryOut.model_fields}
    return {**fields, "chosen": reads.selections_of(programme_id)}


@router.get("/insights", response=Listing[InsightOut], summary="Insights")
@operation("insight.read")
def insights(request: HttpRequest, asked: Query[InsightsAsked]) -> Any:
    """Give the insights, the newest first."""
    found = reads.insights(status=asked.status, kind=asked.kind, hcp_id=asked.hcp_id)
    return listing(found, reads.ORDER, asked)


@router.post("/insights", response={201: InsightOut}, summary="Record an insight")
@operation("insight.write")
def insight_captured(request: HttpRequest, given: InsightIn) -> Any:
    """Record what was learned."""
    return 201, capture_insight(**given.model_dump(), at=datetime.now(UTC))


@router.post("/insights/{uuid:insight_id}/owner", response=InsightOut, summary="Own an insight")
@operation("insight.write")
def insight_owned(request: HttpRequest, insight_id: UUID, given: OwnerIn) -> Any:
    """Give an insight to a medical colleague."""
    return own_insight(insight_id, given.owner_id, at=datetime.now(UTC))


@router.post("/insights/{uuid:insight_id}/answer", response=InsightOut, summary="Close an insight")
@operation("insight.write")
def insight_answered(request: HttpRequest, insight_id: UUID, given: InsightAnswerIn) -> Any:
    """Close an insight with what the HCP was told."""
    return answer_insight(insight_id, given.answer, to_hcp=given.to_hcp, at=datetime.now(UTC))


@router.get("/advisory", response=Listing[AdvisoryOut], summary="Programmes of advice")
@operation("advisory.read")
def advisory(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give the programmes of advice, the newest first."""
    return listing(reads.advisory_programmes(), reads.ADVISORY_ORDER, asked)


@router.get(
    "/advisory/{uuid:programme_id}", response=AdvisoryFull, summary="One programme of advice"
)
@operation("advisory.read")
def advisory_one(request: HttpRequest, programme_id: UUID) -> Any:
    """Give one programme with the people chosen."""
    return _full(programme_id)


@router.post("/advisory", response={201: AdvisoryFull}, summary="Record a need for advice")
@operation("advisory.write")
def need_recorded(request: HttpRequest, given: NeedIn) -> Any:
    """Begin a programme of advice with its need."""
    return 201, _full(record_need(**given.model_dump(), at=datetime.now(UTC)).id)


@router.post(
    "/advisory/{uuid:programme_id}/criteria", response=AdvisoryFull, summary="Set the criteria"
)
@operation("advisory.write")
def criteria_set(request: HttpRequest, programme_id: UUID, given: CriteriaIn) -> Any:
    """Say by what people are chosen; once."""
    set_criteria(programme_id, given.criteria, at=datetime.now(UTC))
    return _full(programme_id)


@router.post(
    "/advisory/{uuid:programme_id}/selections",
    response={201: AdvisoryFull},
    summary="Choose a person",
)
@operation("advisory.write")
def adviser_selected(request: HttpRequest, programme_id: UUID, given: ChoiceIn) -> Any:
    """Choose a person after need and criteria."""
    select_adviser(programme_id, given.hcp_id, given.why, at=datetime.now(UTC))
    return 201, _full(programme_id)
