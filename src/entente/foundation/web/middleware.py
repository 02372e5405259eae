"""One transaction per request, in the scope of whoever asks, or at the sign-in door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from entente.foundation.access.scope import Scope, _current, set_context, signing_in
from entente.foundation.models import User
from entente.foundation.web.tokens import user_of_token

Answer = Callable[[HttpRequest], HttpResponse]
ACCOUNT_PATHS = ("/account/", "/demo/sign-in/")


def door(get_response: Answer) -> Answer:
    """Open the request's transaction, in which accounts can be looked up and nothing else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/static/"):
            return get_response(request)
        with signing_in():
            response = get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            return response

    return middleware


def scope_of(user: User) -> Scope:
    """Give the scope of a user who is signed in."""
    grants = user.grants.filter(revoked_at__isnull=True).order_by("recorded_at")
    roles = frozenset(grant.as_role for grant in grants)
    return Scope(
        org_id=user.org_id,
        actor_id=user.id,
        roles=roles,
        is_host=user.org.is_host,
        actor_name="user",
        person_key=user.person_key,
    )


class scope:  # noqa: N801 - middleware is named like the function it replaces
    """Put the request into the scope of its user; without one, leave only the doors open."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Resolve who asks, then answer."""
        user = user_of_token(request) or request.user
        if isinstance(user, User) and user.is_active:
            request.user = user
            request.scope = scope_of(user)  # type: ignore[attr-defined]
            token = _current.set(request.scope)  # type: ignore[attr-defined]
            try:
                set_context(request.scope)  # type: ignore[attr-defined]
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
        with transaction.atomic():
            response = view(request, *args, **kwargs)
            if response is not None and hasattr(response, "render") and not response.is_rendered:
                response.render()
            return response


def theme_of(request: HttpRequest) -> str:
    """Give the theme a person chose, or nothing for the system's."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in {"light", "dark"} else ""


def is_demo() -> bool:
    """Tell whether this installation shows the demo world."""
    return bool(settings.IS_DEMO)
