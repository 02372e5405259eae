"""Deals of the present organisation: one, a list, those whose protection ends soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from entente.deals.domain.states import OPEN, Status
from entente.deals.models import Deal, DealSide
from entente.foundation.access.scope import current_scope

PAGE_ROWS = 50
SORTS = {"registered": "id", "value": "value_minor", "ends": "protection__ends_at"}


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


@dataclass(frozen=True)
class DealPage:
    """A part of the list and the key behind which the next begins; empty on the last."""

    rows: Sequence[Deal]
    after: str


def deals(
    *,
    status: str = "",
    text: str = "",
    account_id: UUID | None = None,
    sort: str = "-registered",
    after: UUID | None = None,
    n_rows: int = PAGE_ROWS,
) -> DealPage:
    """Give deals, the latest first unless sorted otherwise.

    Parameters
    ----------
    status : str
        A state, or ``open`` for those not both parties have accepted.
    text : str
        Part of the account's or the solution's name.
    sort : str
        ``registered``, ``value`` or ``ends``, with ``-`` for descending.
    after : UUID, optional
        Id of the last deal of the part before.
    """
    found = _narrowed(_seen(), status, text, account_id)
    name, falling = sort.lstrip("-"), sort.startswith("-")
    column = SORTS.get(name, "id")
    if column == "protection__ends_at":
        found = found.filter(protection__isnull=False)
    if after is not None:
        found = _behind(found, column, after, falling=falling)
    sign = "-" if falling else ""
    rows = list(found.order_by(f"{sign}{column}", f"{sign}id")[: n_rows + 1])
    return DealPage(rows[:n_rows], str(rows[n_rows - 1].id) if len(rows) > n_rows else "")


def _narrowed(
    found: QuerySet[Deal], status: str, text: str, account_id: UUID | None
) -> QuerySet[Deal]:
    if status:
        found = found.filter(status__in=OPEN if status == "open" else [status])
    if text:
        found = found.filter(Q(account__name__icontains=text) | Q(solution__name__icontains=text))
    return found.filter(account_id=account_id) if account_id else found


def _behind(found: QuerySet[Deal], column: str, after: UUID, *, falling: bool) -> QuerySet[Deal]:
    side = "lt" if falling else "gt"
    if column == "id":
        return found.filter(**{f"id__{side}": after})
    last = Deal.objects.filter(id=after).values_list(column, flat=True).first()
    further = Q(**{f"{column}__{side}": last}) | Q(**{column: last, f"id__{side}": after})
    return found.filter(further)


def ending_soon(*, at: datetime, within_days: int) -> Sequence[Deal]:
    """Give protected deals whose protection ends within so many days, the nearest first."""
    return list(
        _seen()
        .filter(
            status=Status.PROTECTED,
            protection__ends_at__gt=at,
            protection__ends_at__lte=at + timedelta(days=within_days),
        )
        .order_by("protection__ends_at", "id")[:PAGE_ROWS]
    )


def waiting_for_us() -> Sequence[Deal]:
    """Give open deals that the present organisation has not accepted yet, the oldest first."""
    waiting = DealSide.objects.filter(
        org_id=current_scope().org_id, accepted_at__isnull=True, deal__status__in=OPEN
    )
    return list(_seen().filter(id__in=waiting.values("deal_id")).order_by("id")[:PAGE_ROWS])


def buyer_of(found: Deal) -> str:
    """Give the buyer's name where the present organisation registered it, else nothing."""
    buyer = getattr(found, "buyer", None) if found.org_id == current_scope().org_id else None
    return buyer.name if buyer else ""
