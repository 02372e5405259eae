"""People of an event: chosen, invited, checked in on a telephone, taken from a platform's list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import reads as directory
from entente.engagement.actions.attend import check_in, take_presence, walk_in
from entente.engagement.actions.invite import invite
from entente.engagement.actions.speakers import (
    Engagement,
    choose_speaker,
    declare_conflicts,
    remove_speaker,
)
from entente.engagement.adapters.presence import read_presence
from entente.engagement.forms import ids_of
from entente.engagement.forms_events import SpeakerForm
from entente.engagement.pages.event_words import PRESENCE, counted, dressed, toned
from entente.engagement.pages.events import done, must_fit
from entente.engagement.reads import events as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import text_of
from entente.foundation.web.doors import page
from entente.policy.reads.reasons import reasons_of

FOUND = 12
MOST_CHOSEN = 200


def _one_person(words: str) -> Any:
    """Give the one HCP that a name or NPI means.

    Raises
    ------
    UserError
        If nobody fits, or more than one.
    """
    found = directory.search_hcps(words, 3)
    exact = [person for person in found if words.strip() in {person.npi, person.display_name}]
    chosen = exact if len(exact) == 1 else found
    if len(chosen) != 1:
        few = ", ".join(f"{p.display_name} ({p.place or p.npi})" for p in chosen)
        raise UserError(
            f"more than one fits, give the NPI: {few}" if chosen else f"nobody fits “{words}”",
            field="npi",
        )
    return chosen[0]


@page("event.write", methods=("POST",))
def choose(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Choose somebody by the criteria; the fee passes the gate."""
    form, at = SpeakerForm(request.POST), datetime.now(UTC)

    def act() -> None:
        must_fit(form)
        fee, fair = form.amounts()
        made = choose_speaker(
            event_id,
            Engagement(
                hcp_id=_one_person(form.cleaned_data["npi"]).id,
                fee_minor=fee,
                fair_value_minor=fair,
                **{name: form.cleaned_data[name] for name in form.SAID},
            ),
            at=at,
        )  # fmt: skip
        if made.removed_at is not None:
            reason = reasons_of(made.decision)[0]
            raise UserError(f"not chosen: {reason['sentence']} ({reason['rule_id']})")

    return done(request, event_id, act, "Chosen.", "speakers")


@page("event.write", methods=("POST",))
def change_speaker(request: HttpRequest, event_id: UUID, speaker_id: UUID) -> HttpResponse:
    """Take somebody off, or write what ties to companies he declares."""
    at = datetime.now(UTC)
    words = request.POST.get("conflicts", "")
    act = (
        (lambda: declare_conflicts(speaker_id, words, at=at))
        if "declare" in request.POST
        else (lambda: remove_speaker(speaker_id, at=at))
    )
    return done(request, event_id, act, "Written.", "speakers")


@page("event.invite", methods=("GET", "POST"))
def invite_people(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Choose whom to invite; the gate answers for each."""
    event, scope, at = reads.event(event_id), current_scope(), datetime.now(UTC)
    given = request.POST if request.method == "POST" else request.GET
    chosen_ids = ids_of(given.getlist("hcps"))[:MOST_CHOSEN]
    known = directory.hcps(chosen_ids)
    words = (given.get("find") or "").strip()[:100]
    error = ""
    if request.method == "POST" and "look" not in request.POST:
        entity = next(iter(directory.legal_entities(scope.org_id)), None)
        try:
            if entity is None:
                raise UserError("your company has no legal entity to invite in the name of")
            if not chosen_ids:
                raise UserError("choose at least one HCP")
            made = invite(event_id, chosen_ids, controller_id=entity.id, at=at)
        except UserError as trouble:
            error = str(trouble)
        else:
            leaving = sum(each.status == "queued" for each in made)
            tell = messages.success if leaving == len(made) else messages.warning
            tell(request, f"{leaving} of {len(made)} invitations leave; the others say why below.")
            return redirect(reverse("engagement:event", args=[event_id]) + "?tab=invitations")
    context = {
        "event": dressed([event])[0],
        "chosen": [known[i] for i in chosen_ids if i in known],
        "found": [p for p in directory.search_hcps(words, FOUND) if p.id not in known]
        if words else [],
        "words": words,
        "error": error,
        "trail": _trail(event),
    }  # fmt: skip
    return render(request, "engagement/event_invite.html", context, status=422 if error else 200)


def _trail(event: Any) -> list[dict[str, str]]:
    return [
        {"label": "Events", "url": reverse("engagement:events")},
        {"label": event.title, "url": reverse("engagement:event", args=[event.id])},
    ]


@page("event.check", methods=("GET", "POST"))
def check_list(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Check people in on a telephone: find the name, one touch; take in who walks in."""
    event, at = reads.event(event_id), datetime.now(UTC)
    error = ""
    if request.method == "POST":
        try:
            _walk_in(request, event_id, at)
        except UserError as trouble:
            error = str(trouble)
        else:
            messages.success(request, "Checked in.")
            return redirect("engagement:event_check", event_id)
    everybody = reads.attendees(event_id)
    words = text_of(request, "q").lower()
    rows = [a for a in everybody if words in a.name.lower() and a.status != "cancelled"]
    context = {
        "event": dressed([event])[0],
        "rows": toned(rows, PRESENCE),
        "n": counted(everybody),
        "q": text_of(request, "q"),
        "error": error,
        "trail": _trail(event),
    }
    return render(request, "engagement/event_check.html", context, status=422 if error else 200)


def _walk_in(request: HttpRequest, event_id: UUID, at: datetime) -> None:
    name = request.POST.get("name", "").strip()
    is_hcp = name.isdigit()
    hcp_id = _one_person(name).id if is_hcp else None
    walk_in(event_id, name=name, hcp_id=hcp_id, seen_by=(), at=at)


@page("event.check", methods=("GET", "POST"))
def check_one(request: HttpRequest, event_id: UUID, attendee_id: UUID) -> HttpResponse:
    """Check one person in: the address that a ticket's square leads to."""
    attendee, at = reads.attendee(attendee_id), datetime.now(UTC)
    error = ""
    if request.method == "POST":
        try:
            check_in(attendee_id, signature=request.POST.get("drawing", ""), at=at)
        except UserError as trouble:
            error = str(trouble)
        else:
            messages.success(request, f"{attendee.name} is checked in.")
            return redirect("engagement:event_check", event_id)
    context = {
        "event": dressed([attendee.event])[0],
        "row": toned([attendee], PRESENCE)[0],
        "error": error,
        "trail": [*_trail(attendee.event),
                  {"label": "Check-in", "url": reverse("engagement:event_check", args=[event_id])}],
    }  # fmt: skip
    return render(request, "engagement/event_check_one.html", context, status=422 if error else 200)


@page("event.check", methods=("POST",))
def presence(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Take a platform's list of who was there."""
    given = request.FILES.get("file")

    def act() -> None:
        if given is None:
            raise UserError("choose the platform’s file", field="file")
        n, unknown = take_presence(event_id, read_presence(given.read()), at=datetime.now(UTC))
        messages.info(request, f"{n} attendees have new minutes.")
        if unknown:
            few = ", ".join(unknown[:5])
            messages.warning(
                request, f"{len(unknown)} addresses had not registered and were left out: {few}"
            )

    return done(request, event_id, act, "Taken.", "attendees")
