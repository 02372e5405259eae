"""Transfers of value of a programme year: each with its answer, and totals per recipient."""

from __future__ import annotations

from calendar import month_abbr
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from entente.disclosures import reads
from entente.disclosures.domain.coverage import OUTSIDE
from entente.disclosures.domain.thresholds import WHY
from entente.disclosures.models import TransferOfValue
from entente.foundation.domain.money import to_text
from entente.foundation.web.asked import id_of, one_of, text_of
from entente.foundation.web.charts import columns
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.formats import reader_locale, write_money
from entente.foundation.web.lists import part_of
from entente.policy.reads.parameters import NoFigure

STANDINGS = [
    ("reportable", "Reportable"),
    ("below", "Below the thresholds"),
    ("outside", "Not asked for"),
]
REASONS = {**WHY, **{code: words for code, words in OUTSIDE.items() if code}}
HEAD = (
    "id",
    "made_on",
    "npi",
    "family_name",
    "given_name",
    "recipient_type",
    "amount",
    "currency",
    "nature",
    "form",
    "product",
    "reporter",
    "year_total",
    "reportable",
    "why",
)
TYPES = {
    "physician": "Physician",
    "non_physician_practitioner": "Practitioner covered since 2021",
    "teaching_hospital": "Teaching hospital",
    "none": "Not a covered type",
}
CHUNK = 2_000


def _limits(request: HttpRequest) -> reads.Thresholds:
    asked = text_of(request, "year")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else datetime.now(UTC).year
    try:
        return reads.thresholds(year)
    except NoFigure:
        raise Http404 from None


def _years(limits: reads.Thresholds) -> list[tuple[int, str]]:
    known = {*reads.years(), limits.year, datetime.now(UTC).year}
    return [(year, str(year)) for year in sorted(known, reverse=True)]


def _lines(found: QuerySet[TransferOfValue], limits: reads.Thresholds) -> Iterator[tuple[Any, ...]]:
    batch: list[Any] = []
    for row in found.order_by("made_on", "id").iterator(chunk_size=CHUNK):
        batch.append(row)
        if len(batch) == CHUNK:
            yield from _judged(batch, limits)
            batch = []
    yield from _judged(batch, limits)


def _judged(batch: list[Any], limits: reads.Thresholds) -> Iterator[tuple[Any, ...]]:
    reads.judge(batch, limits)
    for row in batch:
        yield (
            row.id, row.made_on, row.hcp.npi, row.hcp.family_name, row.hcp.given_name,
            row.recipient_type, to_text(row.amount_minor, row.currency), row.currency, row.nature,
            row.form, row.product.name if row.product else "", row.reporter.name,
            to_text(row.year_total, "USD"), row.reportable, REASONS[row.reason],
        )  # fmt: skip


@page("disclosure.read")
def transfers(request: HttpRequest) -> HttpResponse:
    """List the transfers of value of a year, each with whether it is reportable and why."""
    limits = _limits(request)
    found = reads.transfers(
        limits.year,
        text=text_of(request, "q"),
        hcp_id=id_of(request, "hcp"),
        standing=one_of(request, "standing", dict(STANDINGS)),
    )
    if request.GET.get("export") == "csv":
        at = datetime.now(UTC)
        name = f"transfers-{limits.year}"
        return csv_file(name, HEAD, _lines(found, limits), kind="disclosures.transfer", at=at)
    part = part_of(found, reads.order_of(text_of(request, "sort")), request.GET)
    reads.judge(part.rows, limits)
    for row in part.rows:
        row.words = REASONS[row.reason]
        row.covered = TYPES.get(row.recipient_type, row.recipient_type)
    return render(
        request,
        "disclosures/transfers.html",
        {
            "part": part,
            "limits": limits,
            "years": _years(limits),
            "standings": STANDINGS,
            "drawing": _drawing(limits.year) if part.rows and not request.GET.get("after") else "",
        },
    )


def _drawing(year: int) -> str:
    locale = reader_locale(get_language())
    return columns(
        f"Transfers of value by month, {year}",
        list(month_abbr)[1:],
        reads.months(year),
        write=lambda cents: write_money(int(cents), "USD", locale=locale),
    )


@page("disclosure.read")
def recipients(request: HttpRequest) -> HttpResponse:
    """List the recipients of a year by their total, with the distance to the threshold."""
    limits = _limits(request)
    near_only = text_of(request, "near") == "yes"
    rows = reads.recipients(limits.year, near_only=near_only)
    if request.GET.get("export") == "csv":
        head = ("npi", "family_name", "given_name", "n_transfers", "total_usd", "left_usd", "above")
        lines = (
            (
                row.hcp.npi, row.hcp.family_name, row.hcp.given_name, row.n_transfers,
                to_text(row.total_cents, "USD"), to_text(row.left_cents, "USD"), row.is_above,
            )
            for row in rows
        )  # fmt: skip
        at = datetime.now(UTC)
        return csv_file(
            f"recipients-{limits.year}", head, lines, kind="disclosures.recipient", at=at
        )
    return render(
        request,
        "disclosures/recipients.html",
        {
            "rows": rows,
            "limits": limits,
            "years": _years(limits),
            "near_only": near_only,
            "trail": [
                {
                    "label": "Disclosures",
                    "url": f"{reverse('disclosures:transfers')}?year={limits.year}",
                }
            ],
        },
    )
