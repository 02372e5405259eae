"""The result of a campaign: counted over all parties, small numbers hidden, then shown to each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

from django.db import connection

from entente.alliances import reads as alliances
from entente.foundation.access.scope import current_scope
from entente.measurement.domain.kpis import KPIS, Kpi, measure
from entente.measurement.domain.reasons import main_reason
from entente.measurement.domain.suppression import Shown, suppress
from entente.policy.reads import rules as policy_rules

# The state of a send, and the number it is counted under.
COUNTED = {
    "forbidden": "forbidden",
    "referred": "referred",
    "queued": "waiting",
    "sent": "delivered",
    "withheld": "withheld",
    "refused": "refused",
    "parked": "parked",
}
STOPPED = ("forbidden", "referred", "withheld")
PERMITTED = ("waiting", "delivered", "withheld", "refused", "parked")
RESPONSES = {"opt_out": "opt_outs", "bounce": "bounces", "complaint": "complaints"}
NUMBERS = (
    "asked",
    "permitted",
    "forbidden",
    "referred",
    *PERMITTED,
    "stopped",
    *RESPONSES.values(),
)
RULE = "rule:"


@dataclass(frozen=True)
class Reason:
    """How many sends one rule stopped in one way; None where the number is hidden.

    ``outcome`` is ``forbidden``, ``referred`` or ``withheld``.
    """

    outcome: str
    rule_id: str
    title: str
    n: int | None


@dataclass(frozen=True)
class Cost:
    """What one side bears of the actual cost, in minor units."""

    org_id: UUID
    name: str
    actual_minor: int


@dataclass(frozen=True)
class Result:
    """The numbers of a campaign; hidden ones are None. All parties get the same."""

    campaign_id: UUID
    numbers: Shown
    reasons: list[Reason]
    currency: str
    cost_minor: int
    costs: list[Cost]
    measures: list[tuple[Kpi, Fraction | None]] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Whether some number is hidden."""
        return None in self.numbers.values() or any(one.n is None for one in self.reasons)


def result(campaign_id: UUID) -> Result:
    """Give the result of a campaign of which the present organisation is a party.

    The numbers span all parties, so they are counted by functions of the database that
    answer a party only, and hidden (below 11) before anybody sees them.

    Raises
    ------
    OutOfScope
        If results are not for the one who asks.
    Campaign.DoesNotExist
        Also when it is a campaign of others.
    """
    current_scope().require("result.read")
    campaign = alliances.campaign(campaign_id)
    titles = policy_rules.titles_of_rules()
    shown = _shown(campaign_id)
    reasons = [
        Reason(outcome, rule_id, titles.get(rule_id, "Other reasons"), shown[name])
        for name in shown
        if name.startswith(RULE)
        for _, outcome, rule_id in [name.split(":")]
    ]
    # Hidden ones stand together at the end, by their id: their order would rank them.
    reasons.sort(key=lambda one: (one.n is None, -(one.n or 0), one.outcome, one.rule_id))
    budget = alliances.budget(campaign)
    numbers = {name: shown[name] for name in NUMBERS}
    with_cost = {**numbers, "cost_minor": budget.actual_minor}
    return Result(
        campaign_id=campaign_id,
        numbers=numbers,
        reasons=reasons,
        currency=budget.currency,
        cost_minor=budget.actual_minor,
        costs=[Cost(side.org_id, side.name, side.actual_minor) for side in budget.sides],
        measures=[(kpi, measure(kpi, with_cost)) for kpi in KPIS],
    )


def _shown(campaign_id: UUID) -> Shown:
    """Count and hide; the only place that sees the small numbers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, rule_ids, n FROM app.measurement_sends(%s)", [campaign_id])
        sends = cursor.fetchall()
        cursor.execute("SELECT kind, n FROM app.measurement_responses(%s)", [campaign_id])
        responses = dict(cursor.fetchall())
    severities = {line.rule.id: line.rule.severity for line in policy_rules.rules()}
    values: Counter[str] = Counter(dict.fromkeys(COUNTED.values(), 0))
    by_rule: Counter[str] = Counter()
    for status, rule_ids, n in sends:
        values[COUNTED[status]] += n
        if status in STOPPED:
            by_rule[f"{RULE}{status}:{main_reason(rule_ids, severities)}"] += n
    values["permitted"] = sum(values[name] for name in PERMITTED)
    values["asked"] = values["permitted"] + values["forbidden"] + values["referred"]
    values["stopped"] = sum(values[name] for name in STOPPED)
    values.update(by_rule)
    values.update({name: responses.get(kind, 0) for kind, name in RESPONSES.items()})
    sums: list[tuple[str, list[str]]] = [
        ("asked", ["permitted", "forbidden", "referred"]),
        ("permitted", list(PERMITTED)),
        ("stopped", list(STOPPED)),
        # Which rules forbid and which refer is known, so each way is a sum of its own.
        *((way, [name for name in by_rule if name.startswith(f"{RULE}{way}:")]) for way in STOPPED),
    ]
    return suppress(values, [one for one in sums if one[1]])
