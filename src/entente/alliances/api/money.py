"""Operations on budgets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from entente.alliances import actions, reads
from entente.alliances.api.shapes import (
    ActualIn,
    AmountIn,
    BudgetOut,
    LineIn,
    LineOut,
    now,
    router,
)
from entente.foundation.web.doors import operation


@router.get("/campaigns/{campaign_id}/budget", response=BudgetOut, summary="Budget by side")
@operation("campaign.read")
def budget(request: HttpRequest, campaign_id: UUID) -> Any:
    """Give all lines, exactly split, and the totals and true-up of each side."""
    return reads.budget(reads.campaign(campaign_id))


@router.post("/campaigns/{campaign_id}/lines", response={201: LineOut}, summary="Add a budget line")
@operation("campaign.write")
def line_added(request: HttpRequest, campaign_id: UUID, given: LineIn) -> Any:
    """Add a line; every side agrees to the new budget."""
    return 201, actions.add_budget_line(campaign_id, at=now(), **given.dict())


@router.post("/lines/{line_id}/revise", response=LineOut, summary="Change an estimate")
@operation("campaign.write")
def line_revised(request: HttpRequest, line_id: UUID, given: AmountIn) -> Any:
    """Change an estimate; every side agrees to the new budget."""
    return actions.revise_estimate(line_id, estimate_minor=given.amount_minor, at=now())


@router.post("/lines/{line_id}/commit", response=LineOut, summary="Commit money")
@operation("campaign.write")
def line_committed(request: HttpRequest, line_id: UUID, given: AmountIn) -> Any:
    """Commit money of a line, up to its estimate."""
    return actions.commit_line(line_id, committed_minor=given.amount_minor, at=now())


@router.post("/lines/{line_id}/actual", response=LineOut, summary="Record a cost")
@operation("campaign.read")
def line_actual(request: HttpRequest, line_id: UUID, given: ActualIn) -> Any:
    """Record what a line really cost; whoever pays the bill does it, or the host."""
    return actions.record_actual(
        line_id, actual_minor=given.amount_minor, evidence=given.evidence, at=now()
    )
