"""One campaign: its plan, agreements, budget, and the acts on it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from entente.alliances import actions, reads
from entente.alliances.domain.states import MOVES, OPEN_TO_CHANGE, WORDS
from entente.alliances.models import Campaign
from entente.alliances.pages.forms import LineForm, PasswordForm, blame
from entente.content import reads as content
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from entente.foundation.web import shelf
from entente.foundation.web.asked import one_of
from entente.foundation.web.doors import page
from entente.foundation.web.formats import reader_locale, write_day

TABS = ("plan", "budget", "work")
COURSE = [code for code in WORDS if code != "paused"]


@page("campaign.read")
def campaign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Show one campaign, one side of it at a time."""
    return shown(request, campaign_id)


def shown(
    request: HttpRequest,
    campaign_id: UUID,
    *,
    tab: str = "",
    status: int = 200,
    password_form: PasswordForm | None = None,
    line_form: LineForm | None = None,
) -> HttpResponse:
    """Render a campaign's page; forms that were refused come back with their reasons."""
    found = reads.campaign(campaign_id)
    at = datetime.now(UTC)
    tab = tab or one_of(request, "tab", TABS) or "plan"
    scope = current_scope()
    is_mine = found.org_id == scope.org_id
    context: dict[str, Any] = {
        "campaign": found,
        "on_plan": tab == "plan",
        "on_budget": tab == "budget",
        "on_work": tab == "work",
        "state": WORDS[found.status],
        "course": _course(found),
        "is_mine": is_mine,
        "can_move": is_mine and "campaign.write" in scope.may,
        "org_id": scope.org_id,
        "today": at.date(),
        "controller": directory.legal_entity(found.controller_id),
    }
    if tab == "plan":
        context |= _plan(found, at, password_form or PasswordForm())
    elif tab == "budget":
        context |= _budget(found, line_form)
    else:
        context["panels"] = shelf.render_panels("alliances.campaign", request, found)
    return render(request, "alliances/campaign.html", context, status=status)


def _course(found: Campaign) -> list[dict[str, str]]:
    now = "live" if found.status == "paused" else found.status
    at = COURSE.index(now)
    return [
        {
            "label": WORDS[found.status if code == now else code][0],
            "state": "done" if place < at else "now" if place == at else "",
        }
        for place, code in enumerate(COURSE)
    ]


def _plan(found: Campaign, at: datetime, form: PasswordForm) -> dict[str, Any]:
    scope = current_scope()
    agreements = reads.campaign_agreements(found)
    waiting = any(a.org_id == scope.org_id and not a.agreed for a in agreements)
    plan = reads.tasks(found, today=at.date())
    version = content.version(found.version_id) if found.version_id else None
    return {
        "schedule": [as_schedule(each) for each in plan],
        "my_tasks": [
            each for each in plan if each.task.org_id == scope.org_id and not each.task.done_at
        ],
        "n_late": sum(each.late or each.too_short for each in plan),
        "agreements": agreements,
        "form": form if waiting and "campaign.agree" in scope.may else None,
        "moves": [
            (code, *WORDS[code], reads.missing_for(found, code, at=at))
            for code in MOVES[found.status]
        ],
        "gates": reads.privacy_gates(found),
        "can_pass_gate": found.status == "privacy" and "campaign.privacy" in scope.may,
        "version": version,
        "why_not": content.why_not_released(version, at=at) if version else "",
        "choices": [
            (v.id, f"{v.item.title}, version {v.number}")
            for v in content.released_versions(on=at.date())
        ],
        "can_replan": found.status in OPEN_TO_CHANGE,
    }


def as_schedule(each: reads.TaskStanding) -> dict[str, Any]:
    """Give a step in the form that the schedule component draws."""
    task = each.task
    begin = write_day(each.begin_by, locale=reader_locale(get_language()))
    if task.done_at:
        note = f"done by {task.done_by}"
    elif each.too_short:
        note = f"should have begun by {begin}"
    else:
        note = f"begin by {begin}"
    return {
        "due_on": task.due_on,
        "title": task.title,
        "owner": each.owner,
        "done": task.done_at is not None,
        "late": each.late or each.too_short,
        "note": note,
        "offset": f"T-{task.offset_days}",
    }


