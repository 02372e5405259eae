"""Change requests: suggesting a change from a person's page, the list, and deciding one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from entente.directory import actions
from entente.directory.adapters.evidence_files import as_file
from entente.directory.domain.change_requests import (
    LARGEST_FILE,
    LONGEST,
    MOST_FILES,
    STATUSES,
    VERDICTS,
    kind_of_file,
)
from entente.directory.models import ChangeRequest, Hcp
from entente.directory.pages.field_words import words_of
from entente.directory.reads import change_requests as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

ASK, DECIDE = "change.request", "change.decide"
TONES = {
    "draft": "", "submitted": "warn", "partially_accepted": "info", "accepted": "ok",
    "rejected": "bad", "withdrawn": "",
}  # fmt: skip
VERDICT_TONES = {"open": "warn", "accepted": "ok", "rejected": "bad"}
HEAD = ("hcp", "status", "asked_by", "asked_at", "submitted_at", "closed_at", "reason")


class Files(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to three files that prove a change."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Check each file; give a list."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(FilesField, self).clean(each, initial) for each in given]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"At most {MOST_FILES} files.")
        if any(each.size > LARGEST_FILE for each in files):
            raise forms.ValidationError("A file may have 10 MB at most.")
        return files


_PROOF = f"PDF, PNG or JPEG, up to {MOST_FILES} files of 10 MB each."


class EvidenceForm(forms.Form):
    """Files that prove a change."""

    evidence = FilesField(label="Evidence", help_text=_PROOF)


class ChangeForm(forms.Form):
    """A record as it is; what is typed over is asked for."""

    def __init__(self, data: Any, files: Any, *, hcp: Hcp) -> None:
        super().__init__(data, files, initial={name: getattr(hcp, name) for name in LONGEST})
        for name, longest in LONGEST.items():
            self.fields[name] = forms.CharField(
                label=words_of(name), max_length=longest, required=bool(getattr(hcp, name))
            )
        self.fields["reason"] = forms.CharField(
            label="How do you know?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
            help_text="For the steward who decides.",
        )  # fmt: skip
        self.fields["evidence"] = FilesField(label="Evidence", required=False, help_text=_PROOF)

    def values(self) -> dict[str, str]:
        """Give what was typed, by field."""
        return {name: self.cleaned_data[name] for name in LONGEST}


@page(ASK, methods=("GET", "POST"))
def suggest(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Suggest changes of a record, at once to a steward or as a draft."""
    hcp = get_object_or_404(Hcp, id=hcp_id, org_id=current_scope().org_id)
    is_post = request.method == "POST"
    form = ChangeForm(*((request.POST, request.FILES) if is_post else (None, None)), hcp=hcp)
    if is_post and form.is_valid():
        made = _suggested(request, hcp, form)
        if made is not None:
            return redirect("directory:change", made.id)
    url = reverse("directory:hcp", args=[hcp.id])
    context = {"form": form, "hcp": hcp, "trail": [{"label": hcp.display_name, "url": url}]}
    return render(
        request, "directory/change_form.html", context, status=422 if form.errors else 200
    )


def _suggested(request: HttpRequest, hcp: Hcp, form: ChangeForm) -> ChangeRequest | None:
    at, is_draft = datetime.now(UTC), request.POST.get("act") == "draft"
    values, reason = form.values(), form.cleaned_data["reason"]
    try:
        _check_files(form)
        made = actions.draft_change(hcp.id, values, reason=reason, at=at)
        for file in form.cleaned_data["evidence"]:
            actions.add_evidence(made.id, name=file.name, content=file.read(), at=at)
        if not is_draft:
            actions.submit_change(made.id, at=at)
    except UserError as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        return None
    messages.success(
        request, "Kept as a draft." if is_draft else "Sent; a data steward decides line by line."
    )
    return made


def _check_files(form: ChangeForm) -> None:
    """Refuse a file before anything is written, since the draft would stay."""
    for file in form.cleaned_data["evidence"]:
        if not kind_of_file(file.read(16)):
            raise UserError(f"{file.name} is no PDF, PNG or JPEG.", field="evidence")
        file.seek(0)


