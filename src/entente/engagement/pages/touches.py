"""Calls with HCPs: the list, one with its records, its amendment and cancellation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.engagement.actions import amend_touch, cancel_touch, take_over_touch
from entente.engagement.domain.detailing import as_minutes
from entente.engagement.forms_calls import AmendForm, CancelForm, TakeOverForm
from entente.engagement.models import Shown, Touch
from entente.engagement.pages.calls import SAID
from entente.engagement.reads import details
from entente.engagement.reads import touches as reads
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of
from entente.policy.reads.reasons import reasons_of

TONES = {"cleared": "ok", "referred": "warn", "breach": "bad"}
STATUS_TONES = {"planned": "info", "referred": "warn", "forbidden": "bad", "cancelled": "neutral"}
ICONS = {"visit": "user-round", "phone": "phone", "remote": "monitor"}
HEAD = ("id", "happened_at", "kind", "hcp_id", "purpose", "status", "standing", "product",
        "reaction", "minutes", "was_requested")  # fmt: skip
LAST = 6


def dressed(rows: list[Touch]) -> list[Touch]:
    """Put beside each call its icon and tone."""
    for row in rows:
        row.icon = ICONS[row.kind]  # type: ignore[attr-defined]
        done = row.status == Touch.Status.DONE
        row.tone = TONES[row.standing] if done else STATUS_TONES[row.status]  # type: ignore[attr-defined]
        row.words = row.get_standing_display() if done else row.get_status_display()  # type: ignore[attr-defined]
    return rows


@page("touch.read")
def touches(request: HttpRequest) -> HttpResponse:
    """List the calls that one may see, the newest first."""
    scope, hcp_id = current_scope(), id_of(request, "hcp")
    found = reads.touches(
        status=one_of(request, "status", Touch.Status.values),
        kind=one_of(request, "kind", Touch.Kind.values),
        standing=one_of(request, "standing", Touch.Standing.values),
        hcp_id=hcp_id,
        recorded_by=scope.actor_id if request.GET.get("mine") else None,
    )
    if request.GET.get("export") == "csv":
        rows = (
            (t.id, t.happened_at, t.kind, t.hcp_id, t.purpose, t.status, t.standing,
             t.product.name if t.product else "", t.reaction, t.minutes, t.was_requested)
            for t in found.order_by(*reads.ORDER).iterator(2_000)
        )  # fmt: skip
        return csv_file("calls", HEAD, rows, kind="engagement.touch", at=datetime.now(UTC))
    part = part_of(found, reads.ORDER, request.GET)
    dressed(part.rows)
    context = {
        "part": part,
        "statuses": Touch.Status.choices,
        "kinds": Touch.Kind.choices,
        "standings": Touch.Standing.choices,
        "about": next(iter(names_of([("hcp", hcp_id)]).values()), None),
        "may_log": "touch.write" in scope.may,
    }
    return render(request, "engagement/touches.html", context)


@page("touch.read")
def touch(request: HttpRequest, touch_id: UUID) -> HttpResponse:
    """Show one record of a call, what the gate said of it, and the records before and after."""
    row, scope = reads.touch(touch_id), current_scope()
    shown = reads.shown_in(touch_id)
    for each in shown:
        each.minutes = as_minutes(each.seconds)  # type: ignore[attr-defined]
    names = names_of([("user", row.recorded_by_id)])
    mine = row.recorded_by_id == scope.actor_id and "touch.write" in scope.may
    current = row.superseded_at is None
    detail = details.detail_of(touch_id) if row.kind == "remote" else None
    context = {
        "row": dressed([row])[0],
        "shown": shown,
        "detail_id": detail.id if detail else None,
        "reasons": reasons_of(row.decision),
        "versions": reads.versions_of(row.root_id),
        "recorded_by": next(iter(names.values()), None),
        "may_amend": mine and current and row.status == Touch.Status.DONE,
        "may_end": mine and current and row.status in {"planned", "referred"},
        "may_log": mine and current and row.status == "planned",
        "may_take": not mine
        and current
        and row.status in {"planned", "referred"}
        and row.org_id == scope.org_id
        and "touch.write" in scope.may,
        "may_hand": mine and current and row.status == "done" and "sample.hand" in scope.may,
        "trail": [{"label": "Calls", "url": reverse("engagement:touches")}],
    }
    return render(request, "engagement/touch.html", context)


def _as_filled(row: Touch, shown: list[Shown]) -> dict[str, Any]:
    """Give a record as the fields of the form."""
    # Of a call about a product every item stands in the rows below it.
    first = [] if row.product_id else shown[:1]
    about = f"item:{first[0].version_id}" if first else ""
    more: dict[str, Any] = {}
    for n, each in enumerate(shown[len(first) :], start=1):
        more[f"item_{n}"] = f"item:{each.version_id}"
        more[f"minutes_{n}"], more[f"reaction_{n}"] = each.seconds, each.reaction
    return {
        **more,
        "first_minutes": first[0].seconds if first else None,
        "hcp": row.hcp_id,
        "kind": row.kind,
        "about": about or (f"product:{row.product_id}" if row.product_id else ""),
        "reaction": row.reaction,
        "note": row.note,
        "happened_at": row.happened_at,
        "minutes": row.minutes,
        "was_requested": row.was_requested,
        "controller": row.controller_id,
    }


def _asked(request: HttpRequest, name: str, row: Touch, form: Form) -> HttpResponse:
    """Show a form about one call, with what is wrong in it."""
    back = reverse("engagement:touch", args=[row.id])
    trail = [{"label": "Calls", "url": reverse("engagement:touches")},
             {"label": row.hcp.display_name, "url": back}]  # fmt: skip
    context = {"row": row, "form": form, "back": back, "trail": trail}
    status = 422 if form.errors else 200
    return render(request, f"engagement/{name}.html", context, status=status)


@page("touch.write", methods=("GET", "POST"))
def amend(request: HttpRequest, touch_id: UUID) -> HttpResponse:
    """Correct a record that was sent in: a new one beside it, with the reason."""
    at, scope = datetime.now(UTC), current_scope()
    row = reads.touch(touch_id)
    shown = reads.shown_in(touch_id)
    form = AmendForm(
        posted(request),
        initial=_as_filled(row, shown),
        org_id=scope.org_id,
        on=at.date(),
        shown=shown,
    )
    form.fields["hcp"].required = False
    if request.method == "POST" and form.is_valid():
        form.cleaned_data["hcp"] = row.hcp_id
        try:
            made = amend_touch(touch_id, form.call(at), form.cleaned_data["reason"], at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, SAID[made.standing].replace("Logged", "Amended"))
            return redirect("engagement:touch", made.id)
    return _asked(request, "touch_amend", row, form)


@page("touch.write", methods=("GET", "POST"))
def cancel(request: HttpRequest, touch_id: UUID) -> HttpResponse:
    """Cancel a plan."""
    row = reads.touch(touch_id)
    form = CancelForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            cancel_touch(touch_id, form.cleaned_data["reason"], at=datetime.now(UTC))
        except UserError as trouble:
            form.add_error("reason" if trouble.field == "reason" else None, str(trouble))
        else:
            messages.success(request, "Cancelled. Its place is free again.")
            return redirect("engagement:touch", touch_id)
    return _asked(request, "touch_cancel", row, form)


@page("touch.write", methods=("GET", "POST"))
def take_over(request: HttpRequest, touch_id: UUID) -> HttpResponse:
    """Take over a colleague's plan."""
    row = reads.touch(touch_id)
    form = TakeOverForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = take_over_touch(touch_id, form.cleaned_data["reason"], at=datetime.now(UTC))
        except UserError as trouble:
            form.add_error("reason" if trouble.field == "reason" else None, str(trouble))
        else:
            messages.success(request, "This call is yours now.")
            return redirect("engagement:touch", made.id)
    return _asked(request, "touch_take_over", row, form)


