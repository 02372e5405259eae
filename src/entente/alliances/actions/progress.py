"""Move a campaign through its states; pass the privacy gate; tick off tasks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.alliances.actions.record import record
from entente.alliances.domain.states import WORDS, CampaignStatus
from entente.alliances.models import Campaign, PrivacyGate, Task
from entente.alliances.reads.campaigns import campaign as campaign_of
from entente.alliances.reads.campaigns import missing_for
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import User


class NotYet(UserError):
    """A campaign cannot move; ``missing`` says what is missing, each in one sentence."""

    def __init__(self, to_status: str, missing: list[str]) -> None:
        super().__init__(
            f"The campaign cannot move to {WORDS[to_status][0].lower()}: {'; '.join(missing)}."
        )
        self.missing = missing


def move_campaign(campaign_id: UUID, to_status: str, *, at: datetime) -> Campaign:
    """Move a campaign to its next state.

    Guarded by ``alliances.reads.missing_for``; the database refuses the same moves. Writes
    the state and one ledger entry per other party.

    Raises
    ------
    NotYet
        With everything that is missing.
    """
    scope = current_scope()
    scope.require("campaign.write")
    if to_status not in set(CampaignStatus):
        raise UserError("there is no such state", field="status")
    lock(f"alliances.campaign:{campaign_id}")
    campaign = campaign_of(campaign_id)
    if campaign.org_id != scope.org_id:
        raise OutOfScope("the host moves the campaign")
    missing = missing_for(campaign, to_status, at=at)
    if missing:
        raise NotYet(to_status, missing)
    before, campaign.status, campaign.status_since = campaign.status, to_status, at
    campaign.save(update_fields=["status", "status_since"])
    record(
        "alliances.campaign.moved",
        "alliances.campaign",
        campaign.id,
        [side.org_id for side in campaign.sides.all()],
        at=at,
        details={"from": before, "to": to_status},
    )
    return campaign


def pass_privacy_gate(campaign_id: UUID, *, note: str, at: datetime) -> PrivacyGate:
    """Record that a privacy officer passed the plan; without it nothing goes further.

    Raises
    ------
    UserError
        If there is no note, or the campaign does not wait for it.
    """
    scope = current_scope()
    scope.require("campaign.privacy")
    lock(f"alliances.campaign:{campaign_id}")
    campaign = campaign_of(campaign_id)
    if not note.strip():
        raise UserError(
            "write down what was looked at and on what conditions it passes", field="note"
        )
    if campaign.status != CampaignStatus.PRIVACY:
        raise UserError("the campaign does not wait at the privacy gate")
    gate = PrivacyGate.objects.create(
        org_id=scope.org_id,
        campaign=campaign,
        passed_by=_name(),
        passed_at=at,
        note=note.strip(),
        terms_hash=campaign.terms_hash,
    )
    record(
        "alliances.privacy_gate.passed",
        "alliances.campaign",
        campaign.id,
        [side.org_id for side in campaign.sides.all()],
        at=at,
        details={"gate": gate.id, "terms": campaign.terms_hash},
    )
    return gate


def complete_task(task_id: UUID, *, at: datetime) -> Task:
    """Tick off a task of the present organisation."""
    scope = current_scope()
    if scope.actor_id is not None and not {"campaign.write", "campaign.agree"} & scope.may:
        raise OutOfScope("your role does not include working on campaigns")
    task = Task.objects.select_for_update().get(id=task_id)
    if task.org_id != scope.org_id:
        raise OutOfScope("this task belongs to another party")
    if task.done_at:
        raise UserError("the task is already done")
    task.done_at, task.done_by = at, _name()
    task.save(update_fields=["done_at", "done_by"])
    campaign = campaign_of(task.campaign_id)
    record(
        "alliances.task.completed",
        "alliances.campaign",
        task.campaign_id,
        [side.org_id for side in campaign.sides.all()],
        at=at,
        details={"task": task.id},
    )
    return task


def _name() -> str:
    scope = current_scope()
    user = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    return user.name if user else scope.actor_name
