"""The steward's queue of organisations: pairs side by side; merges and their undoing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from entente.directory import actions
from entente.directory.domain.survivorship import FieldChoice
from entente.directory.models import Hco, HcoMerge, HcoSuspect
from entente.directory.pages.field_words import shown
from entente.directory.pages.field_words import words_of as word_of_field
from entente.directory.pages.identity import MAY, TONES, JoinForm, ReasonForm, rows_of
from entente.directory.reads import identity_hcos as reads
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of

ORDER = ("-score_bp", "id")


@page(MAY)
def suspects(request: HttpRequest) -> HttpResponse:
    """List pairs that may be one organisation, the likeliest first."""
    known = dict(HcoSuspect.Status.choices)
    status = one_of(request, "status", known) or text_of(request, "status")
    rows = reads.hco_suspects(status or HcoSuspect.Status.OPEN)
    context = {
        "part": part_of(rows, ORDER, request.GET),
        "statuses": HcoSuspect.Status.choices,
        "status": status or HcoSuspect.Status.OPEN,
    }
    return render(request, "directory/hco_suspects.html", context)


@page(MAY, methods=("GET", "POST"))
def suspect(request: HttpRequest, suspect_id: UUID) -> HttpResponse:
    """Show two organisations' records side by side with the plan; a POST joins them."""
    found = get_object_or_404(reads.hco_suspects(), id=suspect_id)
    survivor, loser = reads.hcos_in_order(found.one, found.other)
    if request.POST.get("swap") or request.GET.get("swap"):
        survivor, loser = loser, survivor
    fields = reads.hco_plan(survivor, loser)
    form, apart = _forms(request, fields, survivor, loser)
    if request.method == "POST" and _decided(found, survivor, loser, form, apart):
        messages.success(request, "Decided. Joining can be undone; a pair kept apart stays apart.")
        return redirect("directory:hco_suspects")
    held = reads.held_about_hcos([survivor.id, loser.id])
    merges = [m for m in reads.merges_of_hco(loser.id) if m.undone_at is None]
    context = {
        "suspect": found, "survivor": survivor, "loser": loser, "rows": rows_of(fields),
        "form": form, "apart": apart, "score": found.score_bp / 100, "reasons": found.reasons,
        "held": [(survivor, held[survivor.id]), (loser, held[loser.id])],
        "tone": TONES[found.status], "merge": merges[0] if merges else None,
        "swapped": bool(request.GET.get("swap")),
        "may_swap": survivor.is_numbered == loser.is_numbered,
    }  # fmt: skip
    has_errors = form.errors or apart.errors
    return render(request, "directory/hco_suspect.html", context, status=422 if has_errors else 200)


def _forms(
    request: HttpRequest, fields: list[FieldChoice], survivor: Hco, loser: Hco
) -> tuple[JoinForm, ReasonForm]:
    act = request.POST.get("act") if request.method == "POST" else None
    form = JoinForm(request.POST if act == "join" else None)
    take, known = form.fields["take"], form.fields["two_keys_known"]
    assert isinstance(take, forms.MultipleChoiceField)
    take.choices = [
        (each.name, f"{word_of_field(each.name)}: {shown(each.loser)}")
        for each in fields
        if each.differs
    ]
    if not take.choices:
        del form.fields["take"]
    known.label = (
        f"Both carry a {survivor.system_label}; I have checked that it is one organisation"
    )
    if survivor.system != loser.system or not survivor.is_numbered:
        del form.fields["two_keys_known"]
    return form, ReasonForm(request.POST if act == "apart" else None, prefix="apart")


def _decided(
    found: HcoSuspect, survivor: Hco, loser: Hco, form: JoinForm, apart: ReasonForm
) -> bool:
    at = datetime.now(UTC)
    try:
        if form.is_bound and form.is_valid():
            given = form.cleaned_data
            actions.merge_hcos(
                survivor.id, loser.id, reason=given["reason"], at=at, take=given.get("take", ()),
                two_keys_known=given.get("two_keys_known", False),
            )  # fmt: skip
            return True
        if apart.is_bound and apart.is_valid():
            actions.keep_hcos_apart(found.id, reason=apart.cleaned_data["reason"], at=at)
            return True
    except UserError as wrong:
        target = form if form.is_bound else apart
        target.add_error(wrong.field if wrong.field in target.fields else None, str(wrong))
    return False


@page(MAY)
def merges(request: HttpRequest) -> HttpResponse:
    """List merges of organisations, the newest first."""
    part = part_of(reads.hco_merges(), ("-merged_at", "-id"), request.GET)
    return render(request, "directory/hco_merges.html", {"part": part})


@page(MAY, methods=("GET", "POST"))
def merge(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Show one merge of organisations and what it changed; a POST parts the records again."""
    found = get_object_or_404(reads.hco_merges(), id=merge_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.unmerge_hcos(found.id, reason=form.cleaned_data["reason"], at=datetime.now(UTC))
        except UserError as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, "Parted; each record is again what it was.")
            return redirect("directory:hco_merge", found.id)
    context = {"merge": found, "form": form, "changes": _changes(found), "held": _held(found)}
    return render(request, "directory/hco_merge.html", context, status=422 if form.errors else 200)


def _changes(found: HcoMerge) -> list[dict[str, Any]]:
    return [
        {
            "name": word_of_field(name), "before": shown(values["before"]),
            "after": shown(values["after"]), "source": values.get("source") or "",
        }
        for name, values in sorted(found.plan["fields"].items())
    ]  # fmt: skip


def _held(found: HcoMerge) -> list[tuple[str, dict[str, int]]]:
    """Give what each room held about the joined record when it was joined."""
    loser = str(found.link.loser_id)
    return [(room, by_id[loser]) for room, by_id in found.plan["held"].items() if loser in by_id]
