"""The acts on a campaign's budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from entente.alliances import actions, reads
from entente.alliances.models import BudgetLine
from entente.alliances.pages.campaign import shown
from entente.alliances.pages.forms import LineForm, blame, minor
from entente.foundation.domain.money import MoneyError, to_minor
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page


@page("campaign.write", methods=("POST",))
def add_line(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Add a budget line."""
    form = LineForm(request.POST, campaign=reads.campaign(campaign_id))
    if form.is_valid():
        amount, terms = minor(form, "amount", form.currency), form.terms()
        try:
            if amount is not None and not form.errors:
                actions.add_budget_line(
                    campaign_id,
                    payer_id=UUID(form.cleaned_data["payer"]),
                    category=form.cleaned_data["category"],
                    note=form.cleaned_data["note"],
                    rule=form.cleaned_data["rule"],
                    shares=terms,
                    estimate_minor=amount,
                    at=datetime.now(UTC),
                )
        except UserError as wrong:
            blame(form, wrong)
    if form.errors:
        return shown(request, campaign_id, tab="budget", line_form=form, status=422)
    messages.success(request, "The line is added. Every side has to agree to the new budget.")
    return _back(campaign_id)


def _back(campaign_id: UUID) -> HttpResponse:
    return redirect(f"{reverse('alliances:campaign', args=[campaign_id])}?tab=budget")


def _act(
    request: HttpRequest, line_id: UUID, done: str, act: Callable[[int], BudgetLine]
) -> HttpResponse:
    line = reads.line(line_id)
    try:
        act(to_minor(request.POST.get("amount", "").replace(",", "").strip(), line.currency))
    except (UserError, MoneyError) as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, done)
    return _back(line.campaign_id)


@page("campaign.write", methods=("POST",))
def revise(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Change a line's estimate."""
    at = datetime.now(UTC)
    return _act(
        request,
        line_id,
        "The estimate is changed. Every side has to agree again.",
        lambda amount: actions.revise_estimate(line_id, estimate_minor=amount, at=at),
    )


@page("campaign.write", methods=("POST",))
def commit(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Commit money of a line."""
    at = datetime.now(UTC)
    return _act(
        request,
        line_id,
        "The money is committed.",
        lambda amount: actions.commit_line(line_id, committed_minor=amount, at=at),
    )


@page("campaign.read", methods=("POST",))
def actual(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Record what a line really cost."""
    at = datetime.now(UTC)
    evidence = request.POST.get("evidence", "")
    return _act(
        request,
        line_id,
        "The cost is recorded.",
        lambda amount: actions.record_actual(
            line_id, actual_minor=amount, evidence=evidence, at=at
        ),
    )
