"""How results are written for people: names of numbers, values of measures."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import get_language

from entente.foundation.web.formats import reader_locale, write_money, write_number, write_percent
from entente.measurement.domain.kpis import Kpi

NUMBERS = {
    "asked": "Asked",
    "forbidden": "Must not go",
    "referred": "Needs a person",
    "permitted": "Permitted",
    "waiting": "Waiting to leave",
    "delivered": "Delivered",
    "withheld": "Held back at the last check",
    "refused": "Refused by the receiving server",
    "parked": "Outcome unknown",
    "stopped": "Stopped by the gate in all",
    "opt_outs": "Opted out",
    "bounces": "Bounced",
    "complaints": "Complained",
}
NOT_SHOWN = "not shown"


def write_count(n: int | None) -> str:
    """Write a number of people, or that it is not shown."""
    return NOT_SHOWN if n is None else write_number(n, locale=reader_locale(get_language()))


def write_measure(kpi: Kpi, value: Fraction | None, currency: str) -> str:
    """Write a measure in its unit, or that it is not shown."""
    locale = reader_locale(get_language())
    if value is None:
        return NOT_SHOWN
    if kpi.unit == "share":
        return write_percent(float(value), locale=locale, digits=1)
    if kpi.unit == "money":
        return write_money(round(value), currency, locale=locale)
    return write_number(int(value), locale=locale)
