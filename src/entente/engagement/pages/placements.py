"""Publications on digital channels: the list, one with what came of it, and each step."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.content import reads as content
from entente.directory import reads as directory
from entente.directory.reads import selection
from entente.engagement.actions import message_lists as lists
from entente.engagement.actions import placements as acts
from entente.engagement.adapters.placement_sheet import HEAD as SHEET_HEAD
from entente.engagement.adapters.placement_sheet import sheet_of
from entente.engagement.domain.placements import CHANNELS, TO_PERSONS
from entente.engagement.forms import ids_of
from entente.engagement.forms_placements import PlacementForm, ReportForm
from entente.engagement.models import Placement
from entente.engagement.pages.placement_words import day_rows, dressed, dressed_sends, figures_of
from entente.engagement.pages.reports import take_report
from entente.engagement.reads import placements as reads
from entente.foundation import ledger
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, posted, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

TABS = {"overview": "Overview", "results": "Results", "lists": "People"}
HEAD = ("reference", "channel", "outlet", "item", "version", "status", "markets", "audience",
        "from", "to", "campaign", "media_line", "currency", "planned_minor", "spend_minor",
        "impressions", "clicks")  # fmt: skip
FOUND = 12
SHOWN = 6


@page("placement.read")
def placements(request: HttpRequest) -> HttpResponse:
    """List the publications that one's company sees, with what came of each."""
    at = datetime.now(UTC)
    found = reads.placements(
        status=one_of(request, "status", Placement.Status.values),
        channel=one_of(request, "channel", CHANNELS),
        text=text_of(request, "q"),
    )
    if request.GET.get("export") == "csv":
        return _list_file(found, at)
    part = part_of(found, reads.ORDER, request.GET)
    dressed(part.rows, at)
    context = {
        "part": part,
        "statuses": Placement.Status.choices,
        "channels": [(code, each.words) for code, each in CHANNELS.items()],
        "n_to_take_down": len(reads.take_downs(at)),
        "may": current_scope().may,
        "q": text_of(request, "q"),
    }
    return render(request, "engagement/placements.html", context)


def _list_file(found: Any, at: datetime) -> HttpResponse:
    rows = list(found.order_by(*reads.ORDER)[:10_000])
    totals = reads.totals_of(rows)
    told = (
        (r.reference, r.channel, r.outlet, r.version.item.title, r.version.number, r.status,
         ";".join(r.markets), r.audience, r.from_on, r.to_on, r.campaign and r.campaign.name,
         r.media_line, r.currency, totals[r.id].planned_minor, totals[r.id].spend_minor,
         totals[r.id].counts.get("impressions"), totals[r.id].counts.get("clicks"))
        for r in rows
    )  # fmt: skip
    return csv_file("placements", HEAD, told, kind=reads.KIND, at=at)


