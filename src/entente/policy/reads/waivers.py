"""Waivers, and how often each of them mattered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Func, Q, QuerySet

from entente.policy.models import Decision, Waiver

ORDER = ("-valid_from", "-id")


class _Unnest(Func):
    function = "unnest"
    set_returning = True


def waivers(*, standing: str = "", at: datetime) -> QuerySet[Waiver]:
    """Give the waivers that people granted; approvals of single acts are referrals.

    Parameters
    ----------
    standing : str
        ``"now"``, ``"over"``, or empty for both.
    """
    over = Q(ended_at__isnull=False) | Q(valid_until__lte=at)
    found = Waiver.objects.filter(referral__isnull=True)
    if standing == "now":
        return found.exclude(over)
    return found.filter(over) if standing == "over" else found


def uses(rows: Sequence[Waiver]) -> dict[UUID, int]:
    """Count the decisions in which each waiver mattered; one query."""
    wanted = [row.id for row in rows]
    found = (
        Decision.objects.filter(overrides__overlap=wanted)
        .annotate(waiver=_Unnest(F("overrides")))
        .values_list("waiver")
        .annotate(n=Count("id"))
    )
    return {waiver_id: n for waiver_id, n in found if waiver_id in set(wanted)}
