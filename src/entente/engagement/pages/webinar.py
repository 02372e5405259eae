"""Polls and questions of a webinar, for whoever leads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.engagement.actions import webinar as acts
from entente.engagement.forms_detail import PollForm
from entente.engagement.pages.event_words import dressed
from entente.engagement.reads import events
from entente.engagement.reads import webinar as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page

TONES = {"draft": "neutral", "open": "accent", "closed": "ok"}


@page("event.read", methods=("GET", "POST"))
def polls(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Show polls with their counts and the questions; a POST writes a poll."""
    event, scope = events.event(event_id), current_scope()
    form = PollForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            acts.add_poll(event_id, found["question"], form.lines(), at=datetime.now(UTC))
        except UserError as trouble:
            form.add_error(trouble.field if trouble.field in form.fields else None, str(trouble))
        else:
            messages.success(request, "Written. Open it when you ask it.")
            return redirect("engagement:event_polls", event_id)
    told = reads.polls_of(event_id)
    own = event.org_id == scope.org_id
    context = {
        "event": dressed([event])[0],
        "polls": [{"told": each, "tone": TONES[each.poll.status]} for each in told],
        "questions": reads.questions_of(event_id),
        "n_medical": reads.n_medical(event_id),
        "own": own,
        "may_write": own and "event.write" in scope.may and event.kind in acts.KINDS,
        "may_settle": own and "event.check" in scope.may,
        "form": form,
        "trail": [
            {"label": "Events", "url": reverse("engagement:events")},
            {"label": event.title, "url": reverse("engagement:event", args=[event_id])},
        ],
    }
    return render(request, "engagement/webinar.html", context, status=422 if form.errors else 200)


@page("event.write", methods=("POST",))
def move_poll(request: HttpRequest, event_id: UUID, poll_id: UUID) -> HttpResponse:
    """Open or close a poll."""
    at = datetime.now(UTC)
    opens = "open" in request.POST
    act = acts.open_poll if opens else acts.close_poll
    said = "Open: those who attend can answer." if opens else "Closed. Who attends sees the counts."
    return _done(request, event_id, lambda: act(poll_id, at=at), said)


@page("event.check", methods=("POST",))
def settle(request: HttpRequest, event_id: UUID, question_id: UUID) -> HttpResponse:
    """Say that a question was answered."""
    at = datetime.now(UTC)
    return _done(request, event_id, lambda: acts.settle_question(question_id, at=at), "Answered.")


def _done(request: HttpRequest, event_id: UUID, act: Callable[[], Any], said: str) -> HttpResponse:
    try:
        act()
    except UserError as trouble:
        messages.error(request, f"{str(trouble)[:1].upper()}{str(trouble)[1:]}.")
    else:
        messages.success(request, said)
    return redirect("engagement:event_polls", event_id)
