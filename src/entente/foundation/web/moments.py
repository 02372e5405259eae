"""The moment of a page: all parts of it show the same."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest


def moment_of(request: HttpRequest) -> datetime:
    """Give the moment at which a request was first asked for its moment."""
    moment: datetime | None = getattr(request, "moment", None)
    if moment is None:
        moment = datetime.now(UTC)
        request.moment = moment  # type: ignore[attr-defined]
    return moment
