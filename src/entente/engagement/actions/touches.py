"""Plan calls with HCPs, log them, amend and cancel them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.actions.caps import cap_keys
from entente.engagement.domain.call import Call, check_call
from entente.engagement.domain.sender import sender_role
from entente.engagement.models import Shown, Touch
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.locks import lock
from entente.foundation.models import new_id
from entente.policy.actions import Asked, decide_many
from entente.policy.reads import Decision

CHANNELS = {
    Touch.Kind.VISIT: "in_person",
    Touch.Kind.PHONE: "phone",
    Touch.Kind.REMOTE: "web",
}
MEDICAL_ROLES = ("msl", "medical_info")
STANDING = {
    Decision.Outcome.PERMIT: Touch.Standing.CLEARED,
    Decision.Outcome.REFER: Touch.Standing.REFERRED,
    Decision.Outcome.FORBID: Touch.Standing.BREACH,
}
PLANNED_AS = {
    Decision.Outcome.PERMIT: Touch.Status.PLANNED,
    Decision.Outcome.REFER: Touch.Status.REFERRED,
    Decision.Outcome.FORBID: Touch.Status.FORBIDDEN,
}
WORST = [Decision.Outcome.PERMIT, Decision.Outcome.REFER, Decision.Outcome.FORBID]
# Clocks of devices go wrong by minutes; a record of last year is no record of a day's work.
AHEAD, OLDEST = timedelta(minutes=10), timedelta(days=92)
FURTHEST = timedelta(days=366)
LONGEST_REASON = 300


def plan_touch(call: Call, *, at: datetime) -> Touch:
    """Plan a call: the gate answers for its day, and a permitted one takes its place in the caps.

    A plan that is forbidden is kept as such, with the reasons. Writes the touch, its decisions
    and one ledger entry.

    Raises
    ------
    UserError
        If the day has passed or is over a year away, or a field does not fit.
    """
    scope = current_scope()
    scope.require("touch.write")
    if not at - AHEAD <= call.happened_at <= at + FURTHEST:
        raise UserError(
            "plan for a time from now on and within a year; log what has been", field="happened_at"
        )
    known = _already(call)
    if known is not None:
        return known
    check_call(call)
    touch, decisions = asked_for(call, at=at)
    touch.status = PLANNED_AS[Decision.Outcome(worst_of(decisions).outcome)]
    write_touch(touch, call, decisions, verb="planned", at=at)
    return touch


def log_touch(call: Call, *, at: datetime, planned_id: UUID | None = None) -> Touch:
    """Log a call that took place; what the gate says of it is kept beside it.

    The call is a fact, so it is kept even where a rule stands against it; it is then marked
    and shown to compliance. A record with a ``client_id`` that is known is not made again.

    Parameters
    ----------
    planned_id : UUID, optional
        The plan that this was.

    Raises
    ------
    UserError
        If it lies in the future or over three months back, if a field does not fit, or the id of
        another record was used.
    """
    scope = current_scope()
    scope.require("touch.write")
    known = _already(call)
    if known is not None:
        return known
    _check_past(call, at)
    check_call(call)
    plan = _plan(planned_id, call)
    touch, decisions = asked_for(call, at=at, root_id=plan.root_id if plan else None)
    touch.status, touch.submitted_at = Touch.Status.DONE, at
    if plan is not None:
        touch.number = plan.number + 1
        Touch.objects.filter(id=plan.id).update(superseded_at=at)
    write_touch(touch, call, decisions, verb="done", at=at)
    return touch


def amend_touch(touch_id: UUID, call: Call, reason: str, *, at: datetime) -> Touch:
    """Put a corrected record in the place of one that was sent in; the earlier one stays.

    Raises
    ------
    UserError
        If no reason is given, it was amended already, or it is another person's.
    """
    scope = current_scope()
    scope.require("touch.write")
    known = _already(call)
    if known is not None:
        return known
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise UserError(
            f"say in at most {LONGEST_REASON} characters what is corrected and why", field="reason"
        )
    earlier = Touch.objects.select_for_update().get(id=touch_id)
    _must_be_own(earlier)
    if earlier.status != Touch.Status.DONE:
        raise UserError("only a call that took place is amended; a plan is cancelled")
    if earlier.superseded_at is not None:
        raise UserError("this record has been amended already: amend the newest one")
    if earlier.hcp_id != call.hcp_id:
        raise UserError(
            "an amendment stays with its HCP: log the call with the other HCP anew", field="hcp"
        )
    _check_past(call, at, since=earlier.happened_at)
    check_call(call)
    Touch.objects.filter(id=earlier.id).update(superseded_at=at)
    touch, decisions = asked_for(call, at=at, root_id=earlier.root_id)
    touch.status, touch.submitted_at = Touch.Status.DONE, at
    touch.number, touch.reason = earlier.number + 1, reason
    write_touch(touch, call, decisions, verb="amended", at=at)
    return touch


def cancel_touch(touch_id: UUID, reason: str, *, at: datetime) -> Touch:
    """Cancel a plan; its place in the caps is free again.

    Raises
    ------
    UserError
        If it took place already or no reason is given.
    """
    current_scope().require("touch.write")
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise UserError(
            f"say in at most {LONGEST_REASON} characters why it is cancelled", field="reason"
        )
    touch = Touch.objects.select_for_update().get(id=touch_id)
    _must_be_own(touch)
    if touch.superseded_at or touch.status not in {Touch.Status.PLANNED, Touch.Status.REFERRED}:
        raise UserError("only a plan that has not taken place is cancelled")
    touch.status, touch.reason = Touch.Status.CANCELLED, reason
    touch.save(update_fields=["status", "reason"])
    _record(touch, "cancelled", [], at=at)
    return touch


def _already(call: Call) -> Touch | None:
    """Give the record that this is, where the device sends it a second time."""
    scope = current_scope()
    lock(f"touch:{scope.org_id}:{call.client_id}")
    known = Touch.objects.filter(org_id=scope.org_id, client_id=call.client_id).first()
    if known is not None and (known.hcp_id, known.note) != (call.hcp_id, call.note.strip()):
        raise UserError(
            "this client_id belongs to another record: make a new one", field="client_id"
        )
    return known


def _must_be_own(touch: Touch) -> None:
    if touch.recorded_by_id != current_scope().actor_id:
        raise UserError("only the person who recorded it changes it")


def _plan(planned_id: UUID | None, call: Call) -> Touch | None:
    if planned_id is None:
        return None
    plan = Touch.objects.select_for_update().get(id=planned_id)
    _must_be_own(plan)
    if plan.superseded_at is not None or plan.status not in {"planned", "referred"}:
        raise UserError("this plan is over: log the call by itself", field="planned")
    if plan.hcp_id != call.hcp_id:
        raise UserError("the plan is for another HCP: log this call by itself", field="planned")
    return plan


def _check_past(call: Call, at: datetime, *, since: datetime | None = None) -> None:
    if call.happened_at > at + AHEAD:
        raise UserError("a call is logged after it took place", field="happened_at")
    if call.happened_at < min(at - OLDEST, since or at):
        raise UserError("a call is logged within three months", field="happened_at")


def worst_of(decisions: Sequence[Decision]) -> Decision:
    """Give the decision that weighs most: what is forbidden before what needs a person."""
    return max(decisions, key=lambda made: WORST.index(Decision.Outcome(made.outcome)))


def asked_for(
    call: Call, *, at: datetime, root_id: UUID | None = None
) -> tuple[Touch, list[Decision]]:
    """Ask the gate under the lock of the HCP's caps; give the touch, not yet written."""
    scope = current_scope()
    directory.hcp(call.hcp_id)
    lock(*cap_keys([call.hcp_id], at))
    role = sender_role(scope.roles, is_host=scope.is_host)
    touch_id = new_id()
    root = root_id or touch_id
    purpose = "medical" if role in MEDICAL_ROLES else "promotion"
    decisions = decide_many(
        [
            Asked(act, "engagement.touch", touch_id, asked_at=at)
            for act in acts_of(call, root, role=role, purpose=purpose, actor_id=scope.actor_id)
        ]
    )
    worst = worst_of(decisions)
    touch = Touch(
        id=touch_id,
        org_id=scope.org_id,
        client_id=call.client_id,
        root_id=root,
        hcp_id=call.hcp_id,
        controller_id=call.controller_id,
        campaign_id=call.campaign_id,
        product_id=call.product_id,
        kind=call.kind,
        purpose=purpose,
        wall="medical" if purpose == "medical" else "commercial",
        standing=STANDING[Decision.Outcome(worst.outcome)],
        happened_at=call.happened_at,
        minutes=call.minutes,
        was_requested=call.was_requested,
        reaction=call.reaction,
        note=call.note.strip(),
        sender_role=role,
        recorded_by_id=scope.actor_id,
        decision=worst,
    )
    return touch, decisions


