"""Recalls: what was taken back, what is still out, and who owes an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.content import actions, reads
from entente.content.domain.states import WORDS
from entente.content.pages.forms import DAY, blame
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of


class PrintForm(forms.Form):
    """Printed copies of a version."""

    holder = forms.CharField(max_length=200, label="Who holds them", help_text="A team or store.")
    n_copies = forms.IntegerField(min_value=1, label="Copies")
    printed_on = forms.DateField(label="Printed on", widget=DAY)


@page("content.read")
def recalls(request: HttpRequest) -> HttpResponse:
    """List recalls, the open ones first to be seen."""
    only_open = request.GET.get("show") != "all"
    part = part_of(reads.recalls(only_open=only_open), ["-decided_at", "id"], request.GET)
    return render(
        request,
        "content/recalls.html",
        {"part": part, "only_open": only_open, "owed": reads.owed()},
    )


@page("content.read")
def recall(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """Show one recall with all that is still open of it."""
    found = reads.standing(recall_id)
    scope = current_scope()
    mine = next((a for a, _ in found.acknowledgements if a.org_id == scope.org_id), None)
    context = {
        "found": found,
        "recall": found.recall,
        "versions": [
            (each, WORDS[each.status_then], WORDS[each.version.status]) for each in found.versions
        ],
        "owes": mine is not None and mine.acknowledged_at is None
        and bool({"content.write", "content.review"} & scope.may),
        "may_account": "content.write" in scope.may,
        "own": scope.org_id,
    }  # fmt: skip
    return render(request, "content/recall.html", context)


@page("content.read", methods=("POST",))
def acknowledge(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """Confirm that one's company knows and has stopped."""
    try:
        actions.acknowledge(recall_id, note=request.POST.get("note", ""), at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "Your confirmation is recorded with its time.")
    return redirect("content:recall", recall_id)


@page("content.write", methods=("POST",))
def account(request: HttpRequest, recall_id: UUID, task_id: UUID) -> HttpResponse:
    """Account for printed copies."""
    given = request.POST.get("n_copies", "")
    try:
        if not given.isdecimal():
            raise UserError("give the number of copies", field="n_copies")
        actions.account_for(
            task_id, n_copies=int(given), note=request.POST.get("note", ""), at=datetime.now(UTC)
        )
        actions.settle_recall(recall_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The copies are accounted for.")
    return redirect("content:recall", recall_id)


@page("content.write", methods=("GET", "POST"))
def record_print(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Record printed copies of a version."""
    found = reads.version(version_id)
    form = PrintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_print(found.id, at=datetime.now(UTC), **form.cleaned_data)
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "A recall will ask this holder to return the copies.")
            return redirect("content:version", found.id)
    context = {"form": form, "version": found}
    return render(request, "content/print.html", context, status=422 if form.errors else 200)
