"""Campaigns: as a board by state or as a table, and a new one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.alliances import actions, reads
from entente.alliances.domain.back_schedule import fits
from entente.alliances.domain.states import WORDS
from entente.alliances.models import Campaign
from entente.alliances.pages.forms import CampaignForm, blame
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import MOST_ROWS, csv_file
from entente.foundation.web.lists import part_of

HEAD = ("name", "state", "kind", "purpose", "country", "launch", "ends", "parties")
FOLDED = ("reconciled", "archived")
ON_BOARD = 200


@page("campaign.read")
def campaigns(request: HttpRequest) -> HttpResponse:
    """List campaigns by state."""
    asked = {
        "q": text_of(request, "q"),
        "status": one_of(request, "status", WORDS),
        "view": one_of(request, "view", ("board", "table")) or "board",
    }
    rows = reads.campaign_rows(status=asked["status"], text=asked["q"])
    if request.GET.get("export") == "csv":
        found = rows.order_by("-id")[: MOST_ROWS + 1]
        at = datetime.now(UTC)
        return csv_file("campaigns", HEAD, map(_as_row, found), kind="alliances.campaign", at=at)
    context: dict[str, Any] = {
        "asked": asked,
        "on_board": asked["view"] == "board",
        "on_table": asked["view"] == "table",
        "statuses": [(code, words) for code, (words, _) in WORDS.items()],
    }
    if asked["view"] == "board":
        shown = list(rows.order_by("launch_on", "id")[:ON_BOARD])
        context["lanes"] = [
            (words, tone, [c for c in shown if c.status == code], code in FOLDED)
            for code, (words, tone) in WORDS.items()
        ]
        context["is_full"] = len(shown) == ON_BOARD
        context["n_shown"] = len(shown)
    else:
        part = part_of(rows, ["-launch_on", "-id"], request.GET)
        context |= {"part": part, "rows": [(each, *WORDS[each.status]) for each in part.rows]}
        context["n_shown"] = part.n_shown
    return render(request, "alliances/campaigns.html", context)


def _as_row(each: Campaign) -> tuple[object, ...]:
    parties = "; ".join(side.name for side in each.sides.all())
    return (each.name, each.status, each.kind, each.purpose, each.country,
            each.launch_on, each.ends_on, parties)  # fmt: skip


@page("campaign.write", methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Draft a campaign: first the charter, then the plan."""
    today = datetime.now(UTC).date()
    known = [each for each in reads.charters() if each.ended_on is None and each.to_on >= today]
    chosen = id_of(request, "charter")
    charter = next((each for each in known if each.id == chosen), None)
    if "charter" not in request.GET and known:
        return render(request, "alliances/campaign_charter.html", {"charters": known})
    form = CampaignForm(request.POST or None, charter=charter, today=today)
    if request.method == "POST" and form.is_valid() and (plan := form.plan()):
        try:
            made = actions.draft_campaign(
                plan,
                shares=form.shares(),
                version_id=form.version_id(),
                at=datetime.now(UTC),
            )
        except UserError as wrong:
            blame(form, wrong)
        else:
            short = fits(made.launch_on, today)
            if short:
                messages.warning(
                    request,
                    f"Drafted. {len(short)} step{'s' if len(short) > 1 else ''} of the plan"
                    " no longer fit: see below.",
                )
            else:
                messages.success(request, "The campaign is drafted and its back-schedule laid out.")
            return redirect("alliances:campaign", made.id)
    context = {"form": form, "charter": charter}
    return render(
        request, "alliances/campaign_add.html", context, status=422 if form.errors else 200
    )
