"""A remote detail on the HCP's side, at a signed link: begin, follow, react, ask.

No sign-in. Opening the page changes nothing, so that a scanner which follows links begins
nothing; a button begins. The forms need no CSRF token: what authenticates them is the signed
token in the address, together with what the browser that began holds for this address alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from entente.engagement.actions import detail_follow
from entente.engagement.actions.detail_plan import PURPOSE
from entente.engagement.actions.medical_home import medical_home
from entente.engagement.models import Detail
from entente.engagement.reads import details as reads
from entente.foundation.access.scope import switched
from entente.foundation.errors import UserError
from entente.foundation.links import BadLink, Opened, open_link
from entente.foundation.web.doors import public_page

COOKIE = "detail"
STATES = ("planned", "live")


@dataclass(frozen=True)
class Guest:
    """Who came by a link, to which remote detail, with what his browser holds."""

    opened: Opened
    detail: Detail
    key: str
    at: datetime
    base: str


def _shown(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    # An empty token keeps the shell from setting a cookie that nothing here needs.
    answer = render(
        request, f"engagement/{name}.html", {**context, "csrf_token": ""}, status=status
    )
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def by_link(*, methods: tuple[str, ...]) -> Callable[[Callable[..., HttpResponse]], Any]:
    """Declare a view that the link of a remote detail opens, in the scope of whoever planned it."""

    def declare(view: Callable[..., HttpResponse]) -> Any:
        @csrf_exempt
        @public_page(methods=methods)
        @wraps(view)
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            at = datetime.now(UTC)
            try:
                opened = open_link(PURPOSE, token, at=at)
            except BadLink:
                if request.headers.get("HX-Request"):
                    # Only a good answer takes what was on show off the screen.
                    return _shown(request, "detail_done", {})
                return _shown(request, "detail_unknown", {}, 404)
            with switched(opened.scope):
                try:
                    row = reads.detail(opened.object_id)
                except ObjectDoesNotExist:
                    return _shown(request, "detail_unknown", {}, 404)
                key = request.COOKIES.get(COOKIE, "")
                base = reverse("engagement:detail_link", args=[token])
                return view(request, Guest(opened, row, key, at, base))

        return guarded

    return declare


def _when(row: Detail) -> str:
    """Write the planned time as the HCP's clock shows it."""
    zone = row.hcp.time_zone or "UTC"
    local = row.touch.happened_at.astimezone(ZoneInfo(zone))
    return f"{local:%A, %-d %B %Y, %H:%M} ({zone})"


def _context(guest: Guest) -> dict[str, Any]:
    row = guest.detail
    return {
        "row": row,
        "sender": row.touch.controller,
        "when": _when(row),
        "base": guest.base,
        "medical": medical_home().name,
        "is_medical": row.wall == "medical",
    }


def _stage(guest: Guest, following: detail_follow.Following) -> dict[str, Any]:
    row = following.detail
    shown = reads.on_show(following.item, hcp=guest.detail.hcp, at=guest.at)
    return {
        **_context(guest),
        "row": row,
        "shown": shown,
        "mark": f"{row.position}.{shown.item.reaction}" if shown else "0",
    }


def _over(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take what was on show off the screen; without a script the page says why."""
    if request.headers.get("HX-Request"):
        return _shown(request, "detail_done", _context(guest))
    return redirect(guest.base)


def _is_in_it(guest: Guest) -> bool:
    row = guest.detail
    return row.status == "live" and row.browser_hash == detail_follow.hash_of(guest.key)


@by_link(methods=("GET",))
def opening(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Say what is to be shown by whom, with the button that begins; or go on where it stands."""
    row = guest.detail
    if row.status not in STATES:
        return _shown(request, "detail_over", _context(guest), 410)
    if _is_in_it(guest):
        item = next((i for i in reads.items_of(row.id) if i.position == row.position), None)
        context = _stage(guest, detail_follow.Following(row, item))
        return _shown(request, "detail_follow", {**context, "asked": request.GET.get("asked")})
    # Somebody else's browser, or the same person's second one, waits to be let in.
    taken = row.status == "live" and bool(row.browser_hash)
    waits = row.touch.status != "planned"
    context = {**_context(guest), "taken": taken, "waits": waits}
    return _shown(request, "detail_begin", context)


@by_link(methods=("POST",))
def begin(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Begin, if the gate permits it at this moment."""
    key = secrets.token_urlsafe(24)
    try:
        row = detail_follow.begin_detail(guest.detail.id, key, at=guest.at)
    except detail_follow.NotNow as trouble:
        context = {**_context(guest), "wrong": str(trouble)}
        return _shown(request, "detail_begin", context, 409)
    if row.status != Detail.Status.LIVE:
        # A good answer: what the gate said has to stay written.
        return _shown(request, "detail_begin", {**_context(guest), "refused": True})
    answer = redirect(guest.base)
    answer.set_cookie(
        COOKIE, key, path=guest.base, httponly=True, secure=settings.SECURE_SITE,
        samesite="Lax", max_age=24 * 3600,
    )  # fmt: skip
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@by_link(methods=("POST",))
def now(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Give what is on show; nothing if the browser shows it already. A sign of life as well."""
    try:
        following = detail_follow.follow_detail(guest.detail.id, guest.key, at=guest.at)
    except detail_follow.NotNow:
        return _over(request, guest)
    context = _stage(guest, following)
    if request.POST.get("mark") == context["mark"]:
        return HttpResponse(status=204)
    if not request.headers.get("HX-Request"):
        return redirect(guest.base)
    return _shown(request, "detail_screen", context)


@by_link(methods=("POST",))
def react(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take what the HCP says of the item on the screen."""
    text = request.POST.get("position", "")
    position = int(text) if text.isdecimal() and len(text) < 4 else 0
    said = request.POST.get("reaction", "")
    try:
        detail_follow.react(guest.detail.id, guest.key, position, said, at=guest.at)
        following = detail_follow.follow_detail(guest.detail.id, guest.key, at=guest.at)
    except detail_follow.NotNow:
        return _over(request, guest)
    except UserError:
        return redirect(guest.base)
    if request.headers.get("HX-Request"):
        return _shown(request, "detail_screen", _stage(guest, following))
    return redirect(guest.base)


@by_link(methods=("POST",))
def ask(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take a question: a medical one goes to medical staff, and its words to nobody else."""
    given, context = request.POST, _context(guest)
    try:
        medical = detail_follow.ask_in_detail(
            guest.opened, guest.detail.id, guest.key,
            given.get("wish", ""), given.get("words", ""), at=guest.at,
        )  # fmt: skip
    except detail_follow.NotNow:
        return _shown(request, "detail_done", context)
    except UserError as trouble:
        context |= {"wrong": trouble, "typed": given}
        status = 422
    else:
        context |= {"asked": "medical" if medical else "leader"}
        status = 200
    if request.headers.get("HX-Request"):
        # htmx puts only good answers in place.
        return _shown(request, "detail_ask", context)
    if status == 200:
        return redirect(f"{guest.base}?asked={context['asked']}")
    return _shown(request, "detail_ask_alone", context, status)