def hcp_touches(request: HttpRequest, hcp: Any) -> dict[str, Any]:
    """Show the last calls with a person, and what to know before the next."""
    scope, on = current_scope(), datetime.now(UTC).date()
    rows = list(reads.touches(hcp_id=hcp.id).order_by(*reads.ORDER)[:LAST])
    return {
        "hcp": hcp,
        "touches": dressed(rows),
        "medical_day": reads.last_medical_call(hcp.id),
        "partner_today": reads.a_partner_calls_on(hcp.id, on),
        "may_log": "touch.write" in scope.may,
    }


def my_calls(scope: Scope) -> dict[str, Any]:
    """Show today's plans and the last calls, and how the week went."""
    at = datetime.now(UTC)
    mine = reads.touches(recorded_by=scope.actor_id)
    done = mine.filter(status=Touch.Status.DONE)
    week = done.filter(happened_at__gte=at - timedelta(days=7))
    plans = (
        reads.day_of(scope.actor_id, at=at, until=at + timedelta(hours=36))
        if scope.actor_id
        else []
    )
    return {
        "plans": dressed(plans),
        "last": dressed(list(done.order_by(*reads.ORDER)[:LAST])),
        "n_week": week.count(),
        "n_held": week.exclude(standing=Touch.Standing.CLEARED).count(),
    }
