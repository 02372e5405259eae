"""Take over a colleague's planned call: one is on leave, the other goes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.engagement.actions.touches import (
    LONGEST_REASON,
    MEDICAL_ROLES,
    PLANNED_AS,
    asked_for,
    worst_of,
    write_touch,
)
from entente.engagement.domain.call import Call, ItemShown
from entente.engagement.domain.sender import sender_role
from entente.engagement.models import Detail, Shown, Touch
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id
from entente.policy.reads import Decision


def take_over_touch(touch_id: UUID, reason: str, *, at: datetime) -> Touch:
    """Take over the plan of a colleague; the gate is asked anew, for whoever goes.

    The plan keeps its place in the caps under its new record; the earlier record stays. Writes
    the touch, its decisions and one ledger entry.

    Raises
    ------
    UserError
        If no reason is given, the plan is one's own, over, or of the other side of the wall
        between medical and commercial, or the gate does not let this person go. The plan then
        stays with the colleague.
    """
    scope = current_scope()
    scope.require("touch.write")
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise UserError(
            f"say in at most {LONGEST_REASON} characters why you take it over", field="reason"
        )
    plan = Touch.objects.select_for_update().get(id=touch_id)
    _must_be_free(plan)
    call = _as_call(plan)
    touch, decisions = asked_for(call, at=at, root_id=plan.root_id)
    worst = worst_of(decisions)
    if worst.outcome == Decision.Outcome.FORBID:
        raise UserError(
            f"you may not make this call ({', '.join(worst.rule_ids)}): the plan stays as it is"
        )
    Touch.objects.filter(id=plan.id).update(superseded_at=at)
    touch.status = PLANNED_AS[Decision.Outcome(worst.outcome)]
    touch.number, touch.reason = plan.number + 1, reason
    write_touch(touch, call, decisions, verb="taken_over", at=at)
    return touch


def _must_be_free(plan: Touch) -> None:
    scope = current_scope()
    if plan.org_id != scope.org_id:
        raise Touch.DoesNotExist
    if plan.superseded_at or plan.status not in {Touch.Status.PLANNED, Touch.Status.REFERRED}:
        raise UserError("only a plan that has not taken place is taken over")
    if plan.recorded_by_id == scope.actor_id:
        raise UserError("this plan is yours already")
    if Detail.objects.filter(touch=plan).exists():
        raise UserError(
            "a remote detail is shown by whoever planned it: plan another, and let this one be"
            " taken back"
        )
    is_medical = sender_role(scope.roles, is_host=scope.is_host) in MEDICAL_ROLES
    if (plan.wall == "medical") != is_medical:
        raise UserError(
            "medical calls are made by medical staff and commercial ones by commercial staff"
        )


def _as_call(plan: Touch) -> Call:
    """Give a plan as the call that it is about, under an id of its own."""
    items = Shown.objects.filter(touch_id=plan.id).order_by("position")
    return Call(
        client_id=new_id(),
        hcp_id=plan.hcp_id,
        controller_id=plan.controller_id,
        kind=plan.kind,
        happened_at=plan.happened_at,
        product_id=plan.product_id,
        campaign_id=plan.campaign_id,
        shown=tuple(ItemShown(each.version_id, each.seconds, each.reaction) for each in items),
        minutes=plan.minutes,
        was_requested=plan.was_requested,
        note=plan.note,
    )
