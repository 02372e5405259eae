"""Evidence: what the ledger holds, entry by entry, and whether all of it is intact."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.foundation.access.scope import current_scope
from entente.foundation.ledger.trust import CannotRead
from entente.foundation.models import LedgerEntry, User
from entente.foundation.web import evidence
from entente.foundation.web.asked import day_of, id_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of

LAST = "ledger_report"
SHOWN_FAULTS = 100
HEAD = ("id", "at", "verb", "kind", "object", "organisation", "who")


def _narrowed(request: HttpRequest) -> Any:
    return evidence.entries(
        kind=text_of(request, "kind"),
        object_id=id_of(request, "object"),
        verb=text_of(request, "verb"),
        actor_id=id_of(request, "actor"),
        on=day_of(request, "on"),
    )


@page("evidence.read")
def entries(request: HttpRequest) -> HttpResponse:
    """List the entries that the reader's organisation may see."""
    rows = _narrowed(request)
    if request.GET.get("export") == "csv":
        found = evidence.lines(list(rows.order_by("-seq")[:10_000]))
        return csv_file(
            "evidence",
            HEAD,
            (
                (e.id, e.at, e.verb, e.object_kind, e.object_id, e.organisation, e.who)
                for e in found
            ),
            kind="ledger.entry",
            at=datetime.now(UTC),
        )
    part = part_of(rows, evidence.ORDER, request.GET)
    object_id = id_of(request, "object")
    about = None
    if object_id:
        kinds = {(row.object_kind, object_id) for row in part.rows}
        about = next(iter(names_of(kinds).values()), None)
    return render(
        request,
        "foundation/evidence.html",
        {
            "part": part,
            "lines": evidence.lines(part.rows),
            "about": about,
            "people": User.objects.order_by("name").values_list("id", "name"),
        },
    )


def _shown(row: LedgerEntry, **more: Any) -> dict[str, Any]:
    body = json.loads(row.body)
    details = [(name.replace("_", " "), _text(value)) for name, value in body["details"].items()]
    decision = body.get("decision")
    decision_url = evidence.page_of("policy:decision", decision)
    return {
        "line": evidence.lines([row])[0],
        "row": row,
        "details": details,
        "n_persons": len(body.get("personal") or {}),
        "decision_url": decision_url,
        "body": json.dumps(body, indent=2, ensure_ascii=False),
        "may_open": "person.values" in current_scope().may,
        **more,
    }


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


@page("evidence.read", methods=("GET", "POST"))
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Show one entry with its proof; a POST opens its personal values."""
    row = evidence.entry(entry_id)
    if request.method == "POST":
        opened = evidence.read_personal(row, at=datetime.now(UTC))
        return render(request, "foundation/evidence_entry.html", _shown(row, opened=opened))
    try:
        proof = evidence.proof_of(entry_id)
        cannot = ""
    except CannotRead as trouble:
        proof, cannot = None, str(trouble)
    return render(
        request, "foundation/evidence_entry.html", _shown(row, proof=proof, cannot=cannot)
    )


@page("ledger.verify", methods=("GET", "POST"))
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole ledger and show what was found."""
    if request.method == "POST":
        started = datetime.now(UTC)
        try:
            report = evidence.verify_all(at=started)
        except CannotRead as trouble:
            messages.error(request, str(trouble))
            return redirect("evidence_verify")
        request.session[LAST] = {
            "n_entries": report.n_entries,
            "n_batches": report.n_batches,
            "n_unsealed": report.n_unsealed,
            "n_faults": len(report.faults),
            "faults": [asdict(fault) for fault in report.faults[:SHOWN_FAULTS]],
            "seconds": round((datetime.now(UTC) - started).total_seconds(), 2),
            "at": started.isoformat(),
        }
        return redirect("evidence_verify")
    last: dict[str, Any] | None = request.session.get(LAST)
    at = datetime.fromisoformat(last["at"]) if last else None
    trail = [{"label": "Evidence", "url": reverse("evidence")}]
    return render(
        request, "foundation/evidence_verify.html", {"report": last, "at": at, "trail": trail}
    )
