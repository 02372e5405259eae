"""The result of a campaign and the dictionary of measures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from entente.alliances import reads as alliances
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import to_text
from entente.foundation.web.charts import Bar, bar_list, funnel
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.measurement import reads
from entente.measurement.domain.kpis import KPIS
from entente.measurement.domain.suppression import FEWEST
from entente.measurement.pages.words import NOT_SHOWN, NUMBERS, write_count, write_measure

FUNNEL = ("asked", "permitted", "delivered")
HEAD = ("kind", "name", "value", "unit")


def address_of(name: str, *args: Any) -> str:
    """Give a page of another room, or nothing where that room has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def rows_of(found: reads.Result) -> Iterator[tuple[Any, ...]]:
    """Give a result as rows of a table; what is hidden says so."""
    for name, n in found.numbers.items():
        yield "number", NUMBERS[name], NOT_SHOWN if n is None else n, "people"
    for one in found.reasons:
        label = f"{NUMBERS[one.outcome]}: {one.rule_id}: {one.title}"
        yield "stopped by", label, NOT_SHOWN if one.n is None else one.n, "people"
    for kpi, value in found.measures:
        shown = NOT_SHOWN if value is None else f"{float(value):.6g}"
        yield "measure", f"{kpi.name} ({kpi.formula})", shown, kpi.unit
    for side in found.costs:
        yield "cost", side.name, to_text(side.actual_minor, found.currency), found.currency


def drawings(found: reads.Result) -> dict[str, str]:
    """Draw the funnel and the reasons, as far as they are shown."""
    stages = [
        Bar(NUMBERS[name], n) for name in FUNNEL if (n := found.numbers[name]) is not None and n
    ]
    may_read = "policy.read" in current_scope().may
    reasons = [
        Bar(
            one.title,
            one.n,
            note=NUMBERS[one.outcome].lower(),
            href=address_of("policy:rule", one.rule_id) if may_read else "",
            tone="bad" if one.outcome == "forbidden" else "warn",
        )
        for one in found.reasons
        if one.n
    ]
    return {
        "funnel": funnel("From asked to delivered", stages, write=_whole) if stages else "",
        "bars": bar_list("Stopped, by rule", reasons, write=_whole) if reasons else "",
    }


def _whole(value: float) -> str:
    return write_count(int(value))


def context_of(found: reads.Result) -> dict[str, Any]:
    """Give what the page and the panel show of a result."""
    return {
        "result": found,
        "numbers": [(NUMBERS[name], write_count(n), name) for name, n in found.numbers.items()],
        "measures": [
            (kpi, write_measure(kpi, value, found.currency)) for kpi, value in found.measures
        ],
        "reasons": [(one, NUMBERS[one.outcome], write_count(one.n)) for one in found.reasons],
        "fewest": FEWEST,
        **drawings(found),
    }


@page("result.read")
def results(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Show what came of a campaign; every party sees the same."""
    try:
        campaign = alliances.campaign(campaign_id)
        found = reads.result(campaign_id)
    except ObjectDoesNotExist:
        raise Http404 from None
    if request.GET.get("export") == "csv":
        at = datetime.now(UTC)
        return csv_file("result", HEAD, rows_of(found), kind="measurement.result", at=at)
    return render(
        request,
        "measurement/results.html",
        {
            "campaign": campaign,
            "trail": [
                {"label": "Campaigns", "url": address_of("alliances:campaigns")},
                {"label": campaign.name, "url": address_of("alliances:campaign", campaign.id)},
            ],
            **context_of(found),
        },
    )


@page("result.read")
def dictionary(request: HttpRequest) -> HttpResponse:
    """Show the measures: formula, unit, owner, source."""
    return render(request, "measurement/kpis.html", {"kpis": KPIS, "fewest": FEWEST})