def acts_of(call: Call, root: UUID, *, role: str, purpose: str, actor_id: UUID | None) -> list[Act]:
    """Write a call as acts: the call about each item, and each item as a publication to one person.

    A call in which nothing is shown is one act without an item. The calls stand first.
    """
    given = {
        "action.sender_role": role,
        "action.promotional": purpose == "promotion",
        "action.requested": call.was_requested,
        "action.autodialled": False,
    }

    def act(kind: str, version_id: UUID | None) -> Act:
        return Act(
            type=kind,
            at=call.happened_at,
            recipient_id=call.hcp_id,
            channel=CHANNELS[Touch.Kind(call.kind)],
            purpose=purpose,
            controller_id=call.controller_id,
            version_id=version_id,
            campaign_id=call.campaign_id,
            product_id=call.product_id,
            object_id=root,
            actor_id=actor_id,
            given=given,
        )

    items: list[UUID | None] = [item.version_id for item in call.shown]
    return [
        *(act("call", version_id) for version_id in items or [None]),
        *(act("publication", version_id) for version_id in items),
    ]


def write_touch(
    touch: Touch, call: Call, decisions: Sequence[Decision], *, verb: str, at: datetime
) -> None:
    """Write a call with what was shown, its decisions and one ledger entry."""
    touch.save(force_insert=True)
    Shown.objects.bulk_create(
        [
            Shown(
                id=new_id(),
                org_id=touch.org_id,
                touch=touch,
                version_id=item.version_id,
                position=position,
                seconds=item.seconds,
                reaction=item.reaction,
                decision=decision,
            )
            for position, (item, decision) in enumerate(
                zip(call.shown, _of_items(decisions, len(call.shown)), strict=True), start=1
            )
        ]
    )
    _record(touch, verb, decisions, at=at)


def _of_items(decisions: Sequence[Decision], n_items: int) -> list[Decision]:
    """Give the weightier decision on each item: the call about it, or its being shown."""
    return [worst_of((decisions[n], decisions[n_items + n])) for n in range(n_items)]


def _record(touch: Touch, verb: str, decisions: Sequence[Decision], *, at: datetime) -> None:
    ledger.append(
        ledger.Entry(
            f"engagement.touch.{verb}",
            "engagement.touch",
            touch.id,
            {
                "hcp": touch.hcp_id,
                "kind": touch.kind,
                "status": touch.status,
                "standing": touch.standing,
                "root": touch.root_id,
                "number": touch.number,
                "decisions": [made.id for made in decisions],
            },
            decision=touch.decision_id,
        ),
        at=at,
    )
