"""What every page of the shell shows: menu, person, theme."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from entente.foundation.access.roles import ROLES
from entente.foundation.access.scope import Scope
from entente.foundation.models import User
from entente.foundation.web.middleware import theme_of
from entente.foundation.web.shelf import menu_of


def address_of(url_name: str) -> str:
    """Give a page's address, or nothing while its room is not mounted."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give the shell's context; without a user, only the theme."""
    base = {
        "theme": theme_of(request),
        "is_demo": settings.IS_DEMO,
        "demo": settings.IS_DEMO,
        "site_url": settings.SITE_URL,
    }
    scope: Scope | None = getattr(request, "scope", None)
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
        if (url := address_of(entry.url_name))
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
