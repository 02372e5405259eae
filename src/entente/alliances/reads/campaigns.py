"""Campaigns: lists, one, parties, tasks, and what keeps one from the next state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Min, Q, QuerySet

from entente.alliances.domain.back_schedule import standing
from entente.alliances.domain.states import (
    AFTER_AGREEMENT,
    AFTER_PLANNING,
    AFTER_PRIVACY,
    MOVES,
    NEEDS_CONTENT,
)
from entente.alliances.models import Campaign, CampaignSide, PrivacyGate, Task
from entente.alliances.reads.charters import charter, why_not_in_force
from entente.alliances.reads.terms import Agreement, agreements, campaign_terms
from entente.content import reads as content
from entente.foundation.access.scope import current_scope


def campaign(campaign_id: UUID) -> Campaign:
    """Give one campaign with its sides.

    Raises
    ------
    Campaign.DoesNotExist
    """
    return (
        Campaign.objects.select_related("charter", "product")
        .prefetch_related("sides")
        .get(id=campaign_id)
    )


def campaign_rows(*, status: str = "", text: str = "") -> QuerySet[Campaign]:
    """Select the campaigns in which the present organisation has a side, with their sides."""
    found: QuerySet[Campaign] = Campaign.objects.prefetch_related("sides")
    if status:
        found = found.filter(status=status)
    if text:
        found = found.filter(name__icontains=text)
    return found


def campaigns(*, status: str = "", text: str = "", limit: int = 200) -> list[Campaign]:
    """Give the campaigns in which the present organisation has a side, newest first."""
    return list(campaign_rows(status=status, text=text).order_by("-id")[:limit])


def launches_of(version_ids: Sequence[UUID], country: str) -> dict[UUID, date]:
    """Give for versions the first day on which a campaign in a country means to use each."""
    rows = (
        Campaign.objects.filter(version_id__in=version_ids, country=country)
        .exclude(status__in=["idea", "archived"])
        .values_list("version_id")
        .annotate(first=Min("launch_on"))
        .order_by()
    )
    return dict(rows)


def parties(campaign_id: UUID) -> list[UUID]:
    """Give the organisations with a side in a campaign, the host first."""
    given = campaign(campaign_id)
    sides = sorted(given.sides.all(), key=lambda s: (s.org_id != given.org_id, s.name))
    return [side.org_id for side in sides]


def partners_of_campaigns(campaign_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Give the partner of each campaign, the first by name where there are several; one query."""
    rows = (
        CampaignSide.objects.filter(campaign_id__in=campaign_ids)
        .exclude(org_id=F("campaign__org_id"))
        .order_by("campaign_id", "-name")
        .values_list("campaign_id", "org_id")
    )
    return dict(rows)


def campaign_agreements(given: Campaign) -> list[Agreement]:
    """Give where each side of a campaign stands, the host first."""
    sides: Sequence[CampaignSide] = sorted(
        given.sides.all(), key=lambda s: (s.org_id != given.org_id, s.name)
    )
    return agreements(sides, campaign_terms(given))


def privacy_gates(given: Campaign) -> list[PrivacyGate]:
    """Give when a privacy officer passed the plan, the latest first."""
    return list(given.privacy_gates.order_by("-passed_at"))


@dataclass(frozen=True)
class TaskStanding:
    """A task with who does it and whether its time still suffices."""

    task: Task
    owner: str
    late: bool
    too_short: bool
    begin_by: date


def tasks(given: Campaign, *, today: date) -> list[TaskStanding]:
    """Give the back-schedule of a campaign, in the order in which it is due."""
    names = {side.org_id: side.name for side in given.sides.all()}
    return [
        _standing(task, names.get(task.org_id, ""), today)
        for task in given.tasks.order_by("due_on", "-offset_days", "id")
    ]


def _standing(task: Task, owner: str, today: date) -> TaskStanding:
    where = standing(task.due_on, task.lead_workdays, done=task.done_at is not None, today=today)
    return TaskStanding(task, owner, where.late, where.too_short, where.begin_by)


