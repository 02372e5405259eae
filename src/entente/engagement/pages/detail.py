"""Remote details for whoever leads them: the list, the plan, the page to show items from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import reads as directory
from entente.engagement.actions import detail_lead, detail_plan
from entente.engagement.domain.detailing import as_minutes
from entente.engagement.forms_detail import DetailForm, EndForm, TakeBackForm
from entente.engagement.models import Detail
from entente.engagement.reads import details as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of
from entente.policy.reads.reasons import reasons_of

TONES = {"planned": "info", "refused": "bad", "live": "accent", "ended": "ok",
         "withdrawn": "neutral"}  # fmt: skip
REACTED = {"useful": "ok", "not_useful": "bad", "question": "info"}
SAID = {
    "planned": "Planned. Give the HCP the link below.",
    "referred": "A person decides first: the reasons stand below.",
    "refused": "It must not take place: the reasons stand below.",
}


def _trail(hcp: Any = None) -> list[dict[str, str]]:
    trail = [{"label": "Calls", "url": reverse("engagement:touches")}]
    if hcp is not None:
        trail.append({"label": "Remote details", "url": reverse("engagement:details")})
    return trail


def _toned(rows: list[Detail]) -> list[Detail]:
    for row in rows:
        row.tone = TONES[row.status]  # type: ignore[attr-defined]
    return rows


@page("touch.read")
def details(request: HttpRequest) -> HttpResponse:
    """List the remote details that one may see, the newest first."""
    scope = current_scope()
    found = reads.details(
        status=one_of(request, "status", Detail.Status.values),
        presenter_id=scope.actor_id if request.GET.get("mine") else None,
    )
    part = part_of(found, reads.ORDER, request.GET)
    _toned(part.rows)
    context = {"part": part, "statuses": Detail.Status.choices, "trail": _trail()}
    return render(request, "engagement/details.html", context)


@page("touch.write", methods=("GET", "POST"))
def new(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Plan a remote detail with one HCP; the gate answers at once."""
    at, scope, hcp = datetime.now(UTC), current_scope(), directory.hcp(hcp_id)
    form = DetailForm(posted(request), org_id=scope.org_id, country=hcp.country, on=at.date(),
                      initial={"happened_at": at})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = detail_plan.plan_detail(form.plan(hcp_id, at), at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            said = "referred" if made.touch.status == "referred" else made.status
            tell = messages.success if said == "planned" else messages.warning
            tell(request, SAID[said])
            return redirect("engagement:detail", made.id)
    context = {
        "form": form,
        "hcp": hcp,
        "trail": [{"label": hcp.display_name, "url": reverse("directory:hcp", args=[hcp_id])}],
    }
    return render(
        request, "engagement/detail_new.html", context, status=422 if form.errors else 200
    )


def _stage(row: Detail, at: datetime) -> dict[str, Any]:
    """Give what the presenter's page shows and what it asks for again every two seconds."""
    items = reads.items_of(row.id)
    for each in items:
        each.minutes = as_minutes(each.seconds) if each.seconds else ""  # type: ignore[attr-defined]
        each.tone = REACTED.get(each.reaction, "")  # type: ignore[attr-defined]
    there = reads.is_there(row, at)
    current = next((each for each in items if each.position == row.position), None)
    mine = row.presenter_id == current_scope().actor_id and "touch.write" in current_scope().may
    return {
        "row": _toned([row])[0],
        "items": items,
        "there": there,
        "shown": reads.on_show(current, hcp=row.hcp, at=at) if mine else None,
        "back": row.position - 1 if row.position > 1 else 0,
        "onward": row.position + 1 if row.position < len(items) else 0,
        "mine": mine,
        "mark": reads.mark_of(row, items, there=there),
        "refused": reasons_of(row.refusal) if row.refusal else [],
    }


@page("touch.read")
def detail(request: HttpRequest, detail_id: UUID) -> HttpResponse:
    """Show one remote detail: its link, what is on show, how it is taken, its record."""
    at, row = datetime.now(UTC), reads.detail(detail_id)
    context = _stage(row, at)
    link = reads.link_of(row, at) if context["mine"] else ""
    context |= {
        "link": settings.SITE_URL + link if link else "",
        "reasons": reasons_of(row.touch.decision) if row.status != "ended" else [],
        "end_form": EndForm(),
        "take_back_form": TakeBackForm(),
        "trail": _trail(row.hcp),
    }
    return render(request, "engagement/detail.html", context)


@page("touch.read")
def now(request: HttpRequest, detail_id: UUID) -> HttpResponse:
    """Give the part of the page that changes while it goes on; nothing if nothing did."""
    row = reads.detail(detail_id)
    if request.GET.get("was") != row.status:
        # What stands around the stage changes with the state: the whole page is read anew.
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = _stage(row, datetime.now(UTC))
    if request.GET.get("mark") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "engagement/detail_stage.html", context)


@page("touch.write", methods=("POST",))
def show(request: HttpRequest, detail_id: UUID) -> HttpResponse:
    """Put an item on the HCP's screen, or nothing."""
    text = request.POST.get("position", "")

    def act() -> None:
        position = int(text) if text.isdecimal() and len(text) < 4 else -1
        why = detail_lead.show_item(detail_id, position, at=datetime.now(UTC))
        if why:
            messages.warning(request, f"Not shown: {why}.")

    answer = _done(request, detail_id, act, "")
    if request.headers.get("HX-Request"):
        # The page takes the new stage in place; what is to be told stands in it.
        context = _stage(reads.detail(detail_id), datetime.now(UTC)) | {"oob": True}
        return render(request, "engagement/detail_stage.html", context)
    return answer


@page("touch.write", methods=("POST",))
def end(request: HttpRequest, detail_id: UUID) -> HttpResponse:
    """End it: what was on show becomes the record of the call."""
    form = EndForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise UserError("the note or the reaction does not fit")
        detail_lead.end_detail(detail_id, **form.cleaned_data, at=datetime.now(UTC))

    return _done(request, detail_id, act, "Ended. What was on show is the record of the call.")


@page("touch.write", methods=("POST",))
def readmit(request: HttpRequest, detail_id: UUID) -> HttpResponse:
    """Let the HCP go on in another browser."""
    return _done(
        request,
        detail_id,
        lambda: detail_lead.readmit(detail_id, at=datetime.now(UTC)),
        "The next browser in which the HCP begins is the one that follows.",
    )


@page("touch.write", methods=("POST",))
def take_back(request: HttpRequest, detail_id: UUID) -> HttpResponse:
    """Take back what has not begun."""
    return _done(
        request,
        detail_id,
        lambda: detail_plan.withdraw_detail(
            detail_id, request.POST.get("reason", ""), at=datetime.now(UTC)
        ),
        "Taken back. The link opens nothing any more.",
    )


def _done(request: HttpRequest, detail_id: UUID, act: Callable[[], Any], said: str) -> HttpResponse:
    """Act and go back to the page; what does not fit is said above it."""
    try:
        act()
    except UserError as trouble:
        messages.error(request, f"{str(trouble)[:1].upper()}{str(trouble)[1:]}.")
    else:
        if said:
            messages.success(request, said)
    return redirect("engagement:detail", detail_id)
