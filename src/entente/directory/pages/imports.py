"""Imports: what was loaded from which file, and loading one."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from entente.directory.models import SourceLoad
from entente.directory.reads import lists
from entente.foundation.web.asked import one_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

HEAD = ("loaded_at", "kind", "file_name", "file_hash", "actor_name", "n_read", "n_new",
        "n_changed", "n_unchanged", "n_refused")  # fmt: skip


@page("directory.import")
def imports(request: HttpRequest) -> HttpResponse:
    """List the loads of the reader's organisation, newest first."""
    [kinds] = lists.choices("directory_sourceload", "kind")
    kind = one_of(request, "kind", [value for value, _ in kinds])
    rows = lists.loads(kind)
    if request.GET.get("export") == "csv":
        found = rows.order_by(*lists.LOAD_ORDER).values_list(*HEAD)[:10_000]
        return csv_file("imports", HEAD, found, kind="directory.source_load", at=datetime.now(UTC))
    part = part_of(rows, lists.LOAD_ORDER, request.GET)
    return render(request, "directory/imports.html", {"part": part, "kinds": kinds, "kind": kind})


@page("directory.import")
def load(request: HttpRequest, load_id: UUID) -> HttpResponse:
    """Show one load: counts, and why rows were refused."""
    found = get_object_or_404(SourceLoad, id=load_id)
    notes = [(name.replace("_", " ").capitalize(), n) for name, n in found.notes.items()]
    return render(request, "directory/load.html", {"load": found, "notes": notes})
