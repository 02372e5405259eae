"""Studies: the list, a new one, one with its milestones and what rests on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.content import actions
from entente.content.domain.studies import (
    FALLEN,
    STUDY_MOVES,
    STUDY_WORDS,
    StudyState,
    is_overdue,
    next_steps,
)
from entente.content.models import Study
from entente.content.pages.forms import blame
from entente.content.pages.study_forms import (
    MilestoneForm,
    ReachedForm,
    StudyForm,
    first_error,
    newer_choices,
)
from entente.content.reads import studies as reads
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of


@page("content.read")
def studies(request: HttpRequest) -> HttpResponse:
    """List studies, and the claims that wait because their study fell."""
    today = datetime.now(UTC).date()
    asked = {"q": text_of(request, "q"), "status": one_of(request, "status", STUDY_MOVES)}
    rows = reads.study_rows(text=asked["q"], status=asked["status"], on=today)
    part = part_of(rows, ["-id"], request.GET)
    context = {
        "part": part,
        "rows": [(each, *STUDY_WORDS[StudyState(each.status)]) for each in part.rows],
        "asked": asked,
        "statuses": [(each.value, words) for each, (words, _) in STUDY_WORDS.items()],
        "waiting": reads.claims_on_fallen_studies(org_id=current_scope().org_id),
    }
    return render(request, "content/studies.html", context)


@page("content.write", methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Put a study on record."""
    form = StudyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record_study(form.plan(), at=datetime.now(UTC))
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The study is on record.")
            return redirect("content:study", made.id)
    status = 422 if form.errors else 200
    return render(request, "content/study_add.html", {"form": form}, status=status)


@page("content.read")
def study(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Show a study: facts, milestones, parties, and what rests on it."""
    found, scope, today = reads.study(study_id), current_scope(), datetime.now(UTC).date()
    parties = reads.parties_of_study(found)
    names = dict(parties)
    is_mine = found.org_id == scope.org_id
    may_write = is_mine and "content.write" in scope.may
    may_mark = bool({"content.write", "content.review"} & scope.may)
    context = {
        "study": found,
        "state": STUDY_WORDS[StudyState(found.status)],
        "parties": parties,
        "milestones": [
            (
                each,
                names.get(each.org_id, ""),
                is_overdue(each.due_on, each.done_on, on=today),
                may_mark and not each.done_on and (is_mine or each.org_id == scope.org_id),
            )
            for each in reads.milestones_of(found.id)
        ],
        "references": reads.references_of_study(found.id),
        "may_write": may_write,
        "today": today,
        **(_ways_on(found, parties) if may_write else {}),
    }
    return render(request, "content/study.html", context)


def _ways_on(found: Study, parties: list[tuple[UUID, str]]) -> dict[str, Any]:
    """Give what the owner may still do with a study."""
    taking_part = {org_id for org_id, _ in parties}
    stands = found.status not in FALLEN
    return {
        "steps": [(each.value, STUDY_WORDS[each][0]) for each in next_steps(found.status)],
        "may_supersede": StudyState.SUPERSEDED in STUDY_MOVES[found.status],
        "may_retract": StudyState.RETRACTED in STUDY_MOVES[found.status],
        "newer": newer_choices(found) if stands else [],
        "milestone_form": MilestoneForm(parties=parties) if stands else None,
        "others": [
            (o.id, o.name) for o in directory.organisations_visible() if o.id not in taking_part
        ],
    }


def _done(request: HttpRequest, act: Callable[[], object], said: str) -> None:
    try:
        act()
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, said)


@page("content.write", methods=("POST",))
def move(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Take a study a step on."""
    status = request.POST.get("status", "")
    _done(
        request,
        lambda: actions.move_study(study_id, status, at=datetime.now(UTC)),
        "The study has moved on.",
    )
    return redirect("content:study", study_id)


@page("content.write", methods=("POST",))
def milestone(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Add a milestone."""
    found = reads.study(study_id)
    form = MilestoneForm(request.POST, parties=reads.parties_of_study(found))
    if not form.is_valid():
        messages.error(request, first_error(form))
        return redirect("content:study", study_id)
    given = form.cleaned_data
    _done(
        request,
        lambda: actions.add_milestone(
            study_id,
            title=given["title"],
            due_on=given["due_on"],
            org_id=UUID(given["party"]),
            at=datetime.now(UTC),
        ),
        "The milestone is added.",
    )
    return redirect("content:study", study_id)


@page("content.read", methods=("POST",))
def reached(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """Mark a milestone as reached; a partner marks those that it answers for."""
    found, form = reads.milestone(milestone_id), ReachedForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["done_on"]
        _done(
            request,
            lambda: actions.mark_milestone(found.id, done_on=day, at=datetime.now(UTC)),
            "The milestone is marked.",
        )
    else:
        messages.error(request, first_error(form))
    return redirect("content:study", found.study_id)


@page("content.write", methods=("POST",))
def party(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Bring in a partner that does the study too."""
    try:
        partner = UUID(request.POST.get("partner", ""))
    except ValueError:
        messages.error(request, "Choose the partner.")
    else:
        _done(
            request,
            lambda: actions.add_study_party(study_id, partner, at=datetime.now(UTC)),
            "The partner reads the study from now on.",
        )
    return redirect("content:study", study_id)


@page("content.write", methods=("POST",))
def supersede(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Say that a newer study takes this one's place."""
    try:
        newer = UUID(request.POST.get("by_study", ""))
    except ValueError:
        messages.error(request, "Choose the study that takes its place.")
    else:
        _fall(
            request,
            lambda: actions.supersede_study(
                study_id, newer, reason=request.POST.get("reason", ""), at=datetime.now(UTC)
            ),
        )
    return redirect("content:study", study_id)


@page("content.write", methods=("POST",))
def retract(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Say that the result does not hold."""
    _fall(
        request,
        lambda: actions.retract_study(
            study_id, reason=request.POST.get("reason", ""), at=datetime.now(UTC)
        ),
    )
    return redirect("content:study", study_id)


def _fall(request: HttpRequest, act: Callable[[], int]) -> None:
    try:
        n_flagged = act()
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        claims = "claim has" if n_flagged == 1 else "claims have"
        messages.success(request, f"It is on record: {n_flagged} {claims} to be looked at again.")
