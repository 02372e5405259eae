"""The words people are asked with: versions, what they show, topics, and what countries ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.consent import actions, reads
from entente.consent.domain.countries import STRICT, STRICT_MONTHS
from entente.consent.models import Wording
from entente.consent.models.records import Channel, Purpose
from entente.consent.pages.forms import CountryRuleForm, WordingForm, refuse
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of

TONES = {"staged": "info", "active": "ok", "inactive": ""}


@page("wording.read")
def wordings(request: HttpRequest) -> HttpResponse:
    """List the versions of the words, the topics, and what countries ask."""
    found = reads.wordings(
        status=one_of(request, "status", dict(Wording.Status.choices)),
        country=text_of(request, "country").upper()[:2],
    )
    part = part_of(found, ("country", "language", "version", "id"), request.GET)
    for row in part.rows:
        row.tone = TONES[row.status]
    rules = reads.country_rules()
    for rule in rules:
        rule.channel_words = Channel(rule.channel).label  # type: ignore[attr-defined]
    return render(
        request,
        "consent/wordings.html",
        {
            "part": part,
            "states": Wording.Status.choices,
            "topics": reads.topics(),
            "rules": rules,
            "strict": ", ".join(sorted(STRICT)),
            "strict_months": STRICT_MONTHS,
        },
    )


@page("wording.read")
def wording(request: HttpRequest, wording_id: UUID) -> HttpResponse:
    """Show one version: its words, what they show, its history and its use."""
    found = reads.wording(wording_id)
    scope = current_scope()
    names = reads.topic_names(found.topics)
    names |= {p.id: p.name for p in directory.products() if p.id in found.topics}
    entities = directory.legal_entities_named(found.controllers)
    return render(
        request,
        "consent/wording.html",
        {
            "wording": found,
            "tone": TONES[found.status],
            "companies": sorted(entity.name for entity in entities.values()),
            "channels": [Channel(each).label for each in found.channels],
            "purposes": [Purpose(each).label for each in found.purposes],
            "subjects": sorted(names.values()),
            "is_own": bool(scope.person_key) and scope.person_key == found.writer_key,
        },
    )


@page("wording.write", methods=("GET", "POST"))
def add_wording(request: HttpRequest) -> HttpResponse:
    """Write a new version of the words."""
    form = WordingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        shown = actions.Shown(
            controllers=[UUID(each) for each in given.pop("controllers")],
            channels=given.pop("channels"),
            purposes=given.pop("purposes"),
            topics=[UUID(each) for each in given.pop("topics")],
        )
        given["controller_id"] = UUID(given["controller_id"])
        try:
            made = actions.stage_wording(**given, shown=shown, at=datetime.now(UTC))
        except UserError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, "The words are written; somebody else puts them into use.")
            return redirect("consent:wording", made.id)
    return render(
        request, "consent/wording_new.html", {"form": form}, status=422 if form.errors else 200
    )


def _act(request: HttpRequest, act: Callable[[datetime], Any], said: str) -> None:
    try:
        act(datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, said)


@page("wording.write", methods=("POST",))
def activate(request: HttpRequest, wording_id: UUID) -> HttpResponse:
    """Put a version into use."""
    _act(
        request,
        lambda at: actions.activate_wording(wording_id, at=at),
        "These words are in use from now on.",
    )
    return redirect("consent:wording", wording_id)


@page("wording.write", methods=("POST",))
def retire(request: HttpRequest, wording_id: UUID) -> HttpResponse:
    """Take a version out of use."""
    _act(
        request,
        lambda at: actions.retire_wording(wording_id, at=at),
        "These words are out of use; permissions given with them stay.",
    )
    return redirect("consent:wording", wording_id)


@page("wording.write", methods=("POST",))
def add_topic(request: HttpRequest) -> HttpResponse:
    """Name a topic."""
    name = request.POST.get("name", "")[:200]
    _act(request, lambda at: actions.add_topic(name, at=at), "The topic is on offer.")
    return redirect("consent:wordings")


@page("wording.write", methods=("POST",))
def retire_topic(request: HttpRequest, topic_id: UUID) -> HttpResponse:
    """Offer a topic no more."""
    _act(
        request,
        lambda at: actions.retire_topic(topic_id, at=at),
        "The topic is not offered any more; what people said about it stays.",
    )
    return redirect("consent:wordings")


@page("retention.write", methods=("GET", "POST"))
def set_country(request: HttpRequest) -> HttpResponse:
    """Set what permissions on a channel need in a country."""
    form = CountryRuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_country_rule(**form.cleaned_data, at=datetime.now(UTC))
        except UserError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, "The rule holds from now on.")
            return redirect("consent:wordings")
    return render(
        request, "consent/country_rule.html", {"form": form}, status=422 if form.errors else 200
    )
