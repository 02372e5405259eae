"""Stock: the catalogue, what a colleague carries, and the account per colleague and lot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from entente.engagement.models import Carried, DomesticSales, HandOver, Lot, Stock, StockMove
from entente.foundation.access.scope import current_scope

ORDER = ("name", "id")
MOVES_ORDER = ("-moved_at", "-id")
ACCOUNT_ORDER = ("holder_name", "stock_name", "lot_number", "id")


def catalogue(*, kind: str = "") -> QuerySet[Stock]:
    """Give what may be handed over, with ``n_carried``: how many colleagues carry in all."""
    found = Stock.objects.select_related("product")
    if kind:
        found = found.filter(kind=kind)
    return found.annotate(n_carried=Coalesce(Sum("lots__carried__n_units"), 0))


def stock(stock_id: UUID) -> Stock:
    """Give one line of the catalogue.

    Raises
    ------
    Stock.DoesNotExist
    """
    return catalogue().get(id=stock_id)


def lots_of(stock_id: UUID) -> list[Lot]:
    """Give the lots of a line, the one that expires first standing first."""
    found = Lot.objects.filter(stock_id=stock_id)
    return list(
        found.annotate(n_carried=Coalesce(Sum("carried__n_units"), 0)).order_by(
            "expires_on", "number", "id"
        )
    )


def carried_by(holder_id: UUID) -> list[Carried]:
    """Give what a colleague carries, the lot that expires first standing first."""
    found = Carried.objects.filter(holder_id=holder_id, n_units__gt=0)
    return list(
        found.select_related("lot__stock__product").order_by(
            "lot__stock__name", "lot__expires_on", "lot__number", "id"
        )
    )


def carried(lot_id: UUID, holder_id: UUID) -> Carried:
    """Give one line of what a colleague carries, also an empty one.

    Raises
    ------
    Carried.DoesNotExist
    """
    return Carried.objects.select_related("lot__stock").get(lot_id=lot_id, holder_id=holder_id)


def moves(*, holder_id: UUID | None = None, lot_id: UUID | None = None) -> QuerySet[StockMove]:
    """Give movements of stock, narrowed as asked."""
    found = StockMove.objects.select_related("lot__stock", "holder", "hand_over__hcp")
    if holder_id:
        found = found.filter(holder_id=holder_id)
    return found.filter(lot_id=lot_id) if lot_id else found


def accounts(*, holder_id: UUID | None = None, kind: str = "") -> QuerySet[Any]:
    """Give per colleague and lot what came, went and is missing; one row per line carried.

    ``n_received``, ``n_handed``, ``n_returned`` and ``n_lost`` are counts; ``n_difference`` is
    what counts found more (positive) or less than the books said; ``n_unsigned`` are hand-overs
    of it whose receipt is missing.
    """
    current_scope().require("stock.read")
    found = Carried.objects.select_related("holder", "lot__stock").annotate(
        holder_name=F("holder__name"),
        stock_name=F("lot__stock__name"),
        lot_number=F("lot__number"),
    )
    if holder_id:
        found = found.filter(holder_id=holder_id)
    if kind:
        found = found.filter(lot__stock__kind=kind)
    return found


def with_sums(rows: Sequence[Carried]) -> list[Carried]:
    """Put beside each line of an account its sums; one query for all."""
    mine = Q(lot_id__in={row.lot_id for row in rows}, holder_id__in={r.holder_id for r in rows})
    sums = {
        (one["lot_id"], one["holder_id"], one["kind"]): one["n"]
        for one in StockMove.objects.filter(mine)
        .values("lot_id", "holder_id", "kind")
        .annotate(n=Sum("n_units"))
    }
    unsigned: dict[tuple[UUID, UUID], int] = {}
    for lot_id, giver_id in HandOver.objects.filter(
        lot_id__in={row.lot_id for row in rows}, status="done", receipt__isnull=True, kind="sample"
    ).values_list("lot_id", "giver_id"):
        unsigned[lot_id, giver_id] = unsigned.get((lot_id, giver_id), 0) + 1
    for row in rows:
        key = (row.lot_id, row.holder_id)
        for kind in ("received", "handed", "returned", "lost"):
            setattr(row, f"n_{kind}", abs(sums.get((*key, kind), 0)))
        row.n_difference = sums.get((*key, "counted"), 0)  # type: ignore[attr-defined]
        row.n_unsigned = unsigned.get(key, 0)  # type: ignore[attr-defined]
    return list(rows)


def sales_stated() -> list[DomesticSales]:
    """Give the figures of domestic sales, the newest year first."""
    return list(DomesticSales.objects.order_by("-year", "country", "id")[:50])
