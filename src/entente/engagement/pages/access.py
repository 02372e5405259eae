"""The access desk: cases of clinics by their clock, and one with its steps."""

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
    AccessRequest,
    add_access_step,
    assign_access_case,
    close_access_case,
    open_access_case,
)
from entente.engagement.forms_access import CaseForm, CloseForm, StepForm
from entente.engagement.forms_inquiries import AssignForm
from entente.engagement.models import AccessCase
from entente.engagement.pages.inquiries import STANDINGS, clocked
from entente.engagement.reads import access as reads
from entente.engagement.reads.inquiries import desk_mates
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of

SHOWN = 6
HEAD = ("id", "hcp_id", "hco_id", "kind", "programme_id", "opened_at", "due_at", "closed_at")
ICONS = {
    "bridge": "package",
    "coordinator": "users",
    "payer": "hourglass",
    "template": "file-text",
    "closed": "check",
}


def named(rows: list[AccessCase]) -> list[Any]:
    """Put beside each case the clinic's name."""
    for row in rows:
        clinic = row.hco or row.hcp
        row.who = clinic.display_name if clinic else ""  # type: ignore[attr-defined]
    return rows


@page("access.read")
def desk(request: HttpRequest) -> HttpResponse:
    """List the access cases, the most urgent first."""
    at, scope = datetime.now(UTC), current_scope()
    found = reads.cases(
        standing=one_of(request, "standing", ["open", "closed"]),
        kind=one_of(request, "kind", AccessCase.Kind.values),
        assignee_id=scope.actor_id if request.GET.get("mine") else None,
    )
    if request.GET.get("export") == "csv":
        rows = found.order_by(*reads.ORDER).values_list(*HEAD).iterator(2_000)
        return csv_file("access-cases", HEAD, rows, kind="engagement.access_case", at=at)
    part = part_of(found, reads.ORDER, request.GET)
    named(clocked(part.rows, at))
    names = names_of(("user", row.assignee_id) for row in part.rows)
    for row in part.rows:
        row.assignee = names.get(("user", row.assignee_id))
    context = {
        "part": part,
        "standings": STANDINGS,
        "kinds": AccessCase.Kind.choices,
        "may_write": "access.write" in scope.may,
    }
    return render(request, "engagement/access_desk.html", context)


@page("access.write", methods=("GET", "POST"))
def new_case(request: HttpRequest) -> HttpResponse:
    """Open a case for the HCP or clinic that the address names."""
    hcp_id, hco_id = id_of(request, "hcp"), id_of(request, "hco")
    hcp = directory.hcp(hcp_id) if hcp_id else None
    hco = directory.hco(hco_id) if hco_id else None
    form = CaseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = open_access_case(
                AccessRequest(
                    kind=given["kind"],
                    request=given["request"],
                    hcp_id=hcp_id,
                    hco_id=hco_id,
                    programme_id=given["programme"],
                    inquiry_id=id_of(request, "inquiry"),
                    priority=given["priority"],
                ),
                at=datetime.now(UTC),
            )
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Opened. Its clock runs.")
            return redirect("engagement:access_case", made.id)
    context = {
        "form": form,
        "who": hco or hcp,
        "trail": [{"label": "Access cases", "url": reverse("engagement:access")}],
    }
    return render(
        request, "engagement/access_new.html", context, status=422 if form.errors else 200
    )


@page("access.read", methods=("GET", "POST"))
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case; a POST adds a step, gives it to a colleague or closes it."""
    at, scope = datetime.now(UTC), current_scope()
    found = reads.case(case_id, at=at)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms: dict[str, Any] = {}
    if found.closed_at is None and "access.write" in scope.may:
        forms = {
            "step": StepForm(request.POST if act == "step" else None, on=at.date()),
            "assign": AssignForm(
                request.POST if act == "assign" else None, mates=desk_mates("access", on=at.date())
            ),
            "close": CloseForm(request.POST if act == "close" else None),
        }
    form = forms.get(act)
    if form is not None and form.is_valid():
        try:
            _do(act, case_id, form.cleaned_data, at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Kept.")
            return redirect("engagement:access_case", case_id)
    wrong = bool(act) and (form is None or bool(form.errors))
    return render(
        request,
        "engagement/access_case.html",
        _context(found, forms, at),
        status=422 if wrong else 200,
    )


def _do(act: str, case_id: UUID, given: dict[str, Any], at: datetime) -> None:
    if act == "step":
        add_access_step(case_id, given["kind"], given["note"], version_id=given["version"], at=at)
    elif act == "assign":
        assign_access_case(case_id, given["assignee"], at=at)
    else:
        close_access_case(case_id, given["outcome"], at=at)


def _context(found: AccessCase, forms: dict[str, Any], at: datetime) -> dict[str, Any]:
    steps = reads.steps_of(found.id)
    names: dict[Any, Any] = names_of(
        ("user", each) for each in {found.assignee_id, *(step.by_id for step in steps)}
    )
    for step in steps:
        step.by = names.get(("user", step.by_id))  # type: ignore[attr-defined]
        step.icon = ICONS.get(step.kind, "circle-dot")  # type: ignore[attr-defined]
    return {
        "row": named(clocked([found], at))[0],
        "forms": forms,
        "steps": steps,
        "assignee": names.get(("user", found.assignee_id)),
        "trail": [{"label": "Access cases", "url": reverse("engagement:access")}],
    }


def my_access(scope: Scope) -> dict[str, Any]:
    """Show an access manager the open cases, the most urgent first."""
    at = datetime.now(UTC)
    found = reads.cases(standing="open")
    return {
        "cases": named(clocked(list(found.order_by(*reads.ORDER)[:SHOWN]), at)),
        "n_open": found.count(),
        "n_late": found.filter(due_at__lt=at).count(),
    }


def hco_access(request: HttpRequest, hco: Any) -> dict[str, Any]:
    """Show an access manager the cases of an organisation."""
    at = datetime.now(UTC)
    return {"cases": clocked(list(reads.cases(hco_id=hco.id).order_by("-opened_at")[:SHOWN]), at)}


def hcp_access(request: HttpRequest, hcp: Any) -> dict[str, Any]:
    """Show an access manager the cases of a person."""
    at = datetime.now(UTC)
    return {"cases": clocked(list(reads.cases(hcp_id=hcp.id).order_by("-opened_at")[:SHOWN]), at)}
