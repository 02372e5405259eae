"""Expenses: meals as they were, each HCP's part, and what the gate says of each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import reads as directory
from entente.engagement.actions import record_expense
from entente.engagement.forms import MealForm, ids_of
from entente.engagement.models import Expense
from entente.engagement.reads import expenses as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import to_text
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of
from entente.policy.reads.reasons import reasons_of

ORDER = ("-spent_on", "-id")
HEAD = (
    "id",
    "spent_on",
    "kind",
    "setting",
    "country",
    "total",
    "currency",
    "headcount",
    "hcps",
    "standing",
)
TONES = {"cleared": "ok", "referred": "warn", "breach": "bad"}
MOST_PEOPLE = 200
FOUND = 8
SAID = {
    "cleared": "Recorded. The gate lets it stand.",
    "referred": "Recorded. A person has to look at it: the reasons stand below.",
    "breach": "Recorded, against a rule: compliance sees it, and the reasons stand below.",
}


@page("expense.read")
def expenses(request: HttpRequest) -> HttpResponse:
    """List the expenses of the organisation."""
    found = reads.expenses(
        standing=one_of(request, "standing", Expense.Standing.values),
        kind=one_of(request, "kind", Expense.Kind.values),
        hcp_id=id_of(request, "hcp"),
    )
    if request.GET.get("export") == "csv":
        rows = (
            (e.id, e.spent_on, e.kind, e.setting, e.country, to_text(e.total_minor, e.currency),
             e.currency, e.headcount, e.n_hcps, e.standing)  # type: ignore[attr-defined]
            for e in found.order_by(*ORDER).iterator(2_000)
        )  # fmt: skip
        return csv_file("expenses", HEAD, rows, kind="engagement.expense", at=datetime.now(UTC))
    part = part_of(found, ORDER, request.GET)
    for row in part.rows:
        row.tone = TONES[row.standing]
    context = {
        "part": part,
        "kinds": Expense.Kind.choices,
        "standings": Expense.Standing.choices,
        "about": names_of([("hcp", id_of(request, "hcp"))]).get(("hcp", id_of(request, "hcp"))),  # type: ignore[arg-type]
        "may_record": "expense.record" in current_scope().may,
    }
    return render(request, "engagement/expenses.html", context)


@page("expense.read")
def expense(request: HttpRequest, expense_id: UUID) -> HttpResponse:
    """Show one expense with everybody's part and the gate's answer for each."""
    row = reads.expense(expense_id)
    shares = reads.shares_of(expense_id)
    # What is said of each person is mostly the same: each reason once.
    reasons: dict[str, dict[str, Any]] = {}
    for share in shares:
        if share.decision.outcome != "PERMIT":
            for reason in reasons_of(share.decision):
                reasons.setdefault(reason["rule_id"], reason)
    context = {
        "row": row,
        "tone": TONES[row.standing],
        "shares": shares,
        "reasons": list(reasons.values()),
        "recorded_by": names_of([("user", row.recorded_by_id)]).get(("user", row.recorded_by_id)),  # type: ignore[arg-type]
        "trail": [{"label": "Expenses", "url": reverse("engagement:expenses")}],
    }
    return render(request, "engagement/expense.html", context)


def _people(request: HttpRequest) -> dict[str, Any]:
    """Give those chosen so far and those found for the words typed, without doubles."""
    given = request.POST if request.method == "POST" else request.GET
    chosen_ids = ids_of([*given.getlist("hcps"), *given.getlist("hcp")])[:MOST_PEOPLE]
    known = directory.hcps(chosen_ids)
    words = (given.get("find") or "").strip()[:100]
    found = directory.search_hcps(words, FOUND) if words else []
    return {
        "chosen": [known[i] for i in chosen_ids if i in known],
        "found": [person for person in found if person.id not in known],
        "words": words,
    }


@page("expense.record")
def find_people(request: HttpRequest) -> HttpResponse:
    """Answer the search for people of the meal form; those chosen stay chosen."""
    return render(request, "engagement/people_found.html", _people(request))


@page("expense.record", methods=("GET", "POST"))
def new_expense(request: HttpRequest) -> HttpResponse:
    """Record a meal."""
    at, scope = datetime.now(UTC), current_scope()
    acts = request.method == "POST" and "look" not in request.POST
    form = MealForm(request.POST or None, org_id=scope.org_id, on=at.date())
    people, people_error = _people(request), ""
    if acts and form.is_valid():
        try:
            made = record_expense(form.meal([p.id for p in people["chosen"]]), at=at)
        except UserError as trouble:
            if trouble.field in form.fields:
                form.add_error(trouble.field, str(trouble))
            elif trouble.field == "hcps":
                people_error = str(trouble)
            else:
                form.add_error(None, str(trouble))
        else:
            tell = messages.success if made.standing == "cleared" else messages.warning
            tell(request, SAID[made.standing])
            return redirect("engagement:expense", made.id)
    wrong = acts and (bool(form.errors) or bool(people_error))
    if request.method == "POST" and not acts:
        # Only the search was asked for: what is not filled in yet is no error.
        form = MealForm(initial=request.POST.dict(), org_id=scope.org_id, on=at.date())
    context = {
        **people,
        "form": form,
        "people_error": people_error,
        "open": any(field.errors for field in form.folded),
        "trail": [{"label": "Expenses", "url": reverse("engagement:expenses")}],
        "asked": text_of(request, "find"),
    }
    return render(request, "engagement/new_expense.html", context, status=422 if wrong else 200)
