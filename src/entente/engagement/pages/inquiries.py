"""Questions: the desk's queue by its clock, one with its answer, and what a submitter may know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import reads as directory
from entente.engagement.actions import capture_inquiry
from entente.engagement.forms_inquiries import CaptureForm
from entente.engagement.models import Inquiry
from entente.engagement.reads import inquiries as reads
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of

STANDINGS = [("open", "Open"), ("closed", "Closed")]
SHOWN = 6
HEAD = ("id", "root_id", "hcp_id", "kind", "desk", "source", "priority", "opened_at", "due_at",
        "closed_at", "answer_state")  # fmt: skip


def clock_of(*, due_at: datetime, closed_at: datetime | None, at: datetime) -> dict[str, str]:
    """Give how a clock stands, in words and tone."""
    late = closed_at is None and due_at < at
    words = "Closed" if closed_at else "Late" if late else "Open"
    return {"words": words, "tone": "ok" if closed_at else "bad" if late else "info"}


def clocked(rows: list[Any], at: datetime) -> list[Any]:
    """Put beside each question how its clock stands."""
    for each in rows:
        each.clock = clock_of(due_at=each.due_at, closed_at=each.closed_at, at=at)
    return rows


@page("inquiry.work")
def inquiries(request: HttpRequest) -> HttpResponse:
    """List the questions of one's desk, the most urgent first."""
    at, scope, hcp_id = datetime.now(UTC), current_scope(), id_of(request, "hcp")
    found = reads.inquiries(
        standing=one_of(request, "standing", ["open", "closed"]),
        kind=one_of(request, "kind", Inquiry.Kind.values),
        hcp_id=hcp_id,
        assignee_id=scope.actor_id if request.GET.get("mine") else None,
    )
    if hcp_id is None:
        found = found & reads.at_my_desks()
    if request.GET.get("export") == "csv":
        rows = found.order_by(*reads.ORDER).values_list(*HEAD).iterator(2_000)
        return csv_file("questions", HEAD, rows, kind="engagement.inquiry", at=at)
    part = part_of(found, reads.ORDER, request.GET)
    clocked(part.rows, at)
    names = names_of(("user", row.assignee_id) for row in part.rows)
    for row in part.rows:
        row.assignee = names.get(("user", row.assignee_id))
    context = {
        "part": part,
        "standings": STANDINGS,
        "kinds": Inquiry.Kind.choices,
        "about": next(iter(names_of([("hcp", hcp_id)]).values()), None),
        "may_capture": "inquiry.capture" in scope.may,
        "may_route": "inquiry.route" in scope.may,
    }
    return render(request, "engagement/inquiries.html", context)


@page("inquiry.capture")
def mine(request: HttpRequest) -> HttpResponse:
    """List what one captured: whom it is from, whether it is open, its clock; no words."""
    at, rows = datetime.now(UTC), reads.mine()
    people = directory.hcps({row.hcp_id for row in rows})
    context = {
        "rows": [
            {
                "person": people.get(row.hcp_id),
                "row": row,
                "clock": clock_of(due_at=row.due_at, closed_at=row.closed_at, at=at),
            }
            for row in rows
        ]
    }
    return render(request, "engagement/my_inquiries.html", context)


@page("inquiry.capture", methods=("GET", "POST"))
def capture(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Record a question that an HCP asked."""
    person, scope = directory.hcp(hcp_id), current_scope()
    form = CaptureForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = capture_inquiry(form.asked(hcp_id), at=datetime.now(UTC))
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, f"Recorded, and sent to the desk: {made.get_desk_display()}.")
            if scope.wall in ("both", made.wall):
                return redirect("engagement:inquiry", made.id)
            return redirect("engagement:my_inquiries")
    context = {
        "form": form,
        "person": person,
        "is_medical": scope.wall == "medical",
        "trail": [{"label": person.display_name, "url": reverse("directory:hcp", args=[hcp_id])}],
    }
    return render(
        request, "engagement/inquiry_new.html", context, status=422 if form.errors else 200
    )


def my_desk(scope: Scope) -> dict[str, Any]:
    """Show who works at a desk the open questions, the most urgent first."""
    at = datetime.now(UTC)
    found = reads.at_my_desks().filter(closed_at__isnull=True)
    rows = list(found.order_by(*reads.ORDER)[:SHOWN])
    return {
        "inquiries": clocked(rows, at),
        "n_open": found.count(),
        "n_late": found.filter(due_at__lt=at).count(),
    }


def hcp_inquiries(request: HttpRequest, hcp: Any) -> dict[str, Any] | None:
    """Show a person's questions as far as one may read them, and the others that they wait."""
    scope = current_scope()
    may_capture = "inquiry.capture" in scope.may
    waits = "case.read" not in scope.may and reads.is_case_open(hcp.id)
    if "inquiry.work" not in scope.may:
        return {"waits": True} if waits else None
    rows = list(reads.inquiries(hcp_id=hcp.id).order_by("-opened_at", "-id")[:SHOWN])
    return {
        "inquiries": clocked(rows, datetime.now(UTC)),
        "shows": True,
        "waits": waits,
        "may_capture": may_capture,
    }
