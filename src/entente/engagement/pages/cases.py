"""Medical cases: what HCPs asked, by when it is answered; for medical staff only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import reads as directory
from entente.engagement.actions import close_case, open_case
from entente.engagement.actions.medical_case import LONGEST
from entente.engagement.models import MedicalCase
from entente.engagement.reads import cases as reads
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of

STANDINGS = [("open", "Open"), ("closed", "Answered")]
SHOWN = 6


class CaseForm(forms.Form):
    """What an HCP asked, in the HCP's own words."""

    question = forms.CharField(
        label="Question, in the HCP’s own words",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Leave out whatever would identify a patient.",
    )


class AnswerForm(forms.Form):
    """What was answered."""

    answer = forms.CharField(
        label="Answer that was given", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8})
    )


def clocked(cases: list[MedicalCase], at: datetime) -> list[MedicalCase]:
    """Put beside each case how its clock stands."""
    for each in cases:
        late = each.closed_at is None and each.due_at < at
        words = "Answered" if each.closed_at else "Late" if late else "Open"
        tone = "ok" if each.closed_at else "bad" if late else "info"
        each.clock = {"words": words, "tone": tone}  # type: ignore[attr-defined]
    return cases


@page("case.read")
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases, the most urgent first."""
    at, hcp_id = datetime.now(UTC), id_of(request, "hcp")
    found = reads.cases(standing=one_of(request, "standing", ["open", "closed"]), hcp_id=hcp_id)
    part = part_of(found, reads.ORDER, request.GET)
    about = names_of([("hcp", hcp_id)])
    context = {
        "part": part,
        "rows": clocked(part.rows, at),
        "standings": STANDINGS,
        "about": next(iter(about.values()), None),
    }
    return render(request, "engagement/cases.html", context)


@page("case.write", methods=("GET", "POST"))
def new_case(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Record a question that an HCP asked."""
    person = directory.hcp(hcp_id)
    form = CaseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made = open_case(hcp_id, form.cleaned_data["question"], at=datetime.now(UTC))
        messages.success(request, "Recorded. Commercial colleagues wait until you have answered.")
        return redirect("engagement:case", made.id)
    trail = [{"label": person.display_name, "url": reverse("directory:hcp", args=[hcp_id])}]
    context = {"form": form, "person": person, "trail": trail}
    return render(request, "engagement/new_case.html", context, status=422 if form.errors else 200)


@page("case.read", methods=("GET", "POST"))
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case and take its answer."""
    at, scope = datetime.now(UTC), current_scope()
    found = reads.case(case_id, at=at)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            close_case(case_id, form.cleaned_data["answer"], at=at)
        except UserError as trouble:
            form.add_error(None, str(trouble))
        else:
            messages.success(request, "Answered. Commercial colleagues may contact this HCP again.")
            return redirect("engagement:case", case_id)
    names = names_of([("user", found.opened_by_id)])
    context = {
        "case": clocked([found], at)[0],
        "form": form,
        "opened_by": next(iter(names.values()), None),
        "may_answer": "case.write" in scope.may and found.closed_at is None,
        "trail": [{"label": "Medical cases", "url": reverse("engagement:cases")}],
    }
    return render(request, "engagement/case.html", context, status=422 if form.errors else 200)


def my_cases(scope: Scope) -> dict[str, Any]:
    """Show an MSL the open cases, the most urgent first."""
    at = datetime.now(UTC)
    found = reads.cases(standing="open")
    rows = list(found.order_by(*reads.ORDER)[:SHOWN])
    return {
        "cases": clocked(rows, at),
        "n_open": found.count(),
        "n_late": found.filter(due_at__lt=at).count(),
    }


def hcp_cases(request: HttpRequest, hcp: Any) -> dict[str, Any] | None:
    """Show medical staff a person's cases, and everybody else only that they wait."""
    scope = current_scope()
    if "case.read" in scope.may:
        rows = list(reads.cases(hcp_id=hcp.id).order_by("-opened_at", "-id")[:SHOWN])
        return {
            "cases": clocked(rows, datetime.now(UTC)),
            "medical": True,
            "may_open": "case.write" in scope.may,
        }
    return {"medical": False} if reads.is_case_open(hcp.id) else None
