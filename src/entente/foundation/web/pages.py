"""The pages that belong to no room: home, search, theme."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime

from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.models import User
from entente.foundation.web import shelf
from entente.foundation.web.asked import text_of
from entente.foundation.web.context import address_of
from entente.foundation.web.doors import page, public_page

YEAR_S = 365 * 24 * 3600
EACH = 6
DEEP = 20
SHORTEST = 2
EVENING, NOON = 18, 12


def greeting(user: User, at: datetime) -> str:
    """Greet by the hour of day where the person is."""
    hour = localtime(at).hour
    word = "Good morning" if hour < NOON else "Good afternoon" if hour < EVENING else "Good evening"
    return f"{word}, {user.name.split()[0]}" if user.name else word


@page("home.read")
def home(request: HttpRequest) -> HttpResponse:
    """Show the work of the day: the panels of the person's roles."""
    scope, at = current_scope(), datetime.now(UTC)
    panels = [
        render_to_string(panel.template, {**panel.context(scope), "scope": scope}, request)
        for panel in shelf.home_of(scope)
    ]
    assert isinstance(request.user, User)
    return render(
        request,
        "foundation/home.html",
        {
            "panels": [panel for panel in panels if panel.strip()],
            "greeting": greeting(request.user, at),
            "organisation": request.user.org.name,
            "today": at,
            "starts": shelf.menu_of(scope),
        },
    )


def _pages_found(scope: Scope, query: str) -> list[shelf.Hit]:
    """Find pages by the words of their menu entry; without a query, all of them."""
    own = [
        shelf.Hit(
            "My account", "Roles, tokens, sign-in safety", address_of("me"), "circle-user-round"
        )
    ]
    entries = [
        shelf.Hit(entry.label, "", address_of(entry.url_name), entry.icon)
        for entry in shelf.menu_of(scope)
    ]
    words = query.casefold().split()
    return [
        hit
        for hit in entries + own
        if hit.url and all(word in f"{hit.label} {hit.detail}".casefold() for word in words)
    ]


def found_for(scope: Scope, query: str, each: int) -> list[dict[str, Any]]:
    """Search everything that a person may search; groups without a hit are left out."""
    groups: list[dict[str, Any]] = []
    if len(query) >= SHORTEST:
        for search in shelf.searches_of(scope):
            groups.append({"title": search.title, "hits": list(search.find(query, each))})
    groups.append({"title": "Pages", "hits": _pages_found(scope, query)})
    return [group for group in groups if group["hits"]]


@page("search")
def search(request: HttpRequest) -> HttpResponse:
    """Search from anywhere: as the palette asks it, and as a page."""
    query = text_of(request, "q")
    in_palette = bool(getattr(request, "htmx", False))
    found = found_for(current_scope(), query, EACH if in_palette else DEEP)
    template = "search/results.html" if in_palette else "search/page.html"
    return render(request, template, {"query": query, "groups": found})


@public_page(methods=("POST",))
def theme(request: HttpRequest) -> HttpResponse:
    """Keep a person's choice of light or dark."""
    wanted = request.POST.get("next", "/")
    allowed = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    response = redirect(wanted if allowed and wanted.startswith("/") else "/")
    chosen = request.POST.get("theme", "")
    if chosen in {"light", "dark"}:
        response.set_cookie(
            "theme", chosen, max_age=YEAR_S, samesite="Lax", httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    else:
        response.delete_cookie("theme")
    return response
