"""Budget lines: estimate, commit, record what it really cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum

from entente.alliances.actions.campaigns import take_terms
from entente.alliances.actions.record import record
from entente.alliances.domain.funding import split_line
from entente.alliances.domain.states import OPEN_TO_CHANGE
from entente.alliances.models import BudgetLine, Campaign
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.domain.money import MoneyError, to_text
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

OVERRUN_PERCENT = 110


def _locked(campaign_id: UUID, *, changes_plan: bool) -> Campaign:
    lock(f"alliances.campaign:{campaign_id}")
    campaign = Campaign.objects.get(id=campaign_id)
    if changes_plan:
        if campaign.org_id != current_scope().org_id:
            raise OutOfScope("the host writes the budget; a partner agrees to it")
        if campaign.status not in OPEN_TO_CHANGE:
            raise UserError("the budget is settled: bring the campaign back to planning first")
    return campaign


def _parties(campaign: Campaign) -> list[UUID]:
    return list(campaign.sides.values_list("org_id", flat=True))


def _within_ceiling(campaign: Campaign, column: str, line: BudgetLine, amount_minor: int) -> None:
    others = campaign.budget_lines.exclude(id=line.id).aggregate(all=Sum(column))["all"] or 0
    if others + amount_minor > campaign.ceiling_minor:
        left = to_text(campaign.ceiling_minor - others, campaign.currency)
        raise UserError(
            f"only {left} {campaign.currency} are left below the campaign's ceiling", field="amount"
        )


def add_budget_line(
    campaign_id: UUID,
    *,
    payer_id: UUID,
    category: str,
    rule: str,
    estimate_minor: int,
    at: datetime,
    shares: Mapping[str, Any] | None = None,
    note: str = "",
) -> BudgetLine:
    """Add a line to a campaign's budget; every side has to agree to the new budget.

    Parameters
    ----------
    payer_id : UUID
        The party that pays the bill.
    rule, shares
        Who bears it, see ``alliances.domain.funding.split_line``.
    estimate_minor : int
        Minor units of the campaign's currency.

    Raises
    ------
    UserError
        If it would exceed the ceiling, or the rule does not say who bears all of it.
    """
    current_scope().require("campaign.write")
    campaign = _locked(campaign_id, changes_plan=True)
    parties = _parties(campaign)
    if payer_id not in parties:
        raise UserError("the payer has no side in the campaign", field="payer")
    if category not in BudgetLine.Category.values:
        raise UserError("choose what the money is for", field="category")
    try:
        split_line(estimate_minor, rule, shares or {}, [str(party) for party in parties])
    except MoneyError as problem:
        raise UserError(str(problem), field="shares") from None
    line = BudgetLine(
        org_id=campaign.org_id,
        campaign=campaign,
        payer_id=payer_id,
        category=category,
        note=note.strip(),
        rule=rule,
        shares=dict(shares or {}),
        currency=campaign.currency,
        estimate_minor=estimate_minor,
    )
    _within_ceiling(campaign, "estimate_minor", line, estimate_minor)
    line.save(force_insert=True)
    take_terms(campaign)
    _note("added", campaign, line, {"estimate_minor": estimate_minor, "rule": rule}, at)
    return line


def _note(
    what: str, campaign: Campaign, line: BudgetLine, details: dict[str, Any], at: datetime
) -> None:
    record(
        f"alliances.budget_line.{what}",
        "alliances.campaign",
        campaign.id,
        _parties(campaign),
        at=at,
        details={"line": line.id, "currency": line.currency, **details},
    )


def revise_estimate(line_id: UUID, *, estimate_minor: int, at: datetime) -> BudgetLine:
    """Change an estimate; every side has to agree to the new budget."""
    current_scope().require("campaign.write")
    campaign = _locked(BudgetLine.objects.get(id=line_id).campaign_id, changes_plan=True)
    line = campaign.budget_lines.get(id=line_id)
    if estimate_minor < line.committed_minor:
        raise UserError("the estimate is below what is already committed", field="amount")
    _within_ceiling(campaign, "estimate_minor", line, estimate_minor)
    line.estimate_minor = estimate_minor
    line.save(update_fields=["estimate_minor"])
    take_terms(campaign)
    _note("revised", campaign, line, {"estimate_minor": estimate_minor}, at)
    return line


def commit_line(line_id: UUID, *, committed_minor: int, at: datetime) -> BudgetLine:
    """Commit money of a line: an order is placed, up to the agreed estimate."""
    current_scope().require("campaign.write")
    campaign = _locked(BudgetLine.objects.get(id=line_id).campaign_id, changes_plan=False)
    line = campaign.budget_lines.get(id=line_id, org_id=current_scope().org_id)
    if campaign.status not in {"funded", "ready", "live", "paused"}:
        raise UserError("money is committed once the campaign is funded, and before it closes")
    if not 0 <= committed_minor <= line.estimate_minor:
        raise UserError("commit at most the agreed estimate", field="amount")
    _within_ceiling(campaign, "committed_minor", line, committed_minor)
    line.committed_minor = committed_minor
    line.save(update_fields=["committed_minor"])
    _note("committed", campaign, line, {"committed_minor": committed_minor}, at)
    return line


def record_actual(line_id: UUID, *, actual_minor: int, evidence: str, at: datetime) -> BudgetLine:
    """Record what a line really cost; whoever pays the bill does it, or the host.

    Raises
    ------
    UserError
        If there is no evidence, nothing was committed before, or it is more than a tenth
        above the estimate: that needs a new agreement first.
    """
    scope = current_scope()
    if scope.actor_id is not None and not {"campaign.write", "campaign.agree"} & scope.may:
        raise OutOfScope("your role does not include recording costs")
    campaign = _locked(BudgetLine.objects.get(id=line_id).campaign_id, changes_plan=False)
    line = campaign.budget_lines.get(id=line_id)
    if scope.org_id not in {line.payer_id, line.org_id}:
        raise OutOfScope("whoever pays the bill records what it cost")
    if not evidence.strip():
        raise UserError("name the invoice or other proof", field="evidence")
    if actual_minor < 0 or line.committed_minor == 0:
        raise UserError("what was spent before it was committed cannot be claimed", field="amount")
    if actual_minor * 100 > line.estimate_minor * OVERRUN_PERCENT:
        raise UserError(
            "this is more than a tenth above the estimate: revise it and let all sides agree",
            field="amount",
        )
    line.actual_minor, line.evidence = actual_minor, evidence.strip()
    line.save(update_fields=["actual_minor", "evidence"])
    _note("actual_recorded", campaign, line, {"actual_minor": actual_minor}, at)
    return line
