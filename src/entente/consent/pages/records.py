"""A person's permissions, for those who work with him: states, history, recording."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.consent import actions, reads
from entente.consent.models.records import Channel, Purpose
from entente.consent.pages.forms import CaptureForm, WithdrawForm, refuse, split_subject
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.periods import end_of_day
from entente.foundation.errors import UserError
from entente.foundation.web.asked import day_of
from entente.foundation.web.doors import page

if TYPE_CHECKING:
    from entente.directory.models import Hcp

TONES = {
    "granted": "ok", "pending": "info", "expired": "warn", "withdrawn": "bad", "never": "bad",
}  # fmt: skip


def state_rows(hcp_id: UUID, at: datetime) -> list[dict[str, Any]]:
    """Give the states of all of a person's permissions, with the words to show them by."""
    names = {e.id: e.name for e in directory.legal_entities(current_scope().org_id)}
    return [
        {
            "state": state,
            "controller": names.get(state.controller_id, "–"),  # type: ignore[arg-type]
            "channel": Channel(state.channel).label,
            "purpose": Purpose(state.purpose).label,
            "tone": TONES.get(state.status, ""),
        }
        for state in reads.states_of(hcp_id, at)
    ]


@page("consent.read")
def consents(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Show the states on a day, today by default, and all that was ever recorded."""
    person = directory.hcp(hcp_id)
    now = datetime.now(UTC)
    on = day_of(request, "on")
    at = min(end_of_day(on, person.time_zone or "UTC"), now) if on else now
    context = {
        "hcp": person,
        "on": on,
        "rows": state_rows(hcp_id, at),
        "history": reads.history(hcp_id),
        "is_stopped": reads.is_stopped(hcp_id, at),
    }
    return render(request, "consent/consents.html", context)


@page("consent.capture", methods=("GET", "POST"))
def capture(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Record a permission that the person gave."""
    person = directory.hcp(hcp_id)
    form = CaptureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = split_subject(dict(form.cleaned_data))
        given["controller_id"] = UUID(given["controller_id"])
        try:
            actions.capture_consent(hcp_id=hcp_id, source="staff", at=datetime.now(UTC), **given)
        except UserError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, "The consent is recorded.")
            return redirect("consent:consents", hcp_id)
    return render(
        request,
        "consent/capture.html",
        {"form": form, "hcp": person},
        status=422 if form.errors else 200,
    )


@page("consent.capture", methods=("GET", "POST"))
def withdraw(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Record that the person took a permission back."""
    person = directory.hcp(hcp_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = split_subject(dict(form.cleaned_data))
        try:
            actions.withdraw_consent(
                hcp_id=hcp_id,
                controller_id=UUID(given["controller_id"]),
                channel=given["channel"],
                purpose=given["purpose"] or None,
                reason=given["reason"],
                product_id=given.get("product_id"),
                topic_id=given.get("topic_id"),
                source="staff",
                at=datetime.now(UTC),
            )
        except UserError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, "The withdrawal is recorded; nothing leaves from now on.")
            return redirect("consent:consents", hcp_id)
    return render(
        request,
        "consent/withdraw.html",
        {"form": form, "hcp": person},
        status=422 if form.errors else 200,
    )


@page("consent.capture", methods=("POST",))
def stop(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Stop everything towards the person, as he asked."""
    directory.hcp(hcp_id)
    try:
        actions.suppress(hcp_id, request.POST.get("reason", "")[:300], datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "Everything towards this person is stopped.")
    return redirect("consent:consents", hcp_id)


def panel(request: HttpRequest, person: Hcp) -> dict[str, Any]:
    """Give what the consent panel of the HCP page shows."""
    now = datetime.now(UTC)
    return {
        "hcp": person,
        "rows": state_rows(person.id, now),
        "is_stopped": reads.is_stopped(person.id, now),
        "wishes": reads.preference(person.id, now),
    }
