"""Read what an address asks: ids, days and choices; what cannot be read narrows nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.http import HttpRequest, QueryDict


def text_of(request: HttpRequest, name: str) -> str:
    """Give a text of the query, without blanks around it."""
    return (request.GET.get(name) or "").strip()[:200]


def one_of(request: HttpRequest, name: str, allowed: Iterable[str]) -> str:
    """Give a choice of the query if it is one of those allowed, else nothing."""
    given = text_of(request, name)
    return given if given in set(allowed) else ""


def id_of(request: HttpRequest, name: str) -> UUID | None:
    """Give an id of the query, or None."""
    try:
        return UUID(text_of(request, name))
    except ValueError:
        return None


def day_of(request: HttpRequest, name: str) -> date | None:
    """Give a day of the query, or None."""
    try:
        return date.fromisoformat(text_of(request, name))
    except ValueError:
        return None


def posted(request: HttpRequest) -> QueryDict | None:
    """Give the form that was posted, an empty one too; None if the page is only looked at."""
    return request.POST if request.method == "POST" else None
