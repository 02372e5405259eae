"""One drawn item with its answer, and what is done about findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of
from entente.foundation.web.moments import moment_of
from entente.policy.actions.audit_actions import (
    Measure,
    finish_action,
    open_action,
    verify_action,
)
from entente.policy.actions.audits import answer_item
from entente.policy.models import AuditAction, AuditItem
from entente.policy.pages.audits import named_items
from entente.policy.reads import audits as reads
from entente.policy.reads.rules import titles_of_rules

STANDINGS = [("open", "Open"), ("late", "Late"), ("done", "To verify"), ("verified", "Verified")]


class ItemForm(forms.Form):
    """What the auditor says of an item."""

    verdict = forms.ChoiceField(
        label="What you found", widget=forms.RadioSelect,
        choices=[("in_order", "In order"), ("finding", "A finding")],
    )  # fmt: skip
    severity = forms.ChoiceField(
        label="How grave",
        required=False,
        choices=[("", "Not a finding"), *AuditItem.Severity.choices],
    )
    rule = forms.ChoiceField(label="Rule", required=False)
    note = forms.CharField(
        label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A finding needs one; whoever acts on it reads it.",
    )  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        rules = [(i, f"{i} · {title}") for i, title in sorted(titles_of_rules().items())]
        self.fields["rule"].choices = [("", "None in particular"), *rules]  # type: ignore[attr-defined]


class ActionForm(forms.Form):
    """What is to be done, by whom, until when."""

    kind = forms.ChoiceField(label="Kind", choices=AuditAction.Kind.choices)
    what = forms.CharField(label="What is to be done", widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ChoiceField(label="Who does it")
    due_on = forms.DateField(label="Until", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        people = reads.colleagues()
        self.fields["owner"].choices = [(str(one.id), one.name) for one in people]  # type: ignore[attr-defined]


class DoneForm(forms.Form):
    """What shows that it is done."""

    evidence = forms.CharField(
        label="What shows that it is done", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Name documents, entries or dates; another person verifies it.",
    )  # fmt: skip


class VerifyForm(forms.Form):
    """Whether what was done holds."""

    verdict = forms.ChoiceField(
        label="Your answer", widget=forms.RadioSelect,
        choices=[("accept", "It is done and holds"), ("return", "Give it back")],
    )  # fmt: skip
    reason = forms.CharField(
        label="Why it goes back", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def _tried(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Act on a form; put a refusal against its field."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act(form.cleaned_data)
    except UserError as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
    except PermissionDenied as wrong:
        form.add_error(None, str(wrong))
    return not form.errors


@page("audit.read", methods=("GET", "POST"))
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show a drawn item and take the auditor's answer."""
    at, scope = moment_of(request), current_scope()
    form = ItemForm(posted(request))

    def answer(given: dict[str, Any]) -> None:
        answer_item(
            item_id, in_order=given["verdict"] == "in_order", severity=given["severity"],
            rule_id=given["rule"], note=given["note"], at=at,
        )  # fmt: skip

    if request.method == "POST":
        scope.require("audit.write")
        if _tried(form, answer):
            messages.success(request, "Kept. An answer is given once.")
            return redirect("policy:audit_item", item_id)
    return _item_page(request, item_id, form, ActionForm())


def _item_page(
    request: HttpRequest, item_id: UUID, form: ItemForm, doing: ActionForm
) -> HttpResponse:
    at, may = moment_of(request), current_scope().may
    row = reads.item(item_id)
    named_items([row])
    doing.fields["due_on"].widget.attrs["min"] = at.date().isoformat()
    context = {
        "row": row,
        "plan": row.sample.plan,
        "form": form if not row.answer and "audit.write" in may else None,
        "doing": doing if row.answer == "finding" and "audit.write" in may else None,
        "actions": told(list(row.actions.order_by("due_on", "id")), request),
        "rule_title": titles_of_rules().get(row.rule_id, ""),
        "trail": [
            {"label": "Audits", "url": reverse("policy:audits")},
            {"label": row.sample.plan.title,
             "url": reverse("policy:audit_sample", args=[row.sample_id])},
        ],
    }  # fmt: skip
    wrong = bool(form.errors or doing.errors)
    return render(request, "policy/audit_item.html", context, status=422 if wrong else 200)