def my_tasks(*, today: date, limit: int = 10) -> list[TaskStanding]:
    """Give the open tasks of the present organisation in campaigns that are not over."""
    open_tasks = (
        Task.objects.filter(org_id=current_scope().org_id, done_at__isnull=True)
        .exclude(campaign__status__in=["closing", "reconciled", "archived"])
        .select_related("campaign")
        .order_by("due_on", "id")[:limit]
    )
    return [_standing(task, task.campaign.name, today) for task in open_tasks]


def next_plans(*, today: date, limit: int = 3) -> list[tuple[Campaign, list[TaskStanding]]]:
    """Give the campaigns that launch next, each with its open tasks; two queries for all."""
    found = list(
        Campaign.objects.filter(
            status__in=["idea", "planning", "privacy", "content", "funded", "ready"]
        )
        .prefetch_related("sides", "tasks")
        .order_by("launch_on", "id")[:limit]
    )
    plans = []
    for each in found:
        names = {side.org_id: side.name for side in each.sides.all()}
        left = sorted(
            (task for task in each.tasks.all() if task.done_at is None),
            key=lambda task: (task.due_on, -task.offset_days, task.id),
        )
        plans.append(
            (each, [_standing(task, names.get(task.org_id, ""), today) for task in left[:6]])
        )
    return plans


def campaigns_to_agree() -> list[Campaign]:
    """Give the campaigns past the idea that wait for the present organisation's agreement."""
    org_id = current_scope().org_id
    found = Campaign.objects.filter(
        Q(sides__org_id=org_id),
        status__in=["planning", "privacy", "content"],
    ).prefetch_related("sides")
    return [
        each
        for each in found.distinct().order_by("launch_on")
        if any(s.org_id == org_id and s.agreed_hash != each.terms_hash for s in each.sides.all())
    ]


def missing_for(given: Campaign, to_status: str, *, at: datetime) -> list[str]:
    """Say what keeps a campaign from a state, each in one sentence; empty if nothing does."""
    if to_status not in MOVES.get(given.status, ()):
        return [f"a campaign that is {given.status} cannot become {to_status}"]
    missing = []
    joint = len(given.sides.all()) > 1
    if to_status in AFTER_PLANNING and joint:
        missing += _charter_missing(given, at)
    if to_status in AFTER_PRIVACY and not given.privacy_gates.exists():
        missing.append("a privacy officer has not passed the plan")
    if to_status in AFTER_AGREEMENT:
        if not given.budget_lines.exists():
            missing.append("the budget has no line, so nobody's share is recorded")
        missing += [
            f"{side.name} agreed to earlier terms and has to agree again"
            if side.lapsed
            else f"{side.name} has not agreed"
            for side in campaign_agreements(given)
            if not side.agreed
        ]
    if to_status in NEEDS_CONTENT:
        missing += _content_missing(given, at)
    if to_status == "live" and at.date() > given.ends_on:
        missing.append(f"the campaign was to end on {given.ends_on}")
    if to_status == "reconciled":
        missing += _money_missing(given)
    return missing


def _charter_missing(given: Campaign, at: datetime) -> list[str]:
    if given.charter_id is None:
        return ["no charter binds the parties: name one"]
    frame = charter(given.charter_id)
    reason = why_not_in_force(frame, on=at.date())
    bound = {side.org_id for side in frame.sides.all()}
    outside = [side.name for side in given.sides.all() if side.org_id not in bound]
    found = [reason] if reason else []
    if outside:
        found.append(f"{', '.join(outside)} is no party of the charter")
    return found


def _content_missing(given: Campaign, at: datetime) -> list[str]:
    if given.version_id is None:
        return ["no content is chosen"]
    version = content.version(given.version_id)
    reason = content.why_not_released(version, at=at)
    if reason:
        return [f"the content is not released: {reason}"]
    if given.country not in version.markets:
        return [f"the content is not approved for {given.country}"]
    approvers = {party.org_id for party in content.parties_of(version)}
    absent = [side.name for side in given.sides.all() if side.org_id not in approvers]
    return [f"the content was not reviewed by {', '.join(absent)}"] if absent else []


def _money_missing(given: Campaign) -> list[str]:
    open_lines = given.budget_lines.filter(committed_minor__gt=0, evidence="").count()
    return (
        [f"{open_lines} committed budget lines have no actual with evidence"] if open_lines else []
    )
