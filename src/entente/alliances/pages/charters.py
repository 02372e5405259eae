"""Charters: the list, one with its agreements, a new one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.alliances import actions, reads
from entente.alliances.models import Charter
from entente.alliances.pages.forms import CharterForm, PasswordForm, blame
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from entente.foundation.web import shelf
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file

HEAD = ("name", "parties", "from", "to", "emails_30d", "state")


def state_of(charter: Charter, *, on: date) -> tuple[str, str]:
    """Give a charter's state in words, with its tone."""
    reason = reads.why_not_in_force(charter, on=on)
    if not reason:
        return "In force", "ok"
    if "agreed" in reason:
        return "Not agreed", "warn"
    return ("Begins later", "info") if on < charter.from_on else ("Ended", "")


@page("charter.read")
def charters(request: HttpRequest) -> HttpResponse:
    """List the charters in which one has a side."""
    at = datetime.now(UTC)
    rows = [(each, *state_of(each, on=at.date())) for each in reads.charters()]
    if request.GET.get("export") == "csv":
        cells = (
            (
                c.name,
                "; ".join(s.name for s in c.sides.all()),
                c.from_on,
                c.to_on,
                c.emails_30d,
                words,
            )
            for c, words, _ in rows
        )
        return csv_file("charters", HEAD, cells, kind="alliances.charter", at=at)
    return render(request, "alliances/charters.html", {"rows": rows})


@page("charter.write", methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Draft a charter."""
    form = CharterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_charter(
                form.terms(), partner_ids=form.partner_ids(), at=datetime.now(UTC)
            )
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The charter is drafted. Every side has to agree to it.")
            return redirect("alliances:charter", made.id)
    return render(
        request, "alliances/charter_add.html", {"form": form}, status=422 if form.errors else 200
    )


@page("charter.read")
def charter(request: HttpRequest, charter_id: UUID) -> HttpResponse:
    """Show one charter."""
    return _shown(request, charter_id, PasswordForm())


def _shown(
    request: HttpRequest, charter_id: UUID, form: PasswordForm, *, status: int = 200
) -> HttpResponse:
    found = reads.charter(charter_id)
    today = datetime.now(UTC).date()
    scope = current_scope()
    agreements = reads.charter_agreements(found)
    waiting = any(a.org_id == scope.org_id and not a.agreed for a in agreements)
    may_agree = waiting and "charter.agree" in scope.may and found.ended_on is None
    context = {
        "charter": found,
        "state": state_of(found, on=today),
        "reason": reads.why_not_in_force(found, on=today),
        "agreements": agreements,
        "form": form if may_agree else None,
        "campaigns": found.campaigns.order_by("-launch_on"),
        "is_mine": found.org_id == scope.org_id,
        "today": today,
        "panels": shelf.render_panels("alliances.charter", request, found),
    }
    return render(request, "alliances/charter.html", context, status=status)


@page("charter.agree", methods=("POST",))
def agree(request: HttpRequest, charter_id: UUID) -> HttpResponse:
    """Agree for one's own side."""
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            actions.agree_charter(
                charter_id, password=form.cleaned_data["password"], at=datetime.now(UTC)
            )
        except NotSigned as wrong:
            form.add_error("password", str(wrong))
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "Your organisation has agreed to the charter.")
            return redirect("alliances:charter", charter_id)
    return _shown(request, charter_id, form, status=422)


@page("charter.write", methods=("POST",))
def end(request: HttpRequest, charter_id: UUID) -> HttpResponse:
    """End a charter early."""
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        messages.error(request, "Give the day on which the charter ends.")
        return redirect("alliances:charter", charter_id)
    try:
        actions.end_charter(
            charter_id, on=on, reason=request.POST.get("reason", ""), at=datetime.now(UTC)
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, f"The charter ends on {on}.")
    return redirect("alliances:charter", charter_id)