@page("audit.write", methods=("POST",))
def open_one(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Open an action for a finding."""
    form = ActionForm(posted(request))

    def act(given: dict[str, Any]) -> None:
        measure = Measure(given["kind"], given["what"], UUID(given["owner"]), given["due_on"])
        open_action(item_id, measure, at=moment_of(request))

    if _tried(form, act):
        messages.success(request, "Opened. Its owner sees it on the start page.")
        return redirect("policy:audit_item", item_id)
    return _item_page(request, item_id, ItemForm(), form)


def told(rows: list[AuditAction], request: HttpRequest) -> list[AuditAction]:
    """Put beside each action where it stands."""
    on = moment_of(request).date()
    for row in rows:
        late = row.done_at is None and row.due_on < on
        row.words, row.tone = (  # type: ignore[attr-defined]
            ("Verified", "ok") if row.verified_at
            else ("To verify", "info") if row.done_at
            else ("Late", "bad") if late
            else ("Open", "warn")
        )  # fmt: skip
    return rows


@page("audit.read")
def actions(request: HttpRequest) -> HttpResponse:
    """List corrective and preventive actions, the most urgent first."""
    standing = one_of(request, "standing", [value for value, _ in STANDINGS])
    found = reads.actions(standing=standing, on=moment_of(request).date())
    part = part_of(found, reads.ACTION_ORDER, request.GET)
    context = {"part": part, "rows": told(part.rows, request), "standings": STANDINGS}
    return render(request, "policy/audit_actions.html", context)


@page("audit.act", methods=("GET", "POST"))
def action(request: HttpRequest, action_id: UUID) -> HttpResponse:
    """Show an action; its owner says when it is done, and with which evidence."""
    reads.action(action_id, current_scope())
    form = DoneForm(posted(request))

    def act(given: dict[str, Any]) -> None:
        finish_action(action_id, given["evidence"], at=moment_of(request))

    if request.method == "POST" and _tried(form, act):
        messages.success(request, "Done. Another person verifies it.")
        return redirect("policy:audit_action", action_id)
    return _action_page(request, action_id, form, VerifyForm())


def _action_page(
    request: HttpRequest, action_id: UUID, form: DoneForm, verifying: VerifyForm
) -> HttpResponse:
    scope = current_scope()
    row = reads.action(action_id, scope)
    told([row], request)
    named_items([row.item])
    mine = row.owner_id == scope.actor_id
    context = {
        "row": row,
        "form": form if mine and row.done_at is None else None,
        "verifying": verifying
        if row.done_at and not row.verified_at and not mine and "audit.write" in scope.may
        else None,
        "may_see_audit": "audit.read" in scope.may,
        "trail": [{"label": "Audits", "url": reverse("policy:audits")}]
        if "audit.read" in scope.may
        else [],
    }
    wrong = bool(form.errors or verifying.errors)
    return render(request, "policy/audit_action.html", context, status=422 if wrong else 200)


@page("audit.write", methods=("POST",))
def verify(request: HttpRequest, action_id: UUID) -> HttpResponse:
    """Verify what another person did, or give it back."""
    form = VerifyForm(posted(request))

    def act(given: dict[str, Any]) -> None:
        verify_action(
            action_id, accept=given["verdict"] == "accept", reason=given["reason"],
            at=moment_of(request),
        )  # fmt: skip

    if _tried(form, act):
        messages.success(request, "Kept.")
        return redirect("policy:audit_action", action_id)
    return _action_page(request, action_id, DoneForm(), form)
