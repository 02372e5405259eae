"""The dictionary of measures: what each is called, how it is reckoned, who answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Numbers = Mapping[str, int | None]


@dataclass(frozen=True)
class Kpi:
    """One measure.

    Parameters
    ----------
    over, under : str
        Names of the numbers that are divided; ``under`` empty for a plain count.
    unit : str
        ``people``, ``share`` (0 to 1) or ``money`` (minor units of the campaign's currency).
    owner : str
        The role that answers for the figure.
    source : str
        Where the numbers come from, and how fresh they are.
    """

    id: str
    name: str
    formula: str
    unit: str
    owner: str
    source: str
    over: str
    under: str = ""


SENDS = "Sends of the campaign by all parties, at the moment of reading"

KPIS = (
    Kpi("reach", "Reach", "people for whom a send was asked", "people", "brand lead", SENDS,
        "asked"),
    Kpi("permitted_rate", "Permitted", "permitted / asked", "share", "compliance officer", SENDS,
        "permitted", "asked"),
    Kpi("delivered_rate", "Delivered", "delivered / permitted", "share", "brand lead", SENDS,
        "delivered", "permitted"),
    Kpi("opt_out_rate", "Opt-outs", "opt-outs / delivered", "share", "privacy officer",
        "Responses to the campaign's sends, at the moment of reading", "opt_outs", "delivered"),
    Kpi("bounce_rate", "Bounces", "bounces / delivered", "share", "data steward",
        "Responses to the campaign's sends, at the moment of reading", "bounces", "delivered"),
    Kpi("cost_per_delivered", "Cost per delivery", "actual cost of all sides / delivered", "money",
        "finance", "Actual amounts of the budget's lines, both payers included", "cost_minor",
        "delivered"),
)  # fmt: skip


def measure(kpi: Kpi, numbers: Numbers) -> Fraction | None:
    """Reckon a measure; nothing where a number is hidden or nothing can be divided.

    A rate of hidden numbers would tell them, so it is hidden with them.

    Examples
    --------
    >>> rate = next(kpi for kpi in KPIS if kpi.id == "delivered_rate")
    >>> measure(rate, {"delivered": 45, "permitted": 60})
    Fraction(3, 4)
    >>> measure(rate, {"delivered": None, "permitted": 60}) is None
    True
    """
    over = numbers.get(kpi.over)
    if over is None:
        return None
    if not kpi.under:
        return Fraction(over)
    under = numbers.get(kpi.under)
    return Fraction(over, under) if under else None
