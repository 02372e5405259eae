"""Own lists, what a comparison told, and the persons that a contract opens."""

from __future__ import annotations

import csv
import tempfile
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.consent import actions, reads
from entente.consent.domain.shares import BREAKDOWNS, FIELDS, MATCHED_ON
from entente.consent.pages.share_forms import DirectoryListForm, ListForm, refuse
from entente.directory.adapters.chunks import RegistryFileError
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.charts import Bar, bar_list
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

HEAD = ("name", "version", "kind", "entries", "licence", "loaded_at", "loaded_by")
SHOWN_REFUSALS, SHOWN_PEOPLE = 50, 100


@page("share.read")
def lists(request: HttpRequest) -> HttpResponse:
    """List one's own lists; nobody else sees them."""
    at, rows = datetime.now(UTC), reads.partner_lists()
    if request.GET.get("export") == "csv":
        cells = (
            (r.name, r.version, r.kind, r.n_entries, r.data_licence, r.loaded_at, r.loaded_by_name)
            for r in rows.order_by("-loaded_at", "-id")[:10_000]
        )
        return csv_file("lists", HEAD, cells, kind="consent.partner_list", at=at)
    part = part_of(rows, ("-loaded_at", "-id"), request.GET)
    return render(request, "consent/share_lists.html", {"part": part, "fields": FIELDS})


@page("share.load", methods=("GET", "POST"))
def list_add(request: HttpRequest) -> HttpResponse:
    """Load a list from a file, or take it from the directory."""
    by_directory = "directory_name" in request.POST
    is_post = request.method == "POST"
    form = ListForm(*(request.POST, request.FILES) if is_post and not by_directory else ())
    other = DirectoryListForm(request.POST if by_directory else None)
    refused: list[dict[str, str]] = []
    if is_post:
        answer = (
            _from_directory(request, other) if by_directory else _upload(request, form, refused)
        )
        if answer is not None:
            return answer
    status = 422 if form.errors or other.errors else 200
    context = {"form": form, "other": other, "refused": refused}
    return render(request, "consent/share_list_add.html", context, status=status)


def _from_directory(request: HttpRequest, form: DirectoryListForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        made = actions.list_from_directory(
            given["directory_name"],
            specialty=given["specialty"].strip(),
            state=given["state"].strip(),
            at=datetime.now(UTC),
        )
    except UserError as wrong:
        refuse(form, wrong)
        return None
    messages.success(request, f"{made.name}, version {made.version}: {made.n_entries:,} people.")
    return redirect("consent:share_lists")


def _upload(
    request: HttpRequest, form: ListForm, refused: list[dict[str, str]]
) -> HttpResponse | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data["file"]
    with tempfile.TemporaryDirectory() as folder:
        path, left_out = Path(folder) / "accounts.csv", Path(folder) / "refused.csv"
        with path.open("wb") as stream:
            stream.writelines(given.chunks())
        try:
            counts, _ = actions.import_accounts(
                path,
                form.terms(),
                at=datetime.now(UTC),
                refused_path=left_out,
                source=given.name or "",
            )
        except RegistryFileError as wrong:
            form.add_error("file", str(wrong).replace(path.name, given.name or "the file"))
            return None
        except UserError as wrong:
            refuse(form, wrong)
            return None
        with left_out.open(newline="", encoding="utf-8") as rows:
            refused += list(islice(csv.DictReader(rows), SHOWN_REFUSALS))
    messages.success(
        request,
        f"{counts.new:,} entries are loaded"
        + (f"; {counts.refused:,} rows were not taken." if counts.refused else "."),
    )
    if not refused:
        return redirect("consent:share_lists")
    return render(
        request,
        "consent/share_list_refused.html",
        {"refused": refused, "n_refused": counts.refused},
    )


@page("share.read")
def overlap(request: HttpRequest, comparison_id: UUID) -> HttpResponse:
    """Show what a comparison told, the same numbers for both sides."""
    found = reads.comparison(comparison_id)
    told = reads.as_told(found)
    contract = reads.share_contract(found.contract_id)
    if request.GET.get("export") == "csv":
        cells = [(cell["label"], cell["n"]) for cell in found.cells]
        cells += [("rest", told["rest"])] if told["rest"] else []
        cells += [("total", found.total)] if found.total is not None else []
        return csv_file(
            "overlap", ("cell", "matches"), cells, kind="consent.overlap", at=datetime.now(UTC)
        )
    may_read = bool(contract.fields) and found.kind == "people"
    context = {
        "overlap": found,
        "told": told,
        "contract": contract,
        "breakdown": BREAKDOWNS[found.breakdown],
        "matched_on": [(MATCHED_ON[key], n) for key, n in told["matched_on"].items()],
        "bars": _bars(told),
        "may_read": may_read and "share.people" in current_scope().may,
    }
    return render(request, "consent/overlap.html", context)


def _bars(told: dict[str, Any]) -> Any:
    if not told["cells"]:
        return None
    bars = [Bar(cell["label"], cell["n"]) for cell in told["cells"][:30]]
    rest = told["rest"] + sum(cell["n"] for cell in told["cells"][30:])
    if rest:
        bars.append(Bar("All others together", rest, tone="info"))
    return bar_list("Matches", bars, write=lambda n: f"{n:,.0f}")


@page("share.people")
def people(request: HttpRequest, comparison_id: UUID) -> HttpResponse:
    """Show persons on both lists; this reading is recorded for both sides."""
    after = request.GET.get("after", "")[:10]
    found = reads.comparison(comparison_id)
    # No row more than is shown: what is fetched is recorded as read.
    rows = actions.read_people(comparison_id, at=datetime.now(UTC), after=after, most=SHOWN_PEOPLE)
    contract = reads.share_contract(found.contract_id)
    columns = [
        (FIELDS[name], {"state": "us_state"}.get(name, name))
        for name in FIELDS
        if name in contract.fields and name != "npi"
    ]
    context = {
        "overlap": found,
        "contract": contract,
        "heads": [words for words, _ in columns],
        "rows": [(p.npi, [(w, getattr(p, name)) for w, name in columns]) for p in rows],
        "next": rows[-1].npi if len(rows) == SHOWN_PEOPLE else "",
        "after": after,
    }
    return render(request, "consent/overlap_people.html", context)
