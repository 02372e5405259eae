"""Draft campaigns, plan them backwards from the launch, change their plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from entente.alliances.actions.record import record
from entente.alliances.domain.back_schedule import REVIEW, TEMPLATE, due_on
from entente.alliances.domain.states import OPEN_TO_CHANGE
from entente.alliances.models import Campaign, CampaignSide, Task
from entente.alliances.reads.campaigns import campaign as campaign_of
from entente.alliances.reads.charters import charter as charter_of
from entente.alliances.reads.terms import campaign_terms
from entente.content import reads as content
from entente.directory import reads as directory
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.domain.money import MoneyError, exponent
from entente.foundation.errors import UserError
from entente.foundation.locks import lock


@dataclass(frozen=True)
class CampaignPlan:
    """What the parties of a campaign agree to, besides shares and budget lines.

    Parameters
    ----------
    ceiling_minor : int
        The most that all budget lines may reach, in minor units of ``currency``.
    """

    name: str
    kind: str
    purpose: str
    controller_id: UUID
    country: str
    launch_on: date
    ends_on: date
    currency: str
    ceiling_minor: int
    charter_id: UUID | None = None
    product_id: UUID | None = None


def draft_campaign(
    plan: CampaignPlan,
    *,
    shares: Mapping[UUID, Decimal],
    at: datetime,
    version_id: UUID | None = None,
) -> Campaign:
    """Draft a campaign of the host, with its partners if it has any.

    Writes the campaign, a side per party, the back-schedule from the launch day, and one
    ledger entry per partner.

    Parameters
    ----------
    shares : mapping of UUID to Decimal
        Each party, the host among them, with its stated part from 0 to 1; they add up to 1.

    Raises
    ------
    UserError
    """
    scope = current_scope()
    scope.require("campaign.write")
    if not scope.is_host:
        raise OutOfScope("the host drafts campaigns; a partner agrees to them")
    _refuse_bad(plan)
    _refuse_bad_shares(shares, scope.org_id)
    _check_frame(plan, shares)
    version = content.version(version_id) if version_id else None
    campaign = Campaign(
        org_id=scope.org_id, version_id=version_id, status_since=at, **_columns(plan), terms_hash=""
    )
    campaign.save(force_insert=True)
    names = {o.id: o.name for o in directory.organisations_visible()}
    CampaignSide.objects.bulk_create(
        CampaignSide(org_id=party, campaign=campaign, name=names[party], share=share)
        for party, share in shares.items()
    )
    take_terms(campaign)
    _lay_out(campaign, list(shares))
    if version:
        _time_review(campaign, content.lanes.review_workdays(version, at=at))
    record(
        "alliances.campaign.drafted",
        "alliances.campaign",
        campaign.id,
        list(shares),
        at=at,
        details={"terms": campaign.terms_hash, "launch_on": plan.launch_on},
    )
    return campaign


def take_terms(campaign: Campaign) -> None:
    """Keep the hash of the terms as they are now; agreements to others lapse by it."""
    campaign.terms_hash = campaign_terms(campaign)
    campaign.save()


def _columns(plan: CampaignPlan) -> dict[str, object]:
    return {
        "charter_id": plan.charter_id,
        "name": plan.name.strip(),
        "kind": plan.kind,
        "purpose": plan.purpose,
        "product_id": plan.product_id,
        "controller_id": plan.controller_id,
        "country": plan.country,
        "launch_on": plan.launch_on,
        "ends_on": plan.ends_on,
        "currency": plan.currency,
        "ceiling_minor": plan.ceiling_minor,
    }


def _refuse_bad(plan: CampaignPlan) -> None:
    if not plan.name.strip():
        raise UserError("give the campaign a name", field="name")
    if plan.kind not in Campaign.Kind.values:
        raise UserError("choose the kind of campaign", field="kind")
    if plan.purpose not in Campaign.Purpose.values:
        raise UserError("choose what people are approached for", field="purpose")
    if not is_country(plan.country):
        raise UserError("give the country as a code such as US", field="country")
    if plan.ends_on < plan.launch_on:
        raise UserError("the campaign ends before its launch", field="ends_on")
    if plan.ceiling_minor < 0:
        raise UserError("the ceiling is not below zero", field="ceiling")
    try:
        exponent(plan.currency)
    except MoneyError as problem:
        raise UserError(str(problem), field="currency") from None


def _refuse_bad_shares(shares: Mapping[UUID, Decimal], host_id: UUID) -> None:
    if host_id not in shares:
        raise UserError("name the host's share too", field="shares")
    if any(share < 0 for share in shares.values()) or sum(shares.values()) != 1:
        raise UserError("the shares add up to 100 %, none below zero", field="shares")
    known = {o.id for o in directory.organisations_visible()}
    if set(shares) - known:
        raise UserError("choose partners among the organisations you know", field="shares")


def _check_frame(plan: CampaignPlan, shares: Mapping[UUID, Decimal]) -> None:
    owner = directory.legal_entity(plan.controller_id).org_id
    if owner not in shares:
        raise UserError("the controller belongs to none of the parties", field="controller")
    if plan.charter_id:
        bound = {side.org_id for side in charter_of(plan.charter_id).sides.all()}
        if set(shares) - bound:
            raise UserError("the charter does not bind all parties", field="charter")
    elif len(shares) > 1:
        raise UserError("a joint campaign needs a charter that binds its parties", field="charter")


def _lay_out(campaign: Campaign, parties: list[UUID]) -> None:
    Task.objects.bulk_create(
        Task(
            org_id=party,
            campaign=campaign,
            title=step.title,
            lane=step.lane,
            offset_days=step.offset_days,
            lead_workdays=step.lead_workdays,
            due_on=due_on(campaign.launch_on, step.offset_days),
        )
        for step in TEMPLATE
        for party in (parties if step.by_partner else [campaign.org_id])
    )


def _time_review(campaign: Campaign, workdays: int) -> None:
    """Give the open review steps the time that the lane of the content takes."""
    campaign.tasks.filter(title=REVIEW, done_at__isnull=True).update(lead_workdays=workdays)


def _mine(campaign_id: UUID) -> Campaign:
    scope = current_scope()
    scope.require("campaign.write")
    lock(f"alliances.campaign:{campaign_id}")
    campaign = campaign_of(campaign_id)
    if campaign.org_id != scope.org_id:
        raise OutOfScope("the host changes the plan; a partner agrees to it")
    return campaign


def choose_content(campaign_id: UUID, version_id: UUID, *, at: datetime) -> Campaign:
    """Choose the version that the campaign sends; whether it is released is asked later.

    The open review steps of the back-schedule take the time of the version's lane.
    """
    campaign = _mine(campaign_id)
    if campaign.status in {"live", "closing", "reconciled", "archived"}:
        raise UserError("pause the campaign before its content changes")
    version = content.version(version_id)
    campaign.version_id = version.id
    campaign.save(update_fields=["version"])
    _time_review(campaign, content.lanes.review_workdays(version, at=at))
    record(
        "alliances.campaign.content_chosen",
        "alliances.campaign",
        campaign.id,
        list(campaign.sides.values_list("org_id", flat=True)),
        at=at,
        details={"version": version.id, "content_hash": version.content_hash},
    )
    return campaign


def replan_campaign(campaign_id: UUID, *, launch_on: date, ends_on: date, at: datetime) -> Campaign:
    """Move the launch; open tasks move with it, and every side has to agree again."""
    campaign = _mine(campaign_id)
    if campaign.status not in OPEN_TO_CHANGE:
        raise UserError("the plan is settled: bring the campaign back to planning first")
    if ends_on < launch_on:
        raise UserError("the campaign ends before its launch", field="ends_on")
    campaign.launch_on, campaign.ends_on = launch_on, ends_on
    take_terms(campaign)
    moved = list(campaign.tasks.filter(done_at__isnull=True))
    for task in moved:
        task.due_on = due_on(launch_on, task.offset_days)
    Task.objects.bulk_update(moved, ["due_on"])
    record(
        "alliances.campaign.replanned",
        "alliances.campaign",
        campaign.id,
        list(campaign.sides.values_list("org_id", flat=True)),
        at=at,
        details={"launch_on": launch_on, "ends_on": ends_on, "terms": campaign.terms_hash},
    )
    return campaign