@page("placement.write", methods=("GET", "POST"))
def new_placement(request: HttpRequest) -> HttpResponse:
    """Plan a publication."""
    at = datetime.now(UTC)
    initial = {name: request.GET[name] for name in ("campaign", "version") if name in request.GET}
    form = PlacementForm(
        posted(request),
        org_id=current_scope().org_id,
        on=at.date(),
        initial={"from_on": at.date(), **initial},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.plan_placement(form.plan(), at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Planned. Ask the gate next.")
            return redirect("engagement:placement", made.id)
    return _form(request, form, "Plan a publication", "Plan it")


@page("placement.write", methods=("GET", "POST"))
def change(request: HttpRequest, placement_id: UUID) -> HttpResponse:
    """Change what is only planned."""
    at, row = datetime.now(UTC), reads.placement(placement_id)
    form = PlacementForm(posted(request), org_id=current_scope().org_id, on=at.date(), row=row)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_placement(placement_id, form.plan(), at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Changed.")
            return redirect("engagement:placement", placement_id)
    return _form(request, form, "Change the publication", "Save", row)


def _form(
    request: HttpRequest, form: Any, title: str, submit: str, row: Placement | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "submit": submit, "trail": _trail(row)}
    status = 422 if form.errors else 200
    return render(request, "engagement/placement_form.html", context, status=status)


def _trail(row: Placement | None = None) -> list[dict[str, str]]:
    trail = [{"label": "Digital channels", "url": reverse("engagement:placements")}]
    if row is not None:
        address = reverse("engagement:placement", args=[row.id])
        trail.append({"label": row.outlet, "url": address})
    return trail


@page("placement.read")
def placement(request: HttpRequest, placement_id: UUID) -> HttpResponse:
    """Show one publication: where it stands, what the gate said, what came of it."""
    at, scope, row = datetime.now(UTC), current_scope(), reads.placement(placement_id)
    [row] = dressed([row], at)
    own = row.org_id == scope.org_id
    shown = TABS if own and row.channel in TO_PERSONS else {**TABS}
    if not (own and row.channel in TO_PERSONS):
        shown.pop("lists")
    tab = one_of(request, "tab", shown) or "overview"
    context = {
        "row": row,
        "own": own,
        "tab": tab,
        "tabs": [
            {"code": code, "label": label, "is_current": code == tab}
            for code, label in shown.items()
        ],
        "sides": list(row.sides.all()),
        "owner": next((s.name for s in row.sides.all() if s.org_id == row.org_id), ""),
        "to_persons": row.channel in TO_PERSONS,
        "may_write": own and "placement.write" in scope.may,
        "may_send": own and {"placement.write", "send.request"} <= scope.may,
        "may_report": own and "placement.results" in scope.may,
        "figures": figures_of(row),
        "trail": _trail(),
        **_of_tab(tab, row),
    }
    return render(request, "engagement/placement.html", context)


def _of_tab(tab: str, row: Placement) -> dict[str, Any]:
    """Give what only one side of the page needs."""
    if tab == "results":
        return {
            **day_rows(row),
            "corrections": reads.corrections_of(row),
            "report_form": ReportForm(),
        }
    if tab == "lists":
        found = reads.lists_of(row.id)
        for each in found:
            each.is_over = bool(each.closed_at) or each.expires_at <= datetime.now(UTC)  # type: ignore[attr-defined]
        left = dressed_sends(reads.left_out(found[0].id)) if found else []
        return {"lists": found, "left_out": left, "report_form": ReportForm()}
    return {"answers": reads.answers_of(row.id)}


@page("placement.write", methods=("POST",))
def move(request: HttpRequest, placement_id: UUID, step: str) -> HttpResponse:
    """Ask the gate, put live, end, withdraw, or confirm that it was taken down."""
    at, reason = datetime.now(UTC), request.POST.get("reason", "")
    key = UUID(placement_id) if isinstance(placement_id, str) else placement_id
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "clear": (lambda: acts.clear_placement(key, at=at), "Cleared in every market."),
        "live": (lambda: acts.go_live(key, at=at), "Live from now on."),
        "end": (lambda: acts.end_placement(key, at=at), "Ended. Results can still come."),
        "withdraw": (lambda: acts.withdraw_placement(key, reason, at=at), "Withdrawn."),
        "gone": (lambda: acts.confirm_taken_down(key, reason, at=at), "Confirmed: it is gone."),
    }
    act, said = steps[step]
    wanted = {"clear": Placement.Status.CLEARED, "live": Placement.Status.LIVE}.get(step)
    try:
        row = act()
    except UserError as trouble:
        _complain(request, trouble)
    else:
        if wanted and row.status != wanted:
            messages.warning(request, "The gate does not permit it as it stands; see why below.")
        else:
            messages.success(request, said)
    return redirect("engagement:placement", key)


def _complain(request: HttpRequest, trouble: Exception) -> None:
    words = str(trouble)
    messages.error(request, f"{words[:1].upper()}{words[1:]}" + ("" if words[-1:] == "." else "."))


@page("placement.write", methods=("POST",))
def sheet(request: HttpRequest, placement_id: UUID) -> HttpResponse:
    """Give the sheet for the outlet: what is to be published where, with the hash of the words."""
    at, row = datetime.now(UTC), reads.placement(placement_id)
    try:
        told = sheet_of(row, at)
    except UserError as trouble:
        _complain(request, trouble)
        return redirect("engagement:placement", placement_id)
    if request.POST.get("form") == "json":
        ledger.append(
            ledger.Entry(f"{reads.KIND}.exported", reads.KIND, row.id, {"form": "json"}), at=at
        )
        file = HttpResponse(
            json.dumps(told, ensure_ascii=False, indent=2), content_type="application/json"
        )
        file["Content-Disposition"] = f'attachment; filename="{row.reference}.json"'
        return file
    values = [told[name] if name != "markets" else ";".join(told[name]) for name in SHEET_HEAD]
    return csv_file(row.reference, SHEET_HEAD, [values], kind=reads.KIND, at=at)


@page("placement.write", methods=("GET", "POST"))
def people(request: HttpRequest, placement_id: UUID) -> HttpResponse:
    """Choose whom a message goes to; the gate answers for each."""
    current_scope().require("send.request")
    row, at = reads.placement(placement_id), datetime.now(UTC)
    given = request.POST if request.method == "POST" else request.GET
    chosen_ids = ids_of(given.getlist("hcps"))[: lists.MOST_AT_ONCE]
    words, error = (given.get("find") or "").strip()[:100], ""
    if request.method == "POST" and "look" not in request.POST:
        try:
            wanted = _wanted(request, chosen_ids)
            lists.draw_list(placement_id, wanted, at=at)
        except UserError as trouble:
            error = str(trouble)
        else:
            messages.success(request, "The list is drawn; those left out are named with why.")
            return redirect(reverse("engagement:placement", args=[placement_id]) + "?tab=lists")
    known = directory.hcps(chosen_ids)
    context = {
        "row": dressed([row], at)[0],
        "chosen": [known[i] for i in chosen_ids if i in known],
        "found": [p for p in directory.search_hcps(words, FOUND) if p.id not in known]
        if words else [],
        "words": words,
        "specialties": [(v, f"{v} ({n:,})") for v, n in selection.choices_of("specialty")],
        "states": [(v, f"{v} ({n:,})") for v, n in selection.choices_of("us_state")],
        "given": given,
        "error": error,
        "trail": _trail(row),
    }  # fmt: skip
    status = 422 if error else 200
    return render(request, "engagement/placement_people.html", context, status=status)


def _wanted(request: HttpRequest, chosen: list[UUID]) -> list[UUID]:
    specialty = request.POST.get("specialty", "")
    state = request.POST.get("state", "")
    if not (specialty or state):
        if not chosen:
            raise UserError("choose at least one HCP, or a specialty or a state")
        return chosen
    matching = selection.hcp_ids_matching(
        specialties=[specialty] if specialty else [], states=[state] if state else []
    )
    return list(dict.fromkeys([*chosen, *matching]))


@page("placement.write", methods=("POST",))
def hand_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Hand a list to the service that sends, as CSV, after the gate was asked again."""
    current_scope().require("send.request")
    at, row = datetime.now(UTC), reads.message_list(list_id)
    try:
        given = lists.hand_out(list_id, at=at)
    except (UserError, content.NotReleased) as trouble:
        _complain(request, trouble)
        return redirect(reverse("engagement:placement", args=[row.placement_id]) + "?tab=lists")
    # A plus sign begins a formula: numbers are written as digits, the country code first.
    rows = [(i, address.removeprefix("+"), *more) for i, address, *more in given.rows]
    name = f"{row.placement.reference}-people"
    return csv_file(name, lists.HEAD, rows, kind=lists.KIND, at=at)


@page("placement.results", methods=("GET", "POST"))
def results(request: HttpRequest) -> HttpResponse:
    """Take a report of results, or of what became of messages."""
    form = ReportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    told = None
    if request.method == "POST" and form.is_valid():
        told = take_report(form, of_messages=request.POST.get("kind") == "messages")
    context = {"form": form, "told": told, "trail": _trail(), "kind": request.POST.get("kind", "")}
    status = 422 if form.errors else 200
    return render(request, "engagement/placement_results.html", context, status=status)


def campaign_placements(request: HttpRequest, campaign: Any) -> dict[str, Any]:
    """Show a campaign's publications and its media lines, to every party of it."""
    rows = list(reads.placements(campaign_id=campaign.id).order_by(*reads.ORDER)[:500])
    totals = reads.totals_of(rows)
    dressed(rows[:SHOWN], datetime.now(UTC), totals)
    return {
        "rows": rows[:SHOWN],
        "n": len(rows),
        "lines": reads.media_lines(rows, totals),
        "may_write": "placement.write" in current_scope().may,
    }


def to_do(scope: Scope) -> dict[str, Any]:
    """Show what has to come down, and what is past its last day."""
    at = datetime.now(UTC)
    return {
        "take_downs": reads.take_downs(at)[:SHOWN],
        "over": reads.past_their_day(at.date())[:SHOWN],
        "may_write": "placement.write" in scope.may,
    }
