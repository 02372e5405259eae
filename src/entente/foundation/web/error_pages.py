"""Error pages: they say what can be done and need neither a user nor a database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from entente.foundation.web.middleware import theme_of

WORDS = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error"}


def _page(request: HttpRequest, status: int) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": WORDS[status]}, status=status)
    # Rendered without the request: its processors would ask for the user.
    text = render_to_string(f"{status}.html", {"theme": theme_of(request)})
    return HttpResponse(text, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be read."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what the role does not allow."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not there, or not the reader's: the same for both."""
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when the fault is ours."""
    return _page(request, 500)
