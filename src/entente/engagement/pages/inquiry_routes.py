"""The routing table and the drug safety desk."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from entente.engagement.actions import acknowledge_report, set_route
from entente.engagement.domain.routing import ALLOWED, DESKS, Way
from entente.engagement.forms_inquiries import AcknowledgeForm, RouteForm
from entente.engagement.models import Inquiry
from entente.engagement.reads import safety
from entente.engagement.reads.routes import ways
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

TONES = {
    "unaddressed": "bad",
    "queued": "info",
    "sent": "warn",
    "failed": "bad",
    "acknowledged": "ok",
}
HEAD = ("id", "inquiry_id", "status", "due_at", "sent_at", "acknowledged_at", "reference")
STANDINGS = [("open", "Not acknowledged"), ("closed", "Acknowledged")]


@page("inquiry.route", methods=("GET", "POST"))
def routes(request: HttpRequest) -> HttpResponse:
    """Show the routing table; a POST sets one line."""
    table, kinds = ways(), dict(Inquiry.Kind.choices)
    asked = request.POST.get("kind", "") if request.method == "POST" else ""
    lines = []
    for kind, way in table.items():
        form = RouteForm(
            request.POST if kind == asked else None,
            desks=[(desk, DESKS[desk].title) for desk in ALLOWED[kind]],
            has_address=kind == "safety",
            initial=vars(way),
            prefix=kind,
        )
        lines.append({"kind": kind, "label": kinds[kind], "way": way, "form": form,
                      "desk": DESKS[way.desk].title})  # fmt: skip
    status = 200
    chosen = next((line["form"] for line in lines if line["kind"] == asked), None)
    if isinstance(chosen, RouteForm):
        if chosen.is_valid():
            try:
                set_route(asked, Way(**chosen.cleaned_data), at=datetime.now(UTC))
            except UserError as trouble:
                chosen.blame(trouble)
            else:
                messages.success(request, f"Set: {kinds[asked]}.")
                return redirect("engagement:inquiry_routes")
        status = 422
    elif request.method == "POST":
        status = 422
    return render(request, "engagement/inquiry_routes.html", {"lines": lines}, status=status)


@page("safety.read")
def reports(request: HttpRequest) -> HttpResponse:
    """List the case reports by their clock; late ones stand first."""
    at = datetime.now(UTC)
    found = safety.reports(standing=one_of(request, "standing", ["open", "closed"]))
    if request.GET.get("export") == "csv":
        rows = found.order_by(*safety.ORDER).values_list(*HEAD).iterator(2_000)
        return csv_file("case-reports", HEAD, rows, kind="engagement.safety", at=at)
    part = part_of(found, safety.ORDER, request.GET)
    for row in part.rows:
        row.tone = TONES[row.status]
        row.is_late = (row.acknowledged_at or at) > row.due_at
    waiting = safety.reports(standing="open")
    context = {
        "part": part,
        "standings": STANDINGS,
        "n_open": waiting.count(),
        "n_late": waiting.filter(due_at__lt=at).count(),
        "n_stuck": waiting.filter(status__in=("failed", "unaddressed")).count(),
        "address": ways()["safety"].deliver_to,
        "may_route": "inquiry.route" in current_scope().may,
    }
    return render(request, "engagement/safety.html", context)


@page("safety.read", methods=("GET", "POST"))
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show a case report; a POST records that the safety system has it."""
    at, scope = datetime.now(UTC), current_scope()
    row = safety.report_read(report_id, at=at)
    if request.GET.get("file"):
        response = HttpResponse(safety.as_json(row), content_type="application/json")
        name = f"case-report-{row.id}.json"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return response
    form = AcknowledgeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            acknowledge_report(report_id, form.cleaned_data["reference"], at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Acknowledged.")
            return redirect("engagement:safety_report", report_id)
    row.tone = TONES[row.status]  # type: ignore[attr-defined]
    row.is_late = (row.acknowledged_at or at) > row.due_at  # type: ignore[attr-defined]
    context = {
        "row": row,
        "form": form,
        "fields": safety.contents(row),
        "may_acknowledge": "safety.write" in scope.may and row.acknowledged_at is None,
        "may_open": "inquiry.work" in scope.may,
        "trail": [{"label": "Drug safety", "url": reverse("engagement:safety")}],
    }
    return render(
        request, "engagement/safety_report.html", context, status=422 if form.errors else 200
    )
