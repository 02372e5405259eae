"""Referrals: the queue of whoever has to look, and the signed answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.foundation.access.scope import OutOfScope, Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of
from entente.policy.actions import answer_referral
from entente.policy.domain.roles import may_act_for
from entente.policy.models import Referral
from entente.policy.pages.decisions import act_words
from entente.policy.reads import referrals as reads
from entente.policy.reads.reasons import reasons_of
from entente.policy.reads.rules import titles_of_rules

STANDINGS = [("open", "Open"), ("answered", "Answered")]
TONES = {"": "info", "approved": "ok", "declined": "bad", "moot": ""}
SHOWN = 6
APPROVED = "Approved and signed."
ONCE_MORE = " The gate is asked once more before it leaves."
DECLINED = "Declined and signed. Whoever asked sees your reason."


class AnswerForm(forms.Form):
    """What a person decides; the password signs it."""

    verdict = forms.ChoiceField(
        label="Your answer",
        widget=forms.RadioSelect,
        choices=[("approve", "Approve: this act may go"), ("decline", "Decline")],
    )
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever asked and whoever audits reads it.",
    )
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Your password signs the answer.",
    )


def told(rows: Sequence[Referral], at: datetime) -> list[Referral]:
    """Put beside each referral whom it is about, why it is there, and its clock."""
    titles = titles_of_rules()
    named = names_of(
        [("hcp", row.decision.recipient_id) for row in rows]
        + [(row.object_kind, row.object_id) for row in rows]
    )
    for row in rows:
        recipient = row.decision.recipient_id
        row.person = named.get(("hcp", recipient)) if recipient else None  # type: ignore[attr-defined]
        about = named.get((row.object_kind, row.object_id)) if row.object_id else None
        row.about = about  # type: ignore[attr-defined]
        row.act = act_words(row.decision.act_type)  # type: ignore[attr-defined]
        row.why = titles.get(row.rule_ids[0], row.rule_ids[0])  # type: ignore[attr-defined]
        row.n_more = len(row.rule_ids) - 1  # type: ignore[attr-defined]
        row.late = not row.answer and row.due_at < at  # type: ignore[attr-defined]
        row.tone = "bad" if row.late else TONES[row.answer]  # type: ignore[attr-defined]
        row.words = row.get_answer_display() or ("Late" if row.late else "Open")  # type: ignore[attr-defined]
    return list(rows)


@page("referral.answer")
def referrals(request: HttpRequest) -> HttpResponse:
    """List what waits for somebody, one's own first."""
    scope, at = current_scope(), datetime.now(UTC)
    standing = one_of(request, "standing", ["open", "answered"])
    found = reads.referrals(standing=standing)
    if not request.GET.get("all"):
        found = reads.my_queue(scope) if standing != "answered" else found
    part = part_of(found, reads.ORDER, request.GET)
    context = {
        "part": part,
        "rows": told(part.rows, at),
        "standings": STANDINGS,
        "whose": [("1", "Everybody")],
    }
    return render(request, "policy/referrals.html", context)


@page("referral.answer", methods=("GET", "POST"))
def referral(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Show one referral with its reasons, and take its answer."""
    scope, at = current_scope(), datetime.now(UTC)
    row = reads.referral(referral_id)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        approve = form.cleaned_data["verdict"] == "approve"
        try:
            with transaction.atomic():
                answer_referral(
                    referral_id, approve=approve, reason=form.cleaned_data["reason"],
                    password=form.cleaned_data["password"], at=at,
                )  # fmt: skip
        except NotSigned as wrong:
            form.add_error("password", str(wrong))
        except OutOfScope as wrong:
            form.add_error(None, str(wrong))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            leaves = ONCE_MORE if row.object_kind.endswith(".send") else ""
            messages.success(request, APPROVED + leaves if approve else DECLINED)
            return redirect("policy:referral", referral_id)
    told([row], at)
    named = names_of([("user", row.decision.actor_id)])
    asks = [reason for reason in reasons_of(row.decision) if reason["rule_id"] in row.rule_ids]
    context: dict[str, Any] = {
        "row": row,
        "reasons": asks,
        "asked_by": next(iter(named.values()), None),
        "form": form if not row.answer and may_act_for(row.role, scope.roles) else None,
        "waits_for": row.role.replace("_", " "),
        "trail": [{"label": "Referrals", "url": reverse("policy:referrals")}],
    }
    return render(request, "policy/referral.html", context, status=422 if form.errors else 200)


def my_referrals(scope: Scope) -> dict[str, Any]:
    """Show what waits for somebody with these roles, the most urgent first."""
    found = reads.my_queue(scope)
    rows = list(found.order_by(*reads.ORDER)[:SHOWN])
    return {"referrals": told(rows, datetime.now(UTC)), "n_open": found.count()}
