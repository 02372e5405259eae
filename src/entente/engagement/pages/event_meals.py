"""Meals of an event: recorded from its attendees, with each part and the gate's answer for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.engagement.actions.event_meals import record_event_meal
from entente.engagement.forms_meals import EventMealForm
from entente.engagement.models import Event
from entente.engagement.pages.expenses import SAID, TONES
from entente.engagement.reads import event_meals as reads
from entente.engagement.reads import events as event_reads
from entente.foundation.errors import UserError
from entente.foundation.web.asked import posted
from entente.foundation.web.doors import page
from entente.policy.reads.reasons import reasons_of

OUTCOMES = {"PERMIT": ("ok", "In order"), "REFER": ("warn", "Needs a person"),
            "FORBID": ("bad", "Against a rule")}  # fmt: skip


def _trail(event: Event) -> list[dict[str, str]]:
    address = reverse("engagement:event", args=[event.id])
    return [
        {"label": "Events", "url": reverse("engagement:events")},
        {"label": event.title, "url": f"{address}?tab=attendees"},
    ]


def meals_of(event: Event) -> list[Any]:
    """Give the meals of an event for its list of attendees."""
    found: list[Any] = reads.meals(event.id)
    for each in found:
        each.tone = TONES[each.expense.standing]
    return found


@page("expense.record", methods=("GET", "POST"))
def new_meal(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Record a meal of an event; the gate answers for each HCP."""
    event, there = event_reads.event(event_id), reads.who_was_there(event_id)
    form = EventMealForm(posted(request), event=event, there=there)
    if request.method == "POST" and form.is_valid():
        try:
            made = record_event_meal(form.eaten(), at=datetime.now(UTC))
        except UserError as trouble:
            form.blame(trouble)
        else:
            standing = made.expense.standing
            tell = messages.success if standing == "cleared" else messages.warning
            tell(request, SAID[standing])
            return redirect("engagement:event_meal", made.id)
    context = {"form": form, "event": event, "n_there": len(there), "trail": _trail(event)}
    return render(
        request, "engagement/event_meal_new.html", context, status=422 if form.errors else 200
    )


@page("expense.read")
def event_meal(request: HttpRequest, meal_id: UUID) -> HttpResponse:
    """Show one meal with everybody's part; whom the gate refuses is named with its sentence."""
    row = reads.meal(meal_id)
    parts: list[Any] = reads.parts_of(meal_id)
    reasons: dict[str, dict[str, Any]] = {}
    for part in parts:
        if part.share is None:
            continue
        part.tone, part.said = OUTCOMES[part.share.decision.outcome]
        if part.share.decision.outcome == "PERMIT":
            continue
        own = reasons_of(part.share.decision)
        part.sentence = own[0]["sentence"] if own else ""
        for reason in own:
            reasons.setdefault(reason["rule_id"], reason)
    context = {
        "row": row,
        "tone": TONES[row.expense.standing],
        "parts": parts,
        "reasons": list(reasons.values()),
        "trail": _trail(row.event),
    }
    return render(request, "engagement/event_meal.html", context)
