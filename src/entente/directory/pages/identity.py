"""The steward's queue: records that may be one person, side by side; merges and their undoing."""

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
from entente.directory.models import Hcp, Merge, Suspect
from entente.directory.pages.field_words import shown, words_of
from entente.directory.reads import identity as reads
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of

MAY = "identity.decide"
TONES = {"open": "warn", "joined": "ok", "apart": "plain"}


class JoinForm(forms.Form):
    """Why two records are one person, and what the survivor takes over."""

    reason = forms.CharField(
        max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What convinced you, for whoever looks at this later.",
    )  # fmt: skip
    take = forms.MultipleChoiceField(
        label="Better in the other record", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="The record that stays keeps its own values, except those you tick.",
    )  # fmt: skip
    two_keys_known = forms.BooleanField(
        label="Both carry an NPI; I have checked that it is one person all the same", required=False
    )


class ReasonForm(forms.Form):
    """A reason alone."""

    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


@page(MAY)
def suspects(request: HttpRequest) -> HttpResponse:
    """List pairs that may be one person, the likeliest first."""
    status = one_of(request, "status", dict(Suspect.Status.choices)) or text_of(request, "status")
    rows = reads.suspects(status or Suspect.Status.OPEN)
    context = {
        "part": part_of(rows, reads.SUSPECT_ORDERS["score"], request.GET),
        "statuses": Suspect.Status.choices,
        "status": status or Suspect.Status.OPEN,
        "search": reads.searches().order_by("-asked_at").first(),
    }
    return render(request, "directory/suspects.html", context)


@page(MAY, methods=("POST",))
def find(request: HttpRequest) -> HttpResponse:
    """Ask for a search of the directory for pairs."""
    actions.ask_search(at=datetime.now(UTC))
    messages.success(request, "The search runs; new pairs appear here when it is done.")
    return redirect("directory:suspects")


def rows_of(fields: list[FieldChoice]) -> list[dict[str, Any]]:
    """Give the fields that either record has, for two columns side by side."""
    return [
        {
            "name": words_of(each.name), "survivor": shown(each.survivor),
            "loser": shown(each.loser), "differs": each.differs, "take": each.take_loser,
        }
        for each in fields
        if each.survivor or each.loser
    ]  # fmt: skip


@page(MAY, methods=("GET", "POST"))
def suspect(request: HttpRequest, suspect_id: UUID) -> HttpResponse:
    """Show two records side by side with the reasons and the plan; a POST joins them."""
    found = get_object_or_404(reads.suspects(), id=suspect_id)
    survivor, loser = reads.in_order(found.one, found.other)
    if request.POST.get("swap") or request.GET.get("swap"):
        survivor, loser = loser, survivor
    fields = reads.plan(survivor, loser)
    form, apart = _forms(request, fields, survivor, loser)
    if request.method == "POST" and _decided(request, found, survivor, loser, form, apart):
        return redirect("directory:suspects")
    held = reads.held_about([survivor.id, loser.id])
    merges = [m for m in reads.merges_of(loser.id) if m.undone_at is None]
    context = {
        "suspect": found, "survivor": survivor, "loser": loser, "rows": rows_of(fields),
        "form": form, "apart": apart, "score": found.score_bp / 100,
        "reasons": found.reasons, "held": [(survivor, held[survivor.id]), (loser, held[loser.id])],
        "tone": TONES[found.status], "merge": merges[0] if merges else None,
        "swapped": bool(request.GET.get("swap")),
    }  # fmt: skip
    has_errors = form.errors or apart.errors
    return render(request, "directory/suspect.html", context, status=422 if has_errors else 200)


def _forms(
    request: HttpRequest, fields: list[FieldChoice], survivor: Hcp, loser: Hcp
) -> tuple[JoinForm, ReasonForm]:
    act = request.POST.get("act") if request.method == "POST" else None
    form = JoinForm(request.POST if act == "join" else None)
    take = form.fields["take"]
    assert isinstance(take, forms.MultipleChoiceField)
    take.choices = [
        (each.name, f"{words_of(each.name)}: {shown(each.loser)}")
        for each in fields
        if each.differs
    ]
    if not take.choices:
        del form.fields["take"]
    if not (survivor.npi and loser.npi):
        del form.fields["two_keys_known"]
    return form, ReasonForm(request.POST if act == "apart" else None, prefix="apart")


def _decided(
    request: HttpRequest, found: Suspect, survivor: Hcp, loser: Hcp, form: JoinForm,
    apart: ReasonForm,
) -> bool:  # fmt: skip
    at = datetime.now(UTC)
    try:
        if form.is_bound and form.is_valid():
            given = form.cleaned_data
            actions.merge_hcps(
                survivor.id, loser.id, reason=given["reason"], at=at, take=given.get("take", ()),
                two_keys_known=given.get("two_keys_known", False),
            )  # fmt: skip
            messages.success(request, f"Joined into {survivor.display_name}. This can be undone.")
            return True
        if apart.is_bound and apart.is_valid():
            actions.keep_apart(found.id, reason=apart.cleaned_data["reason"], at=at)
            messages.success(request, "Kept apart; this pair will not come up again.")
            return True
    except UserError as wrong:
        target = form if form.is_bound else apart
        target.add_error(wrong.field if wrong.field in target.fields else None, str(wrong))
    return False


@page(MAY)
def merges(request: HttpRequest) -> HttpResponse:
    """List merges, the newest first."""
    part = part_of(reads.merges(), ("-merged_at", "-id"), request.GET)
    return render(request, "directory/merges.html", {"part": part})


@page(MAY, methods=("GET", "POST"))
def merge(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Show one merge, what it changed and what is asked; a POST parts the records again."""
    found = get_object_or_404(reads.merges(), id=merge_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.unmerge_hcps(found.id, reason=form.cleaned_data["reason"], at=datetime.now(UTC))
        except UserError as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, "Parted; each record is again what it was.")
            return redirect("directory:merge", found.id)
    context = {"merge": found, "form": form, "changes": _changes(found), "held": _held(found)}
    return render(request, "directory/merge.html", context, status=422 if form.errors else 200)


def _changes(found: Merge) -> list[dict[str, str]]:
    return [
        {
            "name": words_of(name), "before": shown(values["before"]),
            "after": shown(values["after"]), "source": values.get("source") or "",
        }
        for name, values in sorted(found.plan["fields"].items())
    ]  # fmt: skip


def _held(found: Merge) -> list[tuple[str, dict[str, int]]]:
    """Give what each room held about the record that did not survive, when it was joined."""
    loser = str(found.link.loser_id)
    return [(room, by_id[loser]) for room, by_id in found.plan["held"].items() if loser in by_id]
