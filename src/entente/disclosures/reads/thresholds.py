"""The thresholds in force for a programme year, and whence they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entente.policy.reads.parameters import figure

PACK = "us/open-payments"
FIRST_YEAR = 2013


@dataclass(frozen=True)
class Thresholds:
    """Both thresholds of a year in US cents, with their source."""

    year: int
    small_cents: int
    aggregate_cents: int
    source: str


def thresholds(year: int) -> Thresholds:
    """Give the Open Payments thresholds of a programme year.

    Raises
    ------
    NoFigure
        If the rule pack has none for the year, for example because it is not published yet.
    """
    last_day = date(year, 12, 31)
    small, source = figure(PACK, "small", last_day)
    aggregate, _ = figure(PACK, "aggregate", last_day)
    return Thresholds(year, small, aggregate, source)