@page(ASK)
def changes(request: HttpRequest) -> HttpResponse:
    """List change requests; those who do not decide see their own."""
    may_decide = DECIDE in current_scope().may
    status = one_of(request, "status", STATUSES)
    rows = reads.changes(status)
    if mine := request.GET.get("mine") == "yes":
        rows = rows.filter(asked_by_id=current_scope().actor_id)
    if request.GET.get("export") == "csv":
        cells = (
            (r.hcp_id, r.status, r.asked_by.name, r.asked_at, r.submitted_at, r.closed_at, r.reason)
            for r in rows.order_by(*reads.ORDER)[:10_000]
        )
        at = datetime.now(UTC)
        return csv_file("changes", HEAD, cells, kind="directory.change_request", at=at)
    part = part_of(rows, reads.ORDER, request.GET)
    fields = reads.fields_asked([row.id for row in part.rows])
    context = {
        "part": part, "statuses": list(STATUSES.items()), "status": status,
        "mine": "yes" if mine else "", "whose": [("yes", "Mine")], "may_decide": may_decide,
        "rows": [
            (row, ", ".join(map(words_of, fields.get(row.id, []))), TONES[row.status])
            for row in part.rows
        ],
    }  # fmt: skip
    return render(request, "directory/changes.html", context)


@page(ASK, methods=("GET", "POST"))
def change(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show one request, old and new side by side; a POST decides lines."""
    found = reads.change(request_id)
    scope, at = current_scope(), datetime.now(UTC)
    is_own = found.asked_by_id == scope.actor_id
    decides = DECIDE in scope.may and not is_own and found.status == "submitted"
    fault = ""
    if request.method == "POST":
        fault = _decided(request, found, at)
        if not fault:
            return redirect("directory:change", found.id)
    record = reads.record_of(found, at)
    lines = reads.lines_seen(found, record)
    context = {
        "change": found, "record": record, "decides": decides, "is_own": is_own, "fault": fault,
        "is_joined": record.id != found.hcp_id, "tone": TONES[found.status],
        "lines": [
            {
                "seen": seen, "name": words_of(seen.line.field),
                "tone": VERDICT_TONES[seen.line.verdict], "words": VERDICTS[seen.line.verdict],
                "chosen": request.POST.get(f"verdict_{seen.line.field}", ""),
                "answer": request.POST.get(f"answer_{seen.line.field}", ""),
            }
            for seen in lines
        ],
        "any_stale": any(seen.is_stale for seen in lines),
        "is_open": found.status in ("draft", "submitted"),
        "any_decided": any(seen.line.verdict != "open" for seen in lines),
        "evidence": reads.evidence_of(found), "evidence_form": EvidenceForm(),
        "verdicts": [("", "Leave open"), ("accept", "Accept"), ("reject", "Reject")],
        "trail": [{"label": "Change requests", "url": reverse("directory:changes")}],
    }  # fmt: skip
    return render(request, "directory/change.html", context, status=422 if fault else 200)


def _decided(request: HttpRequest, found: ChangeRequest, at: datetime) -> str:
    verdicts = {
        name: actions.Verdict(
            request.POST[f"verdict_{name}"] == "accept", request.POST.get(f"answer_{name}", "")
        )
        for name in LONGEST
        if request.POST.get(f"verdict_{name}") in ("accept", "reject")
    }
    try:
        done = actions.decide_change(
            found.id, verdicts, at=at, stale_known=bool(request.POST.get("stale_known"))
        )
    except UserError as wrong:
        return f"{words_of(wrong.field)}: {wrong}" if wrong.field else str(wrong)
    messages.success(request, f"Decided. {STATUSES[done.status]}.")
    return ""


@page(ASK, methods=("POST",))
def submit(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Hand a draft to the stewards."""
    return _done(request, request_id, "Sent; a data steward decides line by line.", "submit_change")


@page(ASK, methods=("POST",))
def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Withdraw one's own request, for good."""
    return _done(request, request_id, "Withdrawn; nothing is changed.", "withdraw_change")


def _done(request: HttpRequest, request_id: UUID, words: str, verb: str) -> HttpResponse:
    try:
        getattr(actions, verb)(request_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, words)
    return redirect("directory:change", request_id)


@page(ASK, methods=("POST",))
def prove(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Add files that prove one's own request."""
    found = reads.change(request_id)
    form = EvidenceForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise UserError(" ".join(map(str, form.errors["evidence"])))
        for file in form.cleaned_data["evidence"]:
            actions.add_evidence(
                found.id, name=file.name, content=file.read(), at=datetime.now(UTC)
            )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The evidence is with the request.")
    return redirect("directory:change", found.id)


@page(ASK)
def evidence(request: HttpRequest, request_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Give a file that proves a request; never shown inside the site."""
    return as_file(actions.read_evidence(request_id, evidence_id, at=datetime.now(UTC)))
