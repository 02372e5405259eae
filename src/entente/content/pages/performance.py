"""How content performs, by version, claim and module, in a window of days."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entente.content.models import Item
from entente.content.reads import performance as reads
from entente.content.uses import columns
from entente.directory import reads as directory
from entente.directory.domain.cohorts import LEAST
from entente.foundation.web.asked import id_of, one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file

WINDOWS = [("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("365", "A year")]
OF = {"versions": "Versions", "claims": "Claims", "modules": "Modules"}
PARTS = {"claims": reads.claims, "modules": reads.modules}
HEAD = ("id", "title", "version", "kind", "product", "status", "markets")
PART_HEAD = ("id", "name", "product", "versions", "released_now", "recall")


@page("content.read")
def performance(request: HttpRequest) -> HttpResponse:
    """Show what was done with content, and how often its parts are used."""
    at = datetime.now(UTC)
    wanted = _wanted(request)
    of = one_of(request, "of", OF) or "versions"
    rows: list[Any] = PARTS[of](wanted, at=at) if of in PARTS else reads.versions(wanted, at=at)
    if request.GET.get("export") == "csv":
        return _file(of, rows, at)
    counted = columns()
    on_page = [(code, column.words) for code, column in counted.items() if column.on_page]
    shown = rows[: reads.MOST_SHOWN]
    context = {
        "of": of,
        "tabs": [(code, words, code == of) for code, words in OF.items()],
        "asked": wanted,
        "days": str(wanted.days),
        "columns": on_page,
        "rows": shown
        if of in PARTS
        else [(row, [(words, row.counts[code]) for code, words in on_page]) for row in shown],
        "n_rows": len(rows),
        "n_shown": len(shown),
        "least": LEAST,
        "has_hidden": of == "versions"
        and any(row.counts[code] is None for row in shown for code, _ in on_page),
        "windows": WINDOWS,
        "kinds": Item.Kind.choices,
        "products": [(p.id, p.name) for p in directory.products()],
    }
    return render(request, "content/performance.html", context)


def _wanted(request: HttpRequest) -> reads.Wanted:
    return reads.Wanted(
        days=int(one_of(request, "days", [days for days, _ in WINDOWS]) or "30"),
        product=id_of(request, "product"),
        market=text_of(request, "market").upper()[:2],
        kind=one_of(request, "kind", Item.Kind.values),
        sort=text_of(request, "sort"),
    )


def _file(of: str, rows: list[Any], at: datetime) -> HttpResponse:
    kind, name = "content.performance", f"content-performance-{of}"
    if of in PARTS:
        parts = (
            (r.id, r.name, r.product, r.n_versions, r.n_released, r.recall.lower()) for r in rows
        )
        return csv_file(name, PART_HEAD, parts, kind=kind, at=at)
    codes = list(columns())
    head = (*HEAD, *codes, reads.MEAN, "recall")
    return csv_file(name, head, (_cells(row, codes) for row in rows), kind=kind, at=at)


def _cells(row: reads.Row, codes: list[str]) -> tuple[object, ...]:
    version, item = row.version, row.version.item
    product = item.product.name if item.product else ""
    numbers = [row.counts[code] for code in codes]
    return (
        version.id, item.title, version.number, item.kind, product, row.status[0],
        " ".join(version.released_markets or version.markets),
        *[f"under {LEAST}" if number is None else number for number in numbers],
        row.mean_seconds, row.recall.lower(),
    )  # fmt: skip
