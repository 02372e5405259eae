"""Publish on digital channels: plan, ask the gate, go live, end, withdraw, confirm the removal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from entente.alliances import reads as alliances
from entente.content import reads as content
from entente.content.actions import version_lock
from entente.content.actions.who import acting_name
from entente.directory import reads as directory
from entente.engagement.actions.message_lists import PURPOSES, hold_back
from entente.engagement.domain.placements import (
    CHANNELS,
    PlacementPlan,
    check_content,
    check_plan,
    may_move,
    reference_of,
    worst_of,
)
from entente.engagement.models import Placement, PlacementAnswer, PlacementSide
from entente.engagement.reads.placements import KIND, why_fallen
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.locks import lock, share
from entente.foundation.models import new_id
from entente.policy.actions import Asked, decide_many
from entente.policy.reads import Decision
from entente.policy.reads.reasons import reasons_of

_Stage = PlacementAnswer.Stage


def plan_placement(plan: PlacementPlan, *, at: datetime) -> Placement:
    """Plan a publication of one's own side; every party of its campaign or item sees it.

    Writes the placement, a side per party and one ledger entry per party. Nothing is cleared
    by planning.

    Raises
    ------
    UserError
        If a field does not fit, naming it.
    """
    scope = current_scope()
    scope.require("placement.write")
    version = _checked(plan)
    made = Placement(
        id=new_id(),
        org_id=scope.org_id,
        planned_at=at,
        planned_by_name=acting_name(),
        **_fields(plan),
    )
    made.reference = reference_of(made.id)
    made.save(force_insert=True)
    _bring_in_parties(made, version)
    _record(made, "planned", at, {"version": plan.version_id, "channel": plan.channel})
    return made


def change_placement(placement_id: UUID, plan: PlacementPlan, *, at: datetime) -> Placement:
    """Change what is only planned; what the gate was asked about before does not count for it.

    Raises
    ------
    UserError
        If it was cleared already, its campaign or item changes, or a field does not fit.
    """
    row = _own(placement_id)
    if row.status != Placement.Status.PLANNED:
        raise UserError("this was cleared as it is; withdraw it and plan another")
    if (plan.version_id, plan.campaign_id) != (row.version_id, row.campaign_id):
        raise UserError("who sees it hangs on item and campaign: plan another instead")
    _checked(plan)
    for name, value in _fields(plan).items():
        setattr(row, name, value)
    row.save()
    _record(row, "changed", at, {"channel": plan.channel, "markets": list(plan.markets)})
    return row


def clear_placement(placement_id: UUID, *, at: datetime) -> Placement:
    """Ask the gate about a planned publication, once for each market.

    Cleared where it permits all of them; else it stays planned, with what the gate said.
    Writes the decisions, the answers, the placement and one ledger entry per party.

    Raises
    ------
    UserError
        If it is not planned, or is for somebody for whom its content is not.
    """
    row = _own(placement_id)
    if row.status != Placement.Status.PLANNED:
        raise UserError("the gate was asked about this and has answered")
    outcome = _ask(row, _Stage.CLEARING, at)
    if outcome == Decision.Outcome.PERMIT:
        row.status, row.cleared_at = Placement.Status.CLEARED, at
        row.save(update_fields=["status", "cleared_at"])
    said = {"PERMIT": "cleared", "REFER": "referred", "FORBID": "refused"}[outcome]
    _record(row, said, at, {"markets": row.markets})
    return row


def go_live(placement_id: UUID, *, at: datetime) -> Placement:
    """Put a cleared publication live, after asking the gate again.

    An older answer is never trusted: where the gate says no now, the publication is only
    planned again. Takes the lock of its version, so that a recall comes before or after.

    Raises
    ------
    UserError
        If it is not cleared, or today is outside its days.
    """
    row = _own(placement_id)
    if row.status != Placement.Status.CLEARED:
        raise UserError("only a cleared publication goes live")
    if at.date() < row.from_on or (row.to_on and at.date() > row.to_on):
        last = f" to {row.to_on}" if row.to_on else ""
        raise UserError(f"it is planned for {row.from_on}{last}")
    if _ask(row, _Stage.GOING_LIVE, at) == Decision.Outcome.PERMIT:
        row.status, row.live_at, said = Placement.Status.LIVE, at, "live"
    else:
        row.status, row.cleared_at, said = Placement.Status.PLANNED, None, "held_back"
    row.save(update_fields=["status", "live_at", "cleared_at"])
    _record(row, said, at, {"markets": row.markets})
    return row


def end_placement(placement_id: UUID, *, at: datetime) -> Placement:
    """Say that a publication is over, as planned or before.

    Raises
    ------
    UserError
        If it is not live, or its content fell: that is confirmed in its own way.
    """
    row = _own(placement_id)
    if row.status == Placement.Status.LIVE and why_fallen(row, at):
        raise UserError("its content may not be shown any more: confirm that it was taken down")
    return _close(row, Placement.Status.ENDED, "", at)


def withdraw_placement(placement_id: UUID, reason: str, *, at: datetime) -> Placement:
    """Take a publication back, planned or live, saying why.

    Raises
    ------
    UserError
        If there is no reason, or it is over.
    """
    row = _own(placement_id)
    _check_words(reason, "reason")
    if row.status == Placement.Status.LIVE and why_fallen(row, at):
        raise UserError("its content may not be shown any more: confirm that it was taken down")
    return _close(row, Placement.Status.WITHDRAWN, reason.strip(), at)


def confirm_taken_down(placement_id: UUID, note: str, *, at: datetime) -> Placement:
    """Confirm that a live publication whose content fell is gone, saying how one knows.

    Messages of it that were not reported as sent count as held back. Writes the placement,
    those messages and one ledger entry per party.

    Raises
    ------
    UserError
        If it is not live, its content stands, or nothing is said.
    """
    row = _own(placement_id)
    _check_words(note, "note")
    reason = why_fallen(row, at)
    if row.status != Placement.Status.LIVE or not reason:
        raise UserError("nothing has to be taken down here")
    row.taken_down_at = at
    hold_back(row.id, "it was taken down before it left", at=at)
    return _close(row, Placement.Status.WITHDRAWN, f"{reason} {note.strip()}"[:500], at)


def ask_to_take_down(versions: Sequence[UUID], recall_id: UUID, *, at: datetime) -> int:
    """Note for each live publication that a recall reaches that it has to come down.

    It stands among the tasks of its side until somebody confirms it, whatever is written here;
    lists of people are handed out no more. Writes one ledger entry per publication and party.
    """
    live = Placement.objects.filter(
        version_id__in=list(versions),
        status=Placement.Status.LIVE,
        org_id=current_scope().org_id,
    ).prefetch_related("sides")
    entries = []
    for row in live:
        others = [side.org_id for side in row.sides.all() if side.org_id != row.org_id]
        told = {"reference": row.reference, "recall": recall_id}
        entries += [
            ledger.Entry(
                "engagement.placement.to_come_down", KIND, row.id, told, counterparty=other
            )
            for other in others or [None]  # type: ignore[list-item]
        ]
    ledger.append_many(entries, at=at)
    return len(live)


def ask_of_placement(placement_id: UUID, *, at: datetime) -> None:
    """Ask the gate anew about a planned publication after somebody approved what it referred."""
    row = Placement.objects.filter(id=placement_id, org_id=current_scope().org_id).first()
    if row is not None and row.status == Placement.Status.PLANNED:
        clear_placement(row.id, at=at)


def _own(placement_id: UUID) -> Placement:
    scope = current_scope()
    scope.require("placement.write")
    lock(f"engagement.placement:{placement_id}")
    return Placement.objects.select_related("version").get(id=placement_id, org_id=scope.org_id)


def _check_words(text: str, field: str) -> None:
    if not 0 < len(text.strip()) <= 300:
        raise UserError("say it in at most 300 characters", field=field)


def _fields(plan: PlacementPlan) -> dict[str, Any]:
    found = asdict(plan)
    for name in ("outlet", "media_line", "target_url"):
        found[name] = found[name].strip()
    return found | {"markets": list(plan.markets)}


def _checked(plan: PlacementPlan) -> Any:
    """Check a plan against what it names; give its version."""
    check_plan(plan)
    version = content.version(plan.version_id)
    _check_fit(plan, version)
    scope = current_scope()
    if plan.controller_id not in {e.id for e in directory.legal_entities(scope.org_id)}:
        raise UserError("choose a legal entity of your organisation", field="controller")
    if plan.campaign_id:
        alliances.campaign(plan.campaign_id)
    if plan.budget_line_id:
        line = alliances.line(plan.budget_line_id)
        if line.campaign_id != plan.campaign_id or line.category != "media":
            raise UserError("choose a media line of this campaign", field="budget_line")
        if line.currency != plan.currency:
            raise UserError(f"this media line is in {line.currency}", field="currency")
    return version


def _check_fit(plan: PlacementPlan | Placement, version: Any) -> None:
    asked = plan if isinstance(plan, PlacementPlan) else _plan_of(plan)
    check_content(
        asked,
        markets=version.released_markets or version.markets,
        audiences=version.released_audiences or version.audiences,
        channels=version.released_channels or version.channels,
    )


def _plan_of(row: Placement) -> PlacementPlan:
    named = {name: getattr(row, name) for name in PlacementPlan.__dataclass_fields__}
    return PlacementPlan(**named | {"markets": tuple(row.markets)})


def _bring_in_parties(row: Placement, version: Any) -> None:
    if row.campaign_id:
        sides = alliances.campaign(row.campaign_id).sides.all()
        parties = {side.org_id: side.name for side in sides}
    else:
        parties = {party.org_id: party.name for party in content.parties_of(version)}
    if row.org_id not in parties:
        raise UserError("your organisation has no side in this campaign or item", field="version")
    PlacementSide.objects.bulk_create(
        PlacementSide(id=new_id(), org_id=org_id, placement=row, name=name)
        for org_id, name in parties.items()
    )


def acts_of(row: Placement, at: datetime) -> list[Act]:
    """Write a publication as the acts about which the gate is asked, one per market."""
    kind = row.version.item.kind
    return [
        Act(
            type="publication",
            at=at,
            channel=CHANNELS[row.channel].approved_as,
            purpose=PURPOSES.get(kind, "education"),
            controller_id=row.controller_id,
            version_id=row.version_id,
            campaign_id=row.campaign_id,
            object_id=row.id,
            country=market,
            given={
                "action.sender_role": "marketing",
                "action.promotional": kind == "promo",
                "action.audience": row.audience,
            },
        )
        for market in row.markets
    ]


def _ask(row: Placement, stage: str, at: datetime) -> str:
    """Ask the gate for every market in one pass, and keep each answer with its sentence."""
    # A recall takes the lock alone: whichever comes second sees the other.
    share(version_lock(row.version_id))
    row.version.refresh_from_db()
    _check_fit(row, row.version)
    decisions = decide_many(
        [Asked(act, KIND, row.id) for act in acts_of(row, at)],
        stage=Decision.Stage.REQUEST if stage == _Stage.CLEARING else Decision.Stage.DELIVERY,
    )
    PlacementAnswer.objects.bulk_create(
        PlacementAnswer(
            id=new_id(),
            org_id=row.org_id,
            placement=row,
            market=market,
            stage=stage,
            decision=decision,
            outcome=decision.outcome,
            sentence=sentence_of(decision),
            asked_at=at,
        )
        for market, decision in zip(row.markets, decisions, strict=True)
    )
    return worst_of([decision.outcome for decision in decisions])


def sentence_of(decision: Decision) -> str:
    """Give what the gate said first, in one sentence; empty where every rule passed."""
    if not decision.rule_ids:
        return ""
    reasons = reasons_of(decision)
    return reasons[0]["sentence"] if reasons else ""


def _close(row: Placement, status: str, because: str, at: datetime) -> Placement:
    if not may_move(row.status, status):
        raise UserError(f"a publication that is {row.get_status_display().lower()} cannot be"
                        f" {status}")  # fmt: skip
    row.status, row.closed_at, row.closed_because = status, at, because
    row.closed_by_name = acting_name()
    row.save(
        update_fields=[
            "status", "closed_at", "closed_because", "closed_by_name", "taken_down_at",
        ]
    )  # fmt: skip
    _record(row, "taken_down" if row.taken_down_at else status, at, {"because": because})
    return row


def _record(row: Placement, what: str, at: datetime, details: dict[str, Any]) -> None:
    others: Sequence[UUID | None] = list(
        row.sides.exclude(org_id=row.org_id).values_list("org_id", flat=True)
    )
    told = {"reference": row.reference, **details}
    ledger.append_many(
        [
            ledger.Entry(f"engagement.placement.{what}", KIND, row.id, told, counterparty=other)
            for other in others or [None]
        ],
        at=at,
    )
