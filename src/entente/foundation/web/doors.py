"""How a page is declared: who may open it, by which method."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from entente.foundation.access.scope import OutOfScope, Scope

View = Callable[..., HttpResponse]
PUBLIC = "public"


def page(capability: str, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Declare a page for people who are signed in and may do this.

    Parameters
    ----------
    capability : str
        One of the capabilities of ``foundation.access.roles``.
    methods : tuple of str
        Others are answered with 405.
    """

    def declare(view: View) -> View:
        @wraps(view)
        @never_cache
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            scope: Scope | None = getattr(request, "scope", None)
            if scope is None:
                query = urlencode({"next": request.get_full_path()})
                return redirect(f"/account/login/?{query}")
            if request.method not in {*methods, "HEAD"}:
                return HttpResponseNotAllowed(methods)
            if capability not in scope.may:
                raise OutOfScope(f"your role does not include {capability}")
            return view(request, *args, **kwargs)

        guarded.capability = capability  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        return guarded

    return declare


def public_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Declare a page that needs no account: it opens by a signed link, or tells nothing."""

    def declare(view: View) -> View:
        @wraps(view)
        @never_cache
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in {*methods, "HEAD"}:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        guarded.capability = PUBLIC  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        return guarded

    return declare


def operation(capability: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an operation of the API for people who may do this; stands under the router's line.

    Examples
    --------
    >>> @operation("decision.read")
    ... def read(request: HttpRequest) -> str: ...
    >>> read.capability
    'decision.read'
    """

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            request.scope.require(capability)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        # The API reads parameters from annotations, which are texts in the view's own module.
        guarded.__signature__ = signature(view, eval_str=True)  # type: ignore[attr-defined]
        guarded.capability = capability  # type: ignore[attr-defined]
        return guarded

    return declare
