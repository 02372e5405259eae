"""The list of deals and the page of one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from entente.deals import reads
from entente.deals.domain.criteria import CRITERIA, KINDS
from entente.deals.domain.states import OPEN, WORDS, Status
from entente.deals.domain.windows import days_left, warning
from entente.deals.models import Deal
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import to_text
from entente.foundation.web.asked import id_of, one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

STATUS_OPTIONS = [("open", "Open"), *((name, words) for name, (words, _) in WORDS.items())]
HEAD = (
    "id",
    "account",
    "site",
    "solution",
    "kind",
    "status",
    "registered_at",
    "value",
    "currency",
    "protected_until",
)


def protection_of(found: Deal, at: datetime) -> dict[str, Any] | None:
    """Give how long a deal is still protected, in days, and whether that is a warning."""
    window = getattr(found, "protection", None)
    if window is None:
        return None
    left = 0 if window.released_at else days_left(window.ends_at, at)
    total = (window.ends_at - window.starts_at).days
    tone = {7: "bad", 30: "warn", 60: "warn"}.get(warning(left) or 0, "ok")
    return {"window": window, "left": left, "total": total, "used": total - left, "tone": tone}


def _exported(found: QuerySet[Deal]) -> HttpResponse:
    rows = (
        (
            row.id, row.account.display_name, row.site, row.solution.name, row.kind, row.status,
            row.registered_at, to_text(row.value_minor, row.currency), row.currency,
            getattr(row, "ends_at", None),
        )
        for row in found.order_by(*reads.order_of("")).iterator(2_000)
    )  # fmt: skip
    return csv_file("deals", HEAD, rows, kind="deals.deal", at=datetime.now(UTC))


@page("deal.read")
def deals(request: HttpRequest) -> HttpResponse:
    """List the deals of which the reader's organisation is a party."""
    at = datetime.now(UTC)
    found = reads.deals(
        status=one_of(request, "status", dict(STATUS_OPTIONS)),
        text=text_of(request, "q"),
        kind=one_of(request, "kind", KINDS),
        account_id=id_of(request, "account"),
    )
    if request.GET.get("export") == "csv":
        return _exported(found)
    part = part_of(found, reads.order_of(text_of(request, "sort")), request.GET)
    for row in part.rows:
        row.guard = protection_of(row, at)
        row.other = reads.other_side(row)
    return render(
        request,
        "deals/deals.html",
        {
            "part": part,
            "statuses": STATUS_OPTIONS,
            "kinds": list(KINDS.items()),
            "may_register": "deal.write" in current_scope().may,
        },
    )


def found_or_404(deal_id: UUID) -> Deal:
    """Give a deal, or the same answer as for one that does not exist."""
    try:
        return reads.deal(deal_id)
    except Deal.DoesNotExist:
        raise Http404 from None


def _steps(found: Deal) -> list[dict[str, Any]]:
    agreed = {side.is_vendor: side.accepted_at for side in found.sides.all()}
    window = getattr(found, "protection", None)
    moments = [
        ("Registered", found.registered_at),
        ("Accepted by the partner", agreed.get(False)),
        ("Accepted by the vendor", agreed.get(True)),
        ("Protected", window.starts_at if window else None),
    ]
    steps = [
        {"label": label, "state": "done" if moment else "", "moment": moment}
        for label, moment in moments
    ]
    closed = found.status not in (*OPEN, Status.PROTECTED)
    if closed:
        steps.append({"label": found.words[0], "state": "now", "moment": found.status_since})
    elif found.status == Status.PROTECTED:
        steps[-1]["state"] = "now"
    return steps


def _may(found: Deal) -> dict[str, bool]:
    scope = current_scope()
    writes = "deal.write" in scope.may
    is_ours, is_open = found.org_id == scope.org_id, found.status in OPEN
    protected = found.status == Status.PROTECTED
    return {
        "accept": writes and is_open and reads.own_side(found).accepted_at is None,
        "decline": writes and is_open and not is_ours,
        "withdraw": writes and is_ours and (is_open or protected),
        "close": writes and protected,
    }


@page("deal.read")
def deal(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Show one deal: its parties, its protection, why the gate said what it said."""
    at = datetime.now(UTC)
    found = found_or_404(deal_id)
    stated = CRITERIA[found.kind]
    return render(
        request,
        "deals/deal.html",
        {
            "deal": found,
            "steps": _steps(found),
            "sides": sorted(found.sides.all(), key=lambda side: not side.is_vendor),
            "own": reads.own_side(found),
            "buyer": reads.buyer_of(found),
            "guard": protection_of(found, at),
            "criteria": [(words, name in found.confirmed) for name, words in stated.items()],
            "can": _may(found),
            "trail": [{"label": "Deals", "url": reverse("deals:deals")}],
        },
    )
