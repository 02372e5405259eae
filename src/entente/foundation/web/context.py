"""What every page of the shell shows: menu, person, theme."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

from entente.foundation.access.roles import ROLES
from entente.foundation.access.scope import Scope
from entente.foundation.models import User
from entente.foundation.web.middleware import theme_of
from entente.foundation.web.shelf import MenuEntry, menu_of


def address_of(url_name: str) -> str:
    """Give a page's address, or nothing while its room is not mounted."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@cache
def _menu_address(url_name: str, prefix: str, urlconf: str) -> str:
    """Give an address of the menu; the same as long as the site is mounted at the same place.

    One that is not there is asked for again the next time.
    """
    return reverse(url_name, urlconf)


def _address(entry: MenuEntry) -> str:
    try:
        return _menu_address(
            entry.url_name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF
        )
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give the shell's context, worked out once for each request and whoever it is for."""
    scope: Scope | None = getattr(request, "scope", None)
    asked = (scope, request.user if scope else None, request.path)
    kept = getattr(request, "shell_kept", None)
    if kept is None or kept[0] != asked:
        kept = (asked, _shell(request, scope))
        request.shell_kept = kept  # type: ignore[attr-defined]
    found: dict[str, Any] = kept[1]
    return found


def _shell(request: HttpRequest, scope: Scope | None) -> dict[str, Any]:
    """Give the shell's context; without a user, only the theme."""
    base = {
        "theme": theme_of(request),
        "is_demo": settings.IS_DEMO,
        "demo": settings.IS_DEMO,
        "site_url": settings.SITE_URL,
    }
    if scope is None or not isinstance(request.user, User):
        return base
    nav = [
        {
            "label": entry.label,
            "url": url,
            "icon": entry.icon,
            "current": request.path == url or (url != "/" and request.path.startswith(url)),
        }
        for entry in menu_of(scope)
        if (url := _address(entry))
    ]
    titles = [ROLES[role].title for role in sorted(scope.roles)]
    return base | {
        "nav": nav,
        "scope": scope,
        "may": scope.may,
        "person": {
            "name": request.user.name,
            "organisation": request.user.org.name,
            "role": ", ".join(titles) or "No role",
            "is_host": scope.is_host,
        },
    }
