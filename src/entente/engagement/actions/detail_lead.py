"""Lead a remote detail: put an item on show after asking the gate, and end with the record."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from entente.content import reads as content
from entente.engagement.actions.caps import cap_keys
from entente.engagement.actions.detail_plan import KIND, own_detail, record
from entente.engagement.actions.touches import acts_of, log_touch
from entente.engagement.domain.call import LONGEST_CALL, LONGEST_ITEM, Call, ItemShown
from entente.engagement.domain.detailing import is_still_looking, seconds_on_show
from entente.engagement.models import Detail, DetailItem, DetailStay, Touch
from entente.foundation.errors import UserError
from entente.foundation.links import revoke_links
from entente.foundation.locks import lock
from entente.policy.actions import Asked, decide_many
from entente.policy.reads import Decision

WORST = [Decision.Outcome.PERMIT, Decision.Outcome.REFER, Decision.Outcome.FORBID]
TAKEN_AS = {
    DetailItem.Reaction.USEFUL: Touch.Reaction.POSITIVE,
    DetailItem.Reaction.NOT_USEFUL: Touch.Reaction.NEGATIVE,
    DetailItem.Reaction.QUESTION: Touch.Reaction.NEUTRAL,
}


def show_item(detail_id: UUID, position: int, *, at: datetime) -> str:
    """Put an item on the HCP's screen, or nothing at 0; the gate is asked anew each time.

    An item that may not be shown now leaves the screen empty. Writes the decisions, the item
    on show and one ledger entry.

    Returns
    -------
    str
        Why it is not shown; empty if it is.

    Raises
    ------
    UserError
        If the detail is not going on, or has no such item.
    """
    detail = own_detail(detail_id)
    if detail.status != Detail.Status.LIVE:
        raise UserError("items are shown once the HCP has begun, and until it is ended")
    if position == 0:
        _put(detail, 0)
        record(detail, "nothing_shown", at, {})
        return ""
    item = detail.items.select_related("version__item").filter(position=position).first()
    if item is None:
        raise UserError(f"there is no item {position} in this remote detail", field="position")
    decision = ask_gate(detail, [item.version_id], at=at)
    item.decision = decision
    item.save(update_fields=["decision"])
    why = content.why_not_released(item.version, at=at)
    if not why and decision.outcome != Decision.Outcome.PERMIT:
        why = f"the gate does not permit it now ({', '.join(decision.rule_ids)})"
    _put(detail, 0 if why else position)
    told = {"position": position, "version": item.version_id}
    record(detail, "not_shown" if why else "shown", at, told, decision.id)
    return why


def ask_gate(detail: Detail, version_ids: list[UUID], *, at: datetime) -> Decision:
    """Ask the gate whether the call, or items in it, may take place at this moment.

    Asked about the planned touch, so that what a person approved of it still holds; nobody
    is asked anew, since nobody could wait for the answer. Gives the weightiest decision.
    """
    touch = detail.touch
    lock(*cap_keys([detail.hcp_id], at))
    call = _as_call(touch, at, tuple(ItemShown(version_id) for version_id in version_ids))
    acts = acts_of(
        call,
        touch.root_id,
        role=touch.sender_role,
        purpose=touch.purpose,
        actor_id=detail.presenter_id,
    )
    made = decide_many(
        [Asked(act, "engagement.touch", touch.id) for act in acts], stage=Decision.Stage.DELIVERY
    )
    return max(made, key=lambda each: WORST.index(Decision.Outcome(each.outcome)))


def end_detail(detail_id: UUID, *, note: str = "", reaction: str = "", at: datetime) -> Detail:
    """End a remote detail: what was on the HCP's screen becomes the record of the call.

    Items never on the screen are not in the record. Writes the record as a call that was
    logged, ends the link, and writes a ledger entry each for touch and detail.

    Raises
    ------
    UserError
        If it is not going on, or the note does not fit.
    """
    detail = own_detail(detail_id)
    if detail.status != Detail.Status.LIVE:
        raise UserError("this remote detail is not going on")
    _close_stay(detail, at)
    items = {each.id: each for each in detail.items.all()}
    stays = DetailStay.objects.filter(item__detail=detail).order_by("began_at", "id")
    seconds = seconds_on_show((s.item_id, s.began_at, s.seen_until) for s in stays)
    shown = tuple(
        ItemShown(
            items[item_id].version_id,
            min(n, LONGEST_ITEM),
            TAKEN_AS[DetailItem.Reaction(items[item_id].reaction)]
            if items[item_id].reaction
            else "",
        )
        for item_id, n in seconds.items()
        if n
    )
    detail.record = _recorded(detail, shown, note=note, reaction=reaction, at=at)
    detail.status, detail.position, detail.ended_at = Detail.Status.ENDED, 0, at
    detail.save(update_fields=["record", "status", "position", "ended_at"])
    revoke_links(object_kind=KIND, object_id=detail.id, at=at)
    told = {"items": len(shown), "seconds": sum(seconds.values()), "record": detail.record_id}
    record(detail, "ended", at, told)
    return detail


def readmit(detail_id: UUID, *, at: datetime) -> Detail:
    """Let the HCP go on in another browser: the next one that begins there is the one.

    Raises
    ------
    UserError
        If it is not going on.
    """
    detail = own_detail(detail_id)
    if detail.status != Detail.Status.LIVE:
        raise UserError("this remote detail is not going on")
    detail.browser_hash = ""
    detail.save(update_fields=["browser_hash"])
    record(detail, "readmitted", at, {})
    return detail


def _put(detail: Detail, position: int) -> None:
    detail.position = position
    detail.save(update_fields=["position"])


def _close_stay(detail: Detail, at: datetime) -> None:
    """End what is on the screen: until now if the browser was there a moment ago."""
    last = DetailStay.objects.filter(item__detail=detail, is_over=False).last()
    if last is not None:
        if is_still_looking(last.seen_until, at):
            last.seen_until = max(last.seen_until, at)
        last.is_over = True
        last.save(update_fields=["seen_until", "is_over"])


def _recorded(
    detail: Detail, shown: tuple[ItemShown, ...], *, note: str, reaction: str, at: datetime
) -> Touch:
    """Log the call; where somebody logged the plan by hand meanwhile, that record stands."""
    plan = Touch.objects.get(id=detail.touch_id)
    if plan.superseded_at is not None:
        return Touch.objects.filter(root_id=plan.root_id).order_by("number")[1]
    began = detail.started_at or at
    until = min(max(detail.seen_at or began, began), at)
    minutes = min(max(math.ceil((until - began) / timedelta(minutes=1)), 1), LONGEST_CALL)
    call = _as_call(plan, began, shown, minutes=minutes, note=note, reaction=reaction)
    return log_touch(call, at=at, planned_id=plan.id)


def _as_call(
    touch: Touch, happened_at: datetime, shown: tuple[ItemShown, ...], *,
    minutes: int | None = None, note: str = "", reaction: str = "",
) -> Call:  # fmt: skip
    return Call(
        client_id=uuid4(),
        hcp_id=touch.hcp_id,
        controller_id=touch.controller_id,
        kind=touch.kind,
        happened_at=happened_at,
        product_id=touch.product_id,
        campaign_id=touch.campaign_id,
        shown=shown,
        minutes=minutes,
        was_requested=touch.was_requested,
        reaction=reaction,
        note=note,
    )
