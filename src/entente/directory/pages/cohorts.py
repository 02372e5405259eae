"""Cohorts: the list, one with its counts, drafting, signing, withdrawing; centres."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from entente.directory import actions
from entente.directory.domain.territories import split_lines, split_words
from entente.directory.models import CohortRule, Hco
from entente.directory.models.cohorts import LEAST_CELL
from entente.directory.pages.territories import parse_id, today
from entente.directory.reads import cohorts as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of

TRAIL = "Cohorts"


def _trail() -> list[dict[str, str]]:
    return [{"label": TRAIL, "url": reverse("directory:cohorts")}]


@page("cohort.read")
def cohorts(request: HttpRequest) -> HttpResponse:
    """List the rules with where they stand."""
    on = today()
    part = part_of(reads.cohorts(), ("-drafted_at", "-id"), request.GET)
    rows = [(rule, reads.why_not_usable(rule, on)) for rule in part.rows]
    return render(request, "directory/cohorts.html", {"rows": rows, "part": part})


class CohortForm(forms.Form):
    """Which professionals a cohort means, what for, and until when."""

    name = forms.CharField(label="Name", max_length=120)
    purpose = forms.CharField(
        label="What it is for", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    specialties = forms.CharField(
        label="Specialties", required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, as the directory writes them.",
    )  # fmt: skip
    taxonomy_codes = forms.CharField(
        label="Taxonomy codes", required=False, max_length=2000,
        help_text="Parted by blanks: 2080P0216X 207SG0201X",
    )  # fmt: skip
    centre_area = forms.CharField(
        label="Works at a centre of excellence for", required=False, max_length=120
    )
    states = forms.CharField(label="States", required=False, max_length=400)
    minimum_cell = forms.IntegerField(
        label="Tell no number below", min_value=LEAST_CELL, initial=LEAST_CELL
    )
    expires_on = forms.DateField(
        label="Last day", widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Within a year.",
    )  # fmt: skip

    def terms(self) -> actions.CohortTerms:
        """Give the rule as it was typed."""
        given = self.cleaned_data
        return actions.CohortTerms(
            name=given["name"], purpose=given["purpose"], expires_on=given["expires_on"],
            states=[word.upper() for word in split_words(given["states"])],
            specialties=split_lines(given["specialties"]),
            taxonomy_codes=split_words(given["taxonomy_codes"]),
            centre_area=given["centre_area"], minimum_cell=given["minimum_cell"],
        )  # fmt: skip


@page("cohort.write", methods=("GET", "POST"))
def draft(request: HttpRequest) -> HttpResponse:
    """Draft a rule."""
    form = CohortForm(
        request.POST if request.method == "POST" else None,
        initial={"expires_on": today() + timedelta(days=180)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_cohort(form.terms(), at=datetime.now(UTC))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, "Drafted; a privacy officer has to sign it.")
            return redirect("directory:cohort", made.id)
    return render(
        request,
        "directory/cohort_form.html",
        {"form": form, "trail": _trail()},
        status=422 if form.errors else 200,
    )


@page("cohort.read")
def cohort(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Show one rule with its counts, small ones hidden."""
    rule, on = reads.cohort(rule_id), today()
    scope = current_scope()
    is_draft = rule.status == CohortRule.Status.DRAFT
    context = {
        "rule": rule,
        "counts": reads.counts_of(rule, on),
        "why_not": reads.why_not_usable(rule, on),
        "may_sign": is_draft and "cohort.sign" in scope.may and scope.actor_id != rule.author_id,
        "may_withdraw": rule.status != CohortRule.Status.WITHDRAWN
        and bool({"cohort.sign", "cohort.write"} & scope.may),
        "trail": _trail(),
    }
    return render(request, "directory/cohort.html", context)


@page("cohort.sign", methods=("POST",))
def sign(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Sign a rule with the password."""
    try:
        actions.sign_cohort(
            rule_id, password=request.POST.get("password") or "", at=datetime.now(UTC)
        )
    except (UserError, NotSigned) as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "Signed; the cohort can be used until it expires.")
    return redirect("directory:cohort", rule_id)


@page("cohort.read", methods=("POST",))
def withdraw(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Withdraw a rule."""
    try:
        actions.withdraw_cohort(
            rule_id, reason=request.POST.get("reason") or "", at=datetime.now(UTC)
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "Withdrawn; it is not used any more.")
    return redirect("directory:cohort", rule_id)


@page("cohort.write", methods=("POST",))
def centre(request: HttpRequest, hco_id: UUID) -> HttpResponse:
    """Call an organisation a centre of excellence, or end that."""
    hco, at = get_object_or_404(Hco, id=hco_id), datetime.now(UTC)
    ended = parse_id(request.POST.get("centre"))
    try:
        if ended is not None:
            actions.end_centre(ended, on=at.date(), at=at)
        else:
            area = (request.POST.get("area") or "")[:120]
            actions.name_centre(hco.id, area, from_on=at.date(), at=at)
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "Recorded.")
    return redirect("directory:hco", hco.id)


def hco_panel(request: HttpRequest, hco: Hco) -> dict[str, Any] | None:
    """Give the areas for which an organisation is a centre of excellence."""
    found = reads.centres_of(hco.id, today())
    may_write = "cohort.write" in current_scope().may
    return {"hco": hco, "centres": found, "may_write": may_write} if found or may_write else None
