"""Waivers, and how often each of them mattered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Func, Q, QuerySet

from entente.policy.models import Decision, Waiver
from entente.policy.reads.rules import titles_of_rules

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


def overrides_of(row: Decision) -> list[Waiver]:
    """Give the waivers and approvals under which a decision was made, with their rules' titles."""
    if not row.overrides:
        return []
    titles = titles_of_rules()
    found = list(Waiver.objects.filter(id__in=row.overrides).order_by("valid_from", "id"))
    for waiver in found:
        waiver.title = titles.get(waiver.rule_id, waiver.rule_id)  # type: ignore[attr-defined]
    return found


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
