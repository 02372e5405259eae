"""Audits: what to draw, what was drawn and how far it is looked at, and the figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.charts import lines
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.moments import moment_of
from entente.foundation.web.naming import names_of
from entente.policy.actions.audits import AuditTerms, draw_sample, end_audit, plan_audit
from entente.policy.audit_kinds import kind_of, kinds
from entente.policy.models import AuditItem, AuditPlan, AuditSample
from entente.policy.reads import audits as reads

ANSWERS = [("open", "To look at"), ("in_order", "In order"), ("finding", "Finding")]
TONES = {"": "info", "in_order": "ok", "finding": "bad"}
SAMPLE_ORDER = ("-drawn_at", "-id")
HEAD = ("place", "kind", "object_id", "stratum", "happened_at", "answer", "severity", "rule",
        "note", "answered_at", "answered_by")  # fmt: skip


class PlanForm(forms.Form):
    """What is sampled, how often, how many."""

    title = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(label="What is sampled")
    every = forms.ChoiceField(label="Each", choices=AuditPlan.Every.choices)
    size = forms.IntegerField(
        label="How many", required=False, min_value=1, max_value=2_000,
        help_text="A number, or a share below; one of the two.",
    )  # fmt: skip
    rate_percent = forms.IntegerField(
        label="Or how many percent", required=False, min_value=1, max_value=100
    )
    strata = forms.ChoiceField(
        label="Spread", required=False, choices=AuditPlan.Strata.choices,
        help_text="So that small countries or rare kinds are not left out.",
    )  # fmt: skip
    country = forms.CharField(
        label="Only this country", required=False, min_length=2, max_length=2,
        help_text="Two letters, for example GB; empty for all.",
    )  # fmt: skip
    auditor = forms.ChoiceField(
        label="Looked at by", required=False,
        help_text="Nobody looks at his own acts, whoever stands here.",
    )  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [(str(one.id), one.name) for one in reads.colleagues(role="compliance")]
        self.fields["kind"].choices = [(k.code, k.title) for k in kinds()]  # type: ignore[attr-defined]
        self.fields["auditor"].choices = [("", "Any compliance officer"), *choices]  # type: ignore[attr-defined]


def _trail(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": "Audits", "url": reverse("policy:audits")}, *more]


def title_of_kind(code: str) -> str:
    """Give the words for a kind, or its code if no room knows it any more."""
    kind = kind_of(code)
    return kind.title if kind else code


@page("audit.read")
def audits(request: HttpRequest) -> HttpResponse:
    """Show what waits to be drawn, what was drawn, and the plans."""
    on = moment_of(request).date()
    part = part_of(reads.samples(), SAMPLE_ORDER, request.GET)
    plans = list(reads.plans(on))
    for row in plans:
        row.kind_title = title_of_kind(row.kind)  # type: ignore[attr-defined]
    context = {
        "undrawn": reads.to_draw(on),
        "part": part,
        "plans": plans,
        "n_late": reads.actions(standing="late", on=on).count(),
        "may_write": "audit.write" in current_scope().may,
    }
    return render(request, "policy/audits.html", context)


@page("audit.write", methods=("GET", "POST"))
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a periodic audit."""
    form = PlanForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        auditor = given.pop("auditor")
        terms = AuditTerms(**given | {"country": given["country"].upper()},
                           auditor_id=UUID(auditor) if auditor else None)  # fmt: skip
        try:
            with transaction.atomic():
                plan_audit(terms, at=moment_of(request))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, "Planned. The first sample is drawn when its period is over.")
            return redirect("policy:audits")
    context = {"form": form, "trail": _trail()}
    return render(request, "policy/audit_plan.html", context, status=422 if form.errors else 200)


@page("audit.write", methods=("POST",))
def end(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """End a plan."""
    end_audit(plan_id, at=moment_of(request))
    messages.success(request, "Ended. What was drawn stays.")
    return redirect("policy:audits")


@page("audit.write", methods=("POST",))
def draw(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Draw the sample of a period."""
    try:
        since = date.fromisoformat(request.POST.get("since", ""))
    except ValueError:
        raise UserError("say which period, by its first day") from None
    made = draw_sample(plan_id, since, at=moment_of(request))
    return redirect("policy:audit_sample", made.id)


def named_items(rows: Sequence[AuditItem]) -> list[AuditItem]:
    """Put beside each item what it is called, where it opens, and how it looks."""
    named = names_of((row.object_kind, row.object_id) for row in rows)
    for row in rows:
        row.named = named.get((row.object_kind, row.object_id))  # type: ignore[attr-defined]
        row.tone = TONES[row.answer]  # type: ignore[attr-defined]
        row.words = row.get_severity_display() or row.get_answer_display()  # type: ignore[attr-defined]
    return list(rows)


@page("audit.read", methods=("GET", "POST"))
def sample(request: HttpRequest, sample_id: UUID) -> HttpResponse:
    """Show a sample with its items; posted to, draw it again and compare."""
    row = reads.samples().get(id=sample_id)
    answer = one_of(request, "answer", [value for value, _ in ANSWERS])
    found = reads.items(answer={"open": ""}.get(answer, answer or None), sample_id=sample_id)
    if request.GET.get("export") == "csv":
        return _exported(row, found, request)
    part = part_of(found, reads.ITEM_ORDER, request.GET)
    context = {
        "row": row,
        "kind_title": title_of_kind(row.plan.kind),
        "part": part,
        "rows": named_items(part.rows),
        "answers": ANSWERS,
        "again": reads.redraw(row) if request.method == "POST" else None,
        "trail": _trail(),
    }
    return render(request, "policy/audit_sample.html", context)


def _exported(row: AuditSample, found: Any, request: HttpRequest) -> HttpResponse:
    cells = (
        (one.place, one.object_kind, one.object_id, one.stratum, one.happened_at, one.answer,
         one.severity, one.rule_id, one.note, one.answered_at, one.answered_by_name)
        for one in found.order_by("place").iterator(500)
    )  # fmt: skip
    name = f"audit-{row.since_on:%Y-%m}"
    return csv_file(name, HEAD, cells, kind="policy.audit_item", at=moment_of(request))


@page("audit.read")
def figures(request: HttpRequest) -> HttpResponse:
    """Show how often something was found, how sure that is, and what is open or late."""
    found = reads.figures(moment_of(request).date())
    drawing = ""
    # One month is no course of anything: its figures stand in the table.
    if len(found.by_month) > 1:
        drawing = lines(
            "Findings among what was looked at, by month",
            [line.label for line in found.by_month],
            {
                "Upper limit": [line.rate.high * 100 for line in found.by_month],
                "Findings in percent": [
                    None if line.rate.share is None else line.rate.share * 100
                    for line in found.by_month
                ],
                "Lower limit": [line.rate.low * 100 for line in found.by_month],
            },
        )
    context = {"found": found, "drawing": drawing, "trail": _trail()}
    return render(request, "policy/audit_figures.html", context)
