"""Insights of medical, and programmes of advice: the need first, then the names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import reads as directory
from entente.engagement.actions import (
    answer_insight,
    capture_insight,
    own_insight,
    record_need,
    select_adviser,
    set_criteria,
)
from entente.engagement.forms_inquiries import AssignForm
from entente.engagement.forms_insights import (
    ChoiceForm,
    CriteriaForm,
    InsightAnswerForm,
    InsightForm,
    NeedForm,
)
from entente.engagement.models import Insight
from entente.engagement.reads import insights as reads
from entente.engagement.reads.inquiries import desk_mates
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, posted, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of

HEAD = ("id", "kind", "status", "hcp_id", "captured_at", "answered_at")
TONES = {"open": "info", "taken": "warn", "answered": "ok", "closed": "neutral"}


@page("insight.read")
def insights(request: HttpRequest) -> HttpResponse:
    """List the insights, the newest first."""
    found = reads.insights(
        status=one_of(request, "status", Insight.Status.values),
        kind=one_of(request, "kind", Insight.Kind.values),
        hcp_id=id_of(request, "hcp"),
    )
    if request.GET.get("export") == "csv":
        rows = found.order_by(*reads.ORDER).values_list(*HEAD).iterator(2_000)
        return csv_file("insights", HEAD, rows, kind="engagement.insight", at=datetime.now(UTC))
    part = part_of(found, reads.ORDER, request.GET)
    names = names_of(("user", row.owner_id) for row in part.rows)
    for row in part.rows:
        row.tone, row.owner = TONES[row.status], names.get(("user", row.owner_id))
    context = {
        "part": part,
        "statuses": Insight.Status.choices,
        "kinds": Insight.Kind.choices,
        "may_write": "insight.write" in current_scope().may,
    }
    return render(request, "engagement/insights.html", context)


@page("insight.write", methods=("GET", "POST"))
def new_insight(request: HttpRequest) -> HttpResponse:
    """Record what was learned, of the person that the address names or of nobody in particular."""
    hcp_id = id_of(request, "hcp")
    person = directory.hcp(hcp_id) if hcp_id else None
    form = InsightForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = capture_insight(
                given["kind"],
                given["words"],
                hcp_id=hcp_id,
                product_id=given["product"],
                at=datetime.now(UTC),
            )
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Recorded.")
            return redirect("engagement:insight", made.id)
    context = {
        "form": form,
        "person": person,
        "trail": [{"label": "Insights", "url": reverse("engagement:insights")}],
    }
    return render(
        request, "engagement/insight_new.html", context, status=422 if form.errors else 200
    )


@page("insight.read", methods=("GET", "POST"))
def insight(request: HttpRequest, insight_id: UUID) -> HttpResponse:
    """Show an insight; a POST gives it to a colleague or answers it."""
    at, scope = datetime.now(UTC), current_scope()
    row = reads.insight(insight_id, at=at)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms: dict[str, Any] = {}
    if row.status in ("open", "taken") and "insight.write" in scope.may:
        mates = desk_mates("msl", on=at.date())
        forms = {
            "own": AssignForm(request.POST if act == "own" else None, mates=mates),
            "answer": InsightAnswerForm(
                request.POST if act == "answer" else None,
                initial={"to_hcp": row.hcp_id is not None},
            ),
        }
    form = forms.get(act)
    if form is not None and form.is_valid():
        given = form.cleaned_data
        try:
            if act == "own":
                own_insight(insight_id, given["assignee"], at=at)
            else:
                answer_insight(insight_id, given["answer"], to_hcp=given["to_hcp"], at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Kept.")
            return redirect("engagement:insight", insight_id)
    names: dict[Any, Any] = names_of(("user", each) for each in {row.owner_id, row.captured_by_id})
    row.tone = TONES[row.status]  # type: ignore[attr-defined]
    context = {
        "row": row,
        "forms": forms,
        "owner": names.get(("user", row.owner_id)),
        "captured_by": names.get(("user", row.captured_by_id)),
        "trail": [{"label": "Insights", "url": reverse("engagement:insights")}],
    }
    wrong = bool(act) and (form is None or bool(form.errors))
    return render(request, "engagement/insight.html", context, status=422 if wrong else 200)


@page("advisory.read")
def advisory(request: HttpRequest) -> HttpResponse:
    """List the programmes of advice, the newest first."""
    context = {
        "part": part_of(reads.advisory_programmes(), reads.ADVISORY_ORDER, request.GET),
        "may_write": "advisory.write" in current_scope().may,
    }
    return render(request, "engagement/advisory.html", context)


@page("advisory.write", methods=("GET", "POST"))
def new_advisory(request: HttpRequest) -> HttpResponse:
    """Begin a programme of advice with its need."""
    form = NeedForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = record_need(**form.cleaned_data, at=datetime.now(UTC))
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "The need is recorded. Now say by what people are chosen.")
            return redirect("engagement:advisory_one", made.id)
    trail = [{"label": "Advice", "url": reverse("engagement:advisory")}]
    return render(
        request,
        "engagement/advisory_new.html",
        {"form": form, "trail": trail},
        status=422 if form.errors else 200,
    )


@page("advisory.read", methods=("GET", "POST"))
def advisory_one(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Show a programme of advice; a POST sets the criteria or chooses a person."""
    at = datetime.now(UTC)
    row, chosen = reads.advisory_programme(programme_id), reads.selections_of(programme_id)
    may_write = "advisory.write" in current_scope().may
    form: CriteriaForm | ChoiceForm | None = None
    if may_write and row.criteria_at is None:
        form = CriteriaForm(posted(request))
    elif may_write and len(chosen) < row.n_wanted:
        form = ChoiceForm(posted(request))
    if request.method == "POST" and form is not None and form.is_valid():
        given = form.cleaned_data
        try:
            if isinstance(form, CriteriaForm):
                set_criteria(programme_id, given["criteria"], at=at)
            else:
                select_adviser(programme_id, given["hcp"], given["why"], at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Kept.")
            return redirect("engagement:advisory_one", programme_id)
    words = text_of(request, "find")
    context = {
        "row": row,
        "chosen": chosen,
        "criteria_form": form if isinstance(form, CriteriaForm) else None,
        "choice_form": form if isinstance(form, ChoiceForm) else None,
        "words": words,
        "found": directory.search_hcps(words, 12) if words and may_write else [],
        "trail": [{"label": "Advice", "url": reverse("engagement:advisory")}],
    }
    wrong = request.method == "POST" and (form is None or bool(form.errors))
    return render(request, "engagement/advisory_one.html", context, status=422 if wrong else 200)
