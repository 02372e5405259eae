"""Plan a remote detail with one HCP and give the link that opens it; take it back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.actions.touches import cancel_touch, plan_touch
from entente.engagement.domain.call import Call, ItemShown
from entente.engagement.models import Detail, DetailItem, Touch
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.links import make_link, revoke_links
from entente.foundation.models import new_id

PURPOSE = "detail"
KIND = "engagement.detail"
# By one of these the link can reach the person.
REACHED_BY = ("email", "phone")
OPEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class DetailPlan:
    """What is to be shown to whom, and when.

    Parameters
    ----------
    client_id : UUID
        Made by the caller, so that a plan sent twice is kept once.
    version_ids : tuple of UUID
        The items in the order in which they are to be shown.
    """

    client_id: UUID
    hcp_id: UUID
    controller_id: UUID
    happened_at: datetime
    version_ids: tuple[UUID, ...]
    campaign_id: UUID | None = None
    product_id: UUID | None = None
    was_requested: bool = False


def plan_detail(plan: DetailPlan, *, at: datetime) -> Detail:
    """Plan a remote detail: a planned call that the gate answers for, with its items, and a link.

    A forbidden plan is kept as such and gets no link. Writes the touch, the detail with its
    items, the link and a ledger entry each for touch and detail.

    Raises
    ------
    UserError
        If no item is named, one is named twice, the person cannot be reached, or the call
        does not fit.
    """
    scope = current_scope()
    scope.require("touch.write")
    if not plan.version_ids or len(set(plan.version_ids)) != len(plan.version_ids):
        raise UserError("choose at least one item, each once", field="items")
    for version_id in plan.version_ids:
        content.version(version_id)
    _must_be_reachable(plan.hcp_id, at)
    touch = plan_touch(_call(plan), at=at)
    known = Detail.objects.filter(touch=touch).first()
    if known is not None:
        return known
    assert scope.actor_id is not None
    is_refused = touch.status == Touch.Status.FORBIDDEN
    days = math.ceil((plan.happened_at + OPEN_AFTER - at) / timedelta(days=1))
    detail = Detail.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        touch=touch,
        hcp_id=plan.hcp_id,
        wall=touch.wall,
        presenter_id=scope.actor_id,
        status=Detail.Status.REFUSED if is_refused else Detail.Status.PLANNED,
        expires_at=at + timedelta(days=days),
    )
    DetailItem.objects.bulk_create(
        DetailItem(
            id=new_id(), org_id=scope.org_id, detail=detail, version_id=version_id, position=n
        )
        for n, version_id in enumerate(plan.version_ids, start=1)
    )
    if not is_refused:
        make_link(
            PURPOSE, person_id=plan.hcp_id, object_kind=KIND, object_id=detail.id,
            at=at, valid_days=days,
        )  # fmt: skip
    record(detail, detail.status, at, {"items": len(plan.version_ids)})
    return detail


def withdraw_detail(detail_id: UUID, reason: str, *, at: datetime) -> Detail:
    """Take back a remote detail that has not begun: its link opens nothing from now on.

    Raises
    ------
    UserError
        If it has begun, or no reason is given.
    """
    detail = own_detail(detail_id)
    if detail.status != Detail.Status.PLANNED:
        raise UserError("only a remote detail that has not begun is taken back")
    if detail.touch.status in {Touch.Status.PLANNED, Touch.Status.REFERRED}:
        cancel_touch(detail.touch_id, reason, at=at)
    detail.status = Detail.Status.WITHDRAWN
    detail.save(update_fields=["status"])
    n_links = revoke_links(object_kind=KIND, object_id=detail.id, at=at)
    record(detail, "withdrawn", at, {"links": n_links})
    return detail


def own_detail(detail_id: UUID) -> Detail:
    """Give a remote detail of the acting person, locked.

    Raises
    ------
    UserError
        If it is a colleague's.
    """
    scope = current_scope()
    scope.require("touch.write")
    detail = (
        Detail.objects.select_for_update(of=("self",)).select_related("touch").get(id=detail_id)
    )
    if detail.presenter_id != scope.actor_id:
        raise UserError("only the person who planned it leads it")
    return detail


def record(
    detail: Detail,
    verb: str,
    at: datetime,
    told: Mapping[str, object],
    decision: UUID | None = None,
) -> None:
    """Write a ledger entry about a remote detail."""
    ledger.append(
        ledger.Entry(
            f"{KIND}.{verb}", KIND, detail.id,
            {"hcp": detail.hcp_id, "touch": detail.touch_id, **told}, decision=decision,
        ),
        at=at,
    )  # fmt: skip


def _must_be_reachable(hcp_id: UUID, at: datetime) -> None:
    if not any(directory.contact_points([hcp_id], way, at.date()) for way in REACHED_BY):
        raise UserError(
            "no e-mail address or telephone number of this HCP is on file, so the link cannot"
            " reach the person: add one first",
            field="hcp",
        )


def _call(plan: DetailPlan) -> Call:
    return Call(
        client_id=plan.client_id,
        hcp_id=plan.hcp_id,
        controller_id=plan.controller_id,
        kind="remote",
        happened_at=plan.happened_at,
        product_id=plan.product_id,
        campaign_id=plan.campaign_id,
        shown=tuple(ItemShown(version_id) for version_id in plan.version_ids),
        was_requested=plan.was_requested,
    )
