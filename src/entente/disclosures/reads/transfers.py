"""Transfers of value: the list of a year, its recipients, one person's year so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from entente.directory import reads as directory
from entente.disclosures.domain.thresholds import distance_cents, is_reportable, why
from entente.disclosures.models import TransferOfValue
from entente.disclosures.reads.thresholds import Thresholds, thresholds
from entente.foundation.access.scope import current_scope

ORDERS: dict[str, tuple[str, ...]] = {
    "-made": ("-made_on", "-id"),
    "made": ("made_on", "id"),
    "-amount": ("-amount_minor", "-id"),
    "amount": ("amount_minor", "id"),
}
NEAR_SHARE = 0.8
MOST_RECIPIENTS = 200


def order_of(sort: str) -> tuple[str, ...]:
    """Give the fields by which a list is sorted, from the address's ``sort``."""
    return ORDERS.get(sort, ORDERS["-made"])


def transfer(transfer_id: UUID) -> TransferOfValue:
    """Give one transfer with its recipient's year total.

    Raises
    ------
    TransferOfValue.DoesNotExist
    """
    year = TransferOfValue.objects.values_list("program_year", flat=True).get(id=transfer_id)
    return transfers(year).get(id=transfer_id)


def transfers(
    year: int, *, text: str = "", hcp_id: UUID | None = None, standing: str = ""
) -> QuerySet[TransferOfValue]:
    """Give the transfers of a programme year, each with ``year_total``.

    Parameters
    ----------
    text : str
        Part of the recipient's family name, or an NPI.
    standing : str
        ``reportable``, ``below`` or ``outside``.
    """
    current_scope().require("disclosure.read")
    same = TransferOfValue.objects.filter(
        hcp_id=OuterRef("hcp_id"),
        reporter_id=OuterRef("reporter_id"),
        program_year=OuterRef("program_year"),
        outside="",
    )
    total = same.order_by().values("hcp_id").annotate(total=Sum("amount_minor")).values("total")
    found = (
        TransferOfValue.objects.filter(program_year=year)
        .select_related("hcp", "reporter", "product")
        .annotate(year_total=Coalesce(Subquery(total), Value(0)))
    )
    if text:
        found = found.filter(Q(hcp__family_name__icontains=text) | Q(hcp__npi=text))
    if hcp_id:
        found = found.filter(hcp_id=hcp_id)
    return _standing(found, year, standing) if standing else found


def _standing(
    found: QuerySet[TransferOfValue], year: int, standing: str
) -> QuerySet[TransferOfValue]:
    if standing == "outside":
        return found.exclude(outside="")
    limits = thresholds(year)
    reported = Q(amount_minor__gte=limits.small_cents) | Q(year_total__gt=limits.aggregate_cents)
    return found.filter(reported if standing == "reportable" else ~reported, outside="")


def judge(rows: Sequence[Any], limits: Thresholds) -> None:
    """Write beside each row whether it is reportable and why: ``reportable``, ``reason``."""
    amounts = np.array([row.amount_minor for row in rows], np.int64)
    totals = np.array([row.year_total for row in rows], np.int64)
    both = {"small_cents": limits.small_cents, "aggregate_cents": limits.aggregate_cents}
    for row, answer in zip(rows, is_reportable(amounts, totals, **both), strict=True):
        row.reportable = bool(answer) and not row.outside
        row.reason = row.outside or why(row.amount_minor, row.year_total, **both)


@dataclass(frozen=True)
class RecipientYear:
    """One recipient's year with one payer, in US cents."""

    hcp_id: UUID
    hcp: Any
    reporter_id: UUID
    total_cents: int
    n_transfers: int
    left_cents: int
    is_above: bool
    share: float


def recipients(year: int, *, near_only: bool = False) -> list[RecipientYear]:
    """Give recipients by their year total, the highest first, at most 200.

    Parameters
    ----------
    near_only : bool
        Only those within a fifth of the aggregate threshold and not above it.
    """
    current_scope().require("disclosure.read")
    limits = thresholds(year)
    totals = (
        TransferOfValue.objects.filter(program_year=year, outside="")
        .values("hcp_id", "reporter_id")
        .annotate(total=Sum("amount_minor"), n=Count("id"))
    )
    if near_only:
        lowest = int(limits.aggregate_cents * NEAR_SHARE)
        totals = totals.filter(total__gte=lowest, total__lte=limits.aggregate_cents)
    rows = list(totals.order_by("-total", "hcp_id")[:MOST_RECIPIENTS])
    named = directory.hcps([row["hcp_id"] for row in rows])
    return [_recipient(row, named.get(row["hcp_id"]), limits) for row in rows]


def _recipient(row: Mapping[str, Any], hcp: Any, limits: Thresholds) -> RecipientYear:
    total = int(row["total"])
    return RecipientYear(
        hcp_id=row["hcp_id"],
        hcp=hcp,
        reporter_id=row["reporter_id"],
        total_cents=total,
        n_transfers=row["n"],
        left_cents=distance_cents(total, limits.aggregate_cents),
        is_above=total > limits.aggregate_cents,
        share=min(1.0, total / limits.aggregate_cents),
    )


def year_to_date(hcp_id: UUID, year: int, until: date) -> list[dict[str, Any]]:
    """Give what one person got in a year up to a day, by currency."""
    sums = (
        TransferOfValue.objects.filter(hcp_id=hcp_id, program_year=year, made_on__lte=until)
        .values("currency")
        .annotate(total=Sum("amount_minor"), n=Count("id"))
        .order_by("currency")
    )
    return [dict(row) for row in sums]


def months(year: int) -> dict[str, list[int]]:
    """Give the amounts in scope per month of a year, in US cents, reportable and not."""
    found = {}
    for standing, words in (("reportable", "Reportable"), ("below", "Below the thresholds")):
        cents = [0] * 12
        grouped = transfers(year, standing=standing).order_by().values("made_on__month")
        for row in grouped.annotate(total=Sum("amount_minor")):
            cents[row["made_on__month"] - 1] += int(row["total"])
        found[words] = cents
    return found


def years() -> list[int]:
    """Give the programme years with transfers, the latest first."""
    found = TransferOfValue.objects.order_by("-program_year").values_list("program_year", flat=True)
    return list(found.distinct())
