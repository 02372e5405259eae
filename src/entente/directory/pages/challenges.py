"""Challenges: raising one, the queue, and deciding."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import actions
from entente.directory.models import TerritoryChallenge
from entente.directory.pages.territories import parse_id, today, trail
from entente.directory.reads import hcp as hcp_of
from entente.directory.reads import territories as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of


@page("territory.read")
def challenges(request: HttpRequest) -> HttpResponse:
    """List challenges, open ones unless another state is asked for."""
    states = [*TerritoryChallenge.Status.values, "all"]
    status = one_of(request, "status", states) or "open"
    rows = reads.challenges("" if status == "all" else status)
    scope = current_scope()
    part = part_of(rows, reads.CHALLENGE_ORDER, request.GET)
    context = {
        "part": part,
        "status": status,
        "states": [("open", "Open"), *TerritoryChallenge.Status.choices[1:], ("all", "All")],
        "me": scope.actor_id,
        "trail": trail(),
    }
    return render(request, "directory/challenges.html", context)


@page("territory.challenge", methods=("POST",))
def ask(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Ask that a person be put into a territory or taken out of it."""
    person = hcp_of(hcp_id)
    back = request.POST.get("back") or ""
    territory_id = parse_id(request.POST.get("territory"))
    try:
        if territory_id is None:
            raise UserError("Choose a territory.", field="territory")
        made = actions.raise_challenge(
            territory_id,
            person.id,
            wanted=request.POST.get("wanted") or "",
            reason=(request.POST.get("reason") or "")[:500],
            at=datetime.now(UTC),
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        words = "It holds at once." if made.status == "accepted" else "A manager decides about it."
        messages.success(request, f"Your challenge is recorded. {words}")
    if back == "territory" and territory_id is not None:
        return redirect("directory:territory", territory_id)
    return redirect("directory:hcp", person.id)


@page("territory.write", methods=("POST",))
def decide(request: HttpRequest, challenge_id: UUID) -> HttpResponse:
    """Accept or reject a challenge."""
    accept = request.POST.get("verdict") == "accept"
    answer = (request.POST.get("answer") or "")[:500]
    try:
        actions.decide_challenge(challenge_id, accept=accept, answer=answer, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "Accepted; it holds from today." if accept else "Rejected.")
    return redirect("directory:challenges")


@page("territory.challenge", methods=("POST",))
def withdraw(request: HttpRequest, challenge_id: UUID) -> HttpResponse:
    """Withdraw one's own challenge."""
    try:
        actions.withdraw_challenge(challenge_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "Withdrawn.")
    return redirect("directory:challenges")


VIEWS = [("white", "White space"), ("double", "Double cover"), ("joint", "With another company")]


@page("territory.read")
def cover(request: HttpRequest) -> HttpResponse:
    """List whom nobody covers or several forces do; compare with another company by counts."""
    from entente.directory.reads import lists

    view = one_of(request, "view", [key for key, _ in VIEWS]) or "white"
    on = today()
    forces = reads.forces()
    states, specialties = lists.choices("directory_hcp", "us_state", "specialty")
    asked = {
        "state": one_of(request, "state", [value for value, _ in states]),
        "specialty": one_of(request, "specialty", [value for value, _ in specialties]),
        "force": one_of(request, "force", forces),
    }
    context = {
        "view": view,
        "views": [(key, words, key == view) for key, words in VIEWS],
        "asked": asked,
        "on": on,
        "last": reads.last_alignment(),
        "states": states,
        "specialties": specialties,
        "forces": [(each, each) for each in forces],
        "trail": trail(),
    }
    if view == "joint":
        context |= _joint(request)
    else:
        rows = reads.white_space(on, asked) if view == "white" else reads.double_cover(on, asked)
        context["part"] = part_of(rows, reads.PEOPLE_ORDER, request.GET)
    return render(request, "directory/cover.html", context)


def _joint(request: HttpRequest) -> dict[str, object]:
    on, scope = today(), current_scope()
    others = [row for row in reads.agreements(on) if row[0].id != scope.org_id]
    both = [(o.id, o.name) for o, mine, theirs in others if mine and theirs]
    chosen = one_of(request, "partner", [str(key) for key, _ in both])
    partner_id = UUID(chosen) if chosen else (both[0][0] if both else None)
    cells = reads.joint_cover(partner_id, on) if partner_id else []
    return {
        "others": others,
        "partners": both,
        "partner": partner_id,
        "cells": cells,
        "n_hidden": sum(cell.is_hidden for cell in cells),
        "month": on.replace(day=1),
    }


@page("territory.write", methods=("POST",))
def agree(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Agree to compare field forces with another organisation by counts, or end it."""
    at = datetime.now(UTC)
    if request.POST.get("wanted") == "stop":
        actions.stop_comparing(organisation_id, at=at)
        messages.success(request, "Neither side is told counts any more.")
    else:
        try:
            actions.agree_to_compare(organisation_id, at=at)
        except UserError as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, "Recorded. Counts are told once the other side agrees too.")
    return redirect(f"{reverse('directory:cover')}?view=joint")
