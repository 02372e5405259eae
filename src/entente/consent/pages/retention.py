"""How long what is kept: the rules, what falls due next, and the proofs of deletion."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.consent import actions, reads
from entente.consent.pages.forms import RetentionForm, refuse
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of


@page("retention.read")
def retention(request: HttpRequest) -> HttpResponse:
    """Show what is kept how long, what is due, and what was deleted."""
    found = reads.deadlines(datetime.now(UTC))
    titles = {each.disposal.what: each.disposal.title for each in found}
    part = part_of(reads.runs(), ("-ran_at", "-id"), request.GET)
    for run in part.rows:
        run.title = titles.get(run.rule.what, run.rule.what)
    return render(request, "consent/retention.html", {"deadlines": found, "part": part})


@page("retention.write", methods=("GET", "POST"))
def change(request: HttpRequest, what: str) -> HttpResponse:
    """Set how long one kind of thing is kept, from now on."""
    now = datetime.now(UTC)
    held = next((each for each in reads.deadlines(now) if each.disposal.what == what), None)
    if held is None:
        raise Http404
    form = RetentionForm(
        request.POST or None,
        initial={"purpose": held.purpose, "keep_days": held.keep_days, "because": held.because},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_retention_rule(what=what, at=now, **form.cleaned_data)
        except UserError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, "The rule holds from now on.")
            return redirect("consent:retention")
    return render(
        request,
        "consent/retention_rule.html",
        {"form": form, "held": held, "history": reads.rule_history(what)},
        status=422 if form.errors else 200,
    )


@page("retention.write", methods=("POST",))
def run_now(request: HttpRequest) -> HttpResponse:
    """Delete what is due now instead of tonight."""
    n_deleted = sum(run.n_deleted for run in actions.delete_what_is_due(at=datetime.now(UTC)))
    words = (
        f"{n_deleted} things are deleted; the proofs are below." if n_deleted else "Nothing is due."
    )
    messages.success(request, words)
    return redirect("consent:retention")
