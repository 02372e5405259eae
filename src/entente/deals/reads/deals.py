"""Deals of the present organisation: one, a list, those whose protection ends soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from entente.deals.domain.states import OPEN, Status
from entente.deals.models import Deal, DealSide
from entente.foundation.access.scope import current_scope

PANEL_ROWS = 20
ORDERS: dict[str, tuple[str, ...]] = {
    "registered": ("registered_at", "id"),
    "-registered": ("-registered_at", "-id"),
    "value": ("currency", "value_minor", "id"),
    "-value": ("currency", "-value_minor", "-id"),
}


def _seen() -> QuerySet[Deal]:
    current_scope().require("deal.read")
    # Filtered by row-level security; a deal of others does not exist here.
    return Deal.objects.select_related("account", "solution", "protection").prefetch_related(
        "sides"
    )


def deal(deal_id: UUID) -> Deal:
    """Give one deal of which the present organisation is a party.

    Raises
    ------
    Deal.DoesNotExist
        Also when it is a deal of others.
    """
    return _seen().get(id=deal_id)


def own_side(found: Deal) -> DealSide:
    """Give the present organisation's side of a deal."""
    org_id = current_scope().org_id
    return next(side for side in found.sides.all() if side.org_id == org_id)


def other_side(found: Deal) -> DealSide | None:
    """Give the other party's side, if the deal has reached it."""
    org_id = current_scope().org_id
    return next((side for side in found.sides.all() if side.org_id != org_id), None)


def deals(
    *, status: str = "", text: str = "", kind: str = "", account_id: UUID | None = None
) -> QuerySet[Deal]:
    """Give deals of the present organisation, narrowed as asked; ``ORDERS`` says how to sort.

    Parameters
    ----------
    status : str
        A state, or ``open`` for those that not both parties have accepted.
    text : str
        Part of the account's or the solution's name.
    """
    found = _seen().annotate(ends_at=F("protection__ends_at"))
    if status:
        found = found.filter(status__in=OPEN if status == "open" else [status])
    if text:
        found = found.filter(Q(account__name__icontains=text) | Q(solution__name__icontains=text))
    if kind:
        found = found.filter(kind=kind)
    return found.filter(account_id=account_id) if account_id else found


def order_of(sort: str) -> tuple[str, ...]:
    """Give the fields by which a list is sorted, from the address's ``sort``."""
    return ORDERS.get(sort, ORDERS["-registered"])


def ending_soon(*, at: datetime, within_days: int) -> Sequence[Deal]:
    """Give protected deals whose protection ends within so many days, the nearest first."""
    return list(
        _seen()
        .filter(
            status=Status.PROTECTED,
            protection__ends_at__gt=at,
            protection__ends_at__lte=at + timedelta(days=within_days),
        )
        .order_by("protection__ends_at", "id")[:PANEL_ROWS]
    )


def waiting_for_us() -> Sequence[Deal]:
    """Give open deals that the present organisation has not accepted yet, the oldest first."""
    waiting = DealSide.objects.filter(
        org_id=current_scope().org_id, accepted_at__isnull=True, deal__status__in=OPEN
    )
    return list(_seen().filter(id__in=waiting.values("deal_id")).order_by("id")[:PANEL_ROWS])


def buyer_of(found: Deal) -> str:
    """Give the buyer's name where the present organisation registered it, else nothing."""
    buyer = getattr(found, "buyer", None) if found.org_id == current_scope().org_id else None
    return buyer.name if buyer else ""