def _budget(found: Campaign, form: LineForm | None) -> dict[str, Any]:
    scope = current_scope()
    may_plan = found.org_id == scope.org_id and "campaign.write" in scope.may
    money = reads.budget(found)
    open_to_change = found.status in OPEN_TO_CHANGE
    may_pay = bool({"campaign.write", "campaign.agree"} & scope.may)
    return {
        "budget": money,
        "lines": [
            {
                "split": split,
                "parts": [(side.name, split.estimate[str(side.org_id)]) for side in money.sides],
                "can_commit": may_plan and found.status in {"funded", "ready", "live", "paused"},
                "can_revise": may_plan and open_to_change,
                "can_pay": may_pay
                and split.line.committed_minor > 0
                and scope.org_id in {split.line.payer_id, split.line.org_id},
            }
            for split in money.lines
        ],
        "line_form": (form or LineForm(campaign=found)) if may_plan and open_to_change else None,
        "show_line_form": form is not None,
    }


@page("campaign.agree", methods=("POST",))
def agree(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Agree for one's own side."""
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            actions.agree_campaign(
                campaign_id, password=form.cleaned_data["password"], at=datetime.now(UTC)
            )
        except NotSigned as wrong:
            form.add_error("password", str(wrong))
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "Your organisation has agreed to the campaign.")
            return redirect("alliances:campaign", campaign_id)
    return shown(request, campaign_id, tab="plan", password_form=form, status=422)


@page("campaign.write", methods=("POST",))
def move(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Move a campaign to another state."""
    try:
        moved = actions.move_campaign(
            campaign_id, request.POST.get("status", ""), at=datetime.now(UTC)
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, f"The campaign is now: {WORDS[moved.status][0].lower()}.")
    return redirect("alliances:campaign", campaign_id)


@page("campaign.privacy", methods=("POST",))
def pass_gate(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Record that privacy staff passed the plan."""
    try:
        actions.pass_privacy_gate(
            campaign_id, note=request.POST.get("note", ""), at=datetime.now(UTC)
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The privacy gate is passed and recorded.")
    return redirect("alliances:campaign", campaign_id)


@page("campaign.write", methods=("POST",))
def choose_content(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Choose the version that the campaign sends."""
    try:
        version_id = UUID(request.POST.get("version", ""))
        actions.choose_content(campaign_id, version_id, at=datetime.now(UTC))
    except ValueError as wrong:
        is_ours = isinstance(wrong, UserError)
        messages.error(request, str(wrong) if is_ours else "Choose a released version.")
    else:
        messages.success(request, "The content is chosen.")
    return redirect("alliances:campaign", campaign_id)


@page("campaign.write", methods=("POST",))
def replan(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Move the launch; open tasks move along."""
    try:
        actions.replan_campaign(
            campaign_id,
            launch_on=date.fromisoformat(request.POST.get("launch_on", "")),
            ends_on=date.fromisoformat(request.POST.get("ends_on", "")),
            at=datetime.now(UTC),
        )
    except ValueError as wrong:
        is_ours = isinstance(wrong, UserError)
        messages.error(request, str(wrong) if is_ours else "Give both days.")
    else:
        messages.success(request, "The plan is moved. Every side has to agree again.")
    return redirect("alliances:campaign", campaign_id)


@page("campaign.read", methods=("POST",))
def complete(request: HttpRequest, campaign_id: UUID, task_id: UUID) -> HttpResponse:
    """Tick off a task of one's own organisation."""
    try:
        task = actions.complete_task(task_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, f"Done: {task.title}.")
    return redirect("alliances:campaign", campaign_id)
