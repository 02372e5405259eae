"""One transaction per request, in the scope of whoever asks, or at the sign-in door."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.db import DataError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from entente.foundation.access.scope import _current, set_context, signing_in
from entente.foundation.errors import UserError
from entente.foundation.models import User
from entente.foundation.once import one_page
from entente.foundation.organisations import scope_of
from entente.foundation.web.idempotency import once
from entente.foundation.web.tokens import user_of_token

Answer = Callable[[HttpRequest], HttpResponse]
ACCOUNT_PATHS = ("/account/", "/demo/sign-in/")
REFUSED = 400
READING = frozenset({"GET", "HEAD"})


def door(get_response: Answer) -> Answer:
    """Open the request's transaction, in which accounts can be looked up and nothing else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/static/"):
            return get_response(request)
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path_info:
            # PostgreSQL holds no NUL: refused here, before some query meets it.
            return HttpResponse("The address holds a NUL.", status=400, content_type="text/plain")
        with signing_in():
            response = get_response(request)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
            return response

    return middleware


def zone_of(user: User) -> ZoneInfo:
    """Give the zone in which a person reads moments; UTC where theirs is unknown."""
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


class scope:  # middleware is named like the function it replaces
    """Put the request into the scope of its user; without one, leave only the doors open."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Resolve who asks, then answer."""
        token_user = user_of_token(request)
        request.by_token = token_user is not None  # type: ignore[attr-defined]
        user = token_user or request.user
        if isinstance(user, User) and user.is_active:
            request.user = user
            request.scope = scope_of(user)  # type: ignore[attr-defined]
            token = _current.set(request.scope)  # type: ignore[attr-defined]
            try:
                set_context(request.scope)  # type: ignore[attr-defined]
                with timezone.override(zone_of(user)):
                    return self.get_response(request)
            finally:
                _current.reset(token)
                # Sessions are saved after this point and need no more than the door.
                set_context(None, door="signin")
        request.scope = None  # type: ignore[attr-defined]
        if not self._at_door(request):
            set_context(None)
        try:
            return self.get_response(request)
        finally:
            set_context(None, door="signin")

    @staticmethod
    def _at_door(request: HttpRequest) -> bool:
        return request.path_info.startswith(ACCOUNT_PATHS)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Run the view in a savepoint, so that a failed one leaves nothing behind.

        The error page is then still rendered inside the request's transaction.
        """
        if request.path_info.startswith("/account/"):
            return None
        try:
            return self._answered(request, lambda: view(request, *args, **kwargs))
        except ObjectDoesNotExist:
            # Not there and not yours look alike.
            raise Http404 from None
        except DataError:
            raise BadRequest("a value does not fit") from None
        except UserError as trouble:
            return render(request, "422.html", {"sentence": str(trouble)}, status=422)

    @staticmethod
    def _answered(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
        with transaction.atomic(), one_page() if request.method in READING else nullcontext():
            response = once(request, act)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
            if response is not None and response.status_code >= REFUSED:
                # A refused act leaves nothing behind, even where the page caught the error.
                transaction.set_rollback(True)
            return response


def theme_of(request: HttpRequest) -> str:
    """Give the theme a person chose, or nothing for the system's."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in {"light", "dark"} else ""


def is_demo() -> bool:
    """Tell whether this installation shows the demo world."""
    return bool(settings.IS_DEMO)
