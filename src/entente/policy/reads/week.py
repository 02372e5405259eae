"""What the gate refused or referred lately, by rule."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Func

from entente.policy.models import Decision


class RuleCount(NamedTuple):
    """How often one rule refused or referred."""

    rule_id: str
    forbidden: int
    referred: int


class _Unnest(Func):
    function = "unnest"
    set_returning = True


def outcomes_since(moment: datetime) -> dict[str, int]:
    """Count the decisions since a moment by outcome, each outcome named."""
    found = (
        Decision.objects.filter(decided_at__gte=moment).values_list("outcome").annotate(Count("id"))
    )
    return dict.fromkeys(Decision.Outcome.values, 0) | dict(found)


def fired_since(moment: datetime) -> dict[str, int]:
    """Count for each rule how often it did not pass since a moment; one query."""
    rows = (
        Decision.objects.filter(decided_at__gte=moment)
        .annotate(rule=_Unnest(F("rule_ids")))
        .values_list("rule")
    )
    return dict(rows.annotate(n=Count("id")))


def refusals_by_rule(moment: datetime, *, most: int = 8) -> list[RuleCount]:
    """Count refused and referred decisions since a moment by rule, the most frequent first."""
    rows = (
        Decision.objects.filter(decided_at__gte=moment)
        .exclude(outcome=Decision.Outcome.PERMIT)
        .annotate(rule=_Unnest(F("rule_ids")))
        .values_list("rule", "outcome")
    )
    counted: dict[str, list[int]] = {}
    for rule_id, outcome, n in rows.annotate(n=Count("id")):
        pair = counted.setdefault(rule_id, [0, 0])
        pair[0 if outcome == Decision.Outcome.FORBID else 1] += n
    found = [RuleCount(rule_id, *pair) for rule_id, pair in counted.items()]
    return sorted(found, key=lambda one: (-one.forbidden - one.referred, one.rule_id))[:most]
