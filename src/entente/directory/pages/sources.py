"""Sources: how good each is, how far it is believed, and what its licence allows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import actions
from entente.directory.domain.sources import ALLOWS, LEAST_ROWS, PROVEN, Source
from entente.directory.pages.field_words import words_of
from entente.directory.reads import sources as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

HEAD = ("source", "name", "trust", "licence", "allows", "bar_bp", "score_bp", "loads", "last_load",
        "last_read", "last_refused", "is_used")  # fmt: skip
MAY = "directory.import"


@page(MAY)
def sources(request: HttpRequest) -> HttpResponse:
    """List the sources, the most trusted first, with what their loads came to."""
    found = reads.sources()
    if request.GET.get("export") == "csv":
        rows = [
            (s.source.key, s.source.name, s.source.trust, s.source.licence, s.source.allows,
             s.source.bar_bp, s.score_bp, s.n_loads, s.last_at, s.last_read, s.last_refused,
             s.is_used)
            for s in found
        ]  # fmt: skip
        return csv_file("sources", HEAD, rows, kind="directory.source", at=datetime.now(UTC))
    return render(request, "directory/sources.html", {"rows": [_shown(each) for each in found]})


def _shown(seen: reads.SourceSeen) -> dict[str, Any]:
    return {
        "seen": seen,
        "score": None if seen.score_bp is None else f"{seen.score_bp // 100} %",
        "tone": _tone(seen),
        "bar": reads.share(seen.source.bar_bp, 10_000),
        "refused": reads.share(seen.last_refused, seen.last_read),
        "allows": ALLOWS[seen.source.allows],
    }


def _tone(seen: reads.SourceSeen) -> str:
    return "bad" if not seen.is_used else "warn" if seen.last_not_used else "ok"


class SourceForm(forms.Form):
    """What the company says of a source."""

    trust = forms.IntegerField(
        label="Trust", min_value=0, max_value=100,
        help_text="0 to 100. Where two sources differ, the more trusted one holds.",
    )  # fmt: skip
    licence = forms.CharField(
        label="Licence", max_length=300, help_text="Under what licence you hold these data."
    )
    allows = forms.ChoiceField(label="Who may see it", choices=list(ALLOWS.items()))
    bar = forms.DecimalField(
        label="Bar, in per cent", min_value=0, max_value=100, decimal_places=2,
        help_text="A file of which more rows than this are refused changes no record. Counted "
        f"from {LEAST_ROWS} rows on.",
    )  # fmt: skip


@page(MAY, methods=("GET", "POST"))
def source(request: HttpRequest, key: str) -> HttpResponse:
    """Show one source with its loads; a POST says how far it is believed."""
    seen = reads.source_seen(key)
    if seen is None:
        raise Http404
    may_write = "source.write" in current_scope().may
    form = SourceForm(
        request.POST if request.method == "POST" else None, initial=_initial(seen.source)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.describe_source(key, _terms(request, form), at=datetime.now(UTC))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, "Kept. It decides from the next load on.")
            return redirect("directory:source", key)
    context = {
        **_shown(seen), "form": form, "may_write": may_write,
        "fields": _fields(seen.source, request.POST),
        "allowing": list(ALLOWS.items()), "least_rows": LEAST_ROWS,
        "differing": bool(seen.source.field_trust or seen.source.field_allows),
        "part": part_of(reads.loads_of(key), ("-loaded_at", "-id"), request.GET),
        "trail": [{"label": "Sources", "url": reverse("directory:sources")}],
    }  # fmt: skip
    return render(request, "directory/source.html", context, status=422 if form.errors else 200)


def _initial(source: Source) -> dict[str, Any]:
    return {
        "trust": source.trust, "licence": source.licence, "allows": source.allows,
        "bar": f"{source.bar_bp / 100:g}",
    }  # fmt: skip


def _fields(source: Source, typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "key": name, "name": words_of(name),
            "trust": typed.get(f"trust_{name}", source.field_trust.get(name, "")),
            "allows": typed.get(f"allows_{name}", source.field_allows.get(name, "")),
        }
        for name in PROVEN
    ]  # fmt: skip


def _terms(request: HttpRequest, form: SourceForm) -> actions.Terms:
    given = form.cleaned_data
    trusts = {name: request.POST.get(f"trust_{name}", "").strip() for name in PROVEN}
    wrong = [words_of(name) for name, value in trusts.items() if value and not value.isdecimal()]
    if wrong:
        raise UserError(f"Write trust as a number from 0 to 100: {', '.join(wrong)}.")
    allowed = {name: request.POST.get(f"allows_{name}", "") for name in PROVEN}
    return actions.Terms(
        trust=given["trust"], licence=given["licence"], allows=given["allows"],
        bar_bp=int(given["bar"] * 100),
        field_trust={name: int(value) for name, value in trusts.items() if value},
        field_allows={name: value for name, value in allowed.items() if value},
    )  # fmt: skip
