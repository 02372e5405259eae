"""The REST API: every room's operations, one way to sign in, one way to say what is wrong."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DataError, IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.utils import check_csrf

from entente.foundation.errors import UserError
from entente.foundation.web.api_parsing import Strict, take_body
from entente.foundation.web.idempotency import UNSAFE

ROOMS = (
    ("foundation.web", ""),
    ("policy", "policy/"),
    ("directory", "directory/"),
    ("consent", "consent/"),
    ("content", "content/"),
    ("alliances", "alliances/"),
    ("engagement", "engagement/"),
    ("deals", "deals/"),
    ("planning", "planning/"),
    ("disclosures", "disclosures/"),
    ("measurement", "measurement/"),
)


def who(request: HttpRequest) -> Any:
    """Give the scope of a bearer token or of a session; a session also shows its CSRF token."""
    scope = getattr(request, "scope", None)
    if scope is None:
        return None
    if request.by_token:  # type: ignore[attr-defined]
        take_body(request)
        return scope
    if request.headers.get("Authorization"):
        # A token that is wrong is an error, not a reason to look for another way in.
        return None
    if request.method in UNSAFE and check_csrf(request) is not None:
        raise HttpError(403, "the CSRF token is missing or wrong; send X-CSRFToken")
    take_body(request)
    return scope


def _needs_account(view: Any) -> Any:
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if getattr(request, "scope", None) is None:
            return api.create_response(request, {"detail": "Unauthorized"}, status=401)
        response: HttpResponse = view(request, **kwargs)
        return response

    return guarded


api = NinjaAPI(
    title="Entente",
    version=version("entente"),
    description="What pages can do, a program can. Send `Authorization: Bearer TOKEN`; make tokens"
    " under My account. Send `Idempotency-Key` with every POST, PUT and DELETE: the same key has"
    " the same effect once.",
    docs_url=None,
    openapi_url="/openapi.json",
    docs_decorator=_needs_account,
    auth=who,
    parser=Strict(),
)


def _said(request: HttpRequest, status: int, detail: Any, **more: Any) -> HttpResponse:
    return api.create_response(request, {"detail": detail, **more}, status=status)


@api.exception_handler(UserError)
def refused(request: HttpRequest, trouble: UserError) -> HttpResponse:
    """Say what was wrong with the input, and with which field."""
    return _said(request, 422, str(trouble), field=trouble.field)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, trouble: ValidationError) -> HttpResponse:
    """Say which fields were not as declared, in words that never repeat the values."""
    found = [{"loc": list(e["loc"]), "msg": e["msg"], "type": e["type"]} for e in trouble.errors]
    return _said(request, 422, found)


@api.exception_handler(PermissionDenied)
def out_of_scope(request: HttpRequest, trouble: PermissionDenied) -> HttpResponse:
    """Say that the role does not allow it."""
    return _said(request, 403, str(trouble) or "Forbidden")


@api.exception_handler(ObjectDoesNotExist)
def not_there(request: HttpRequest, trouble: ObjectDoesNotExist) -> HttpResponse:
    """Answer alike for what is unknown and for what is somebody else's."""
    return _said(request, 404, "Not Found")


@api.exception_handler(DataError)
def does_not_fit(request: HttpRequest, trouble: DataError) -> HttpResponse:
    """Say that a value is out of range, without repeating the database's words."""
    return _said(request, 422, "a value is out of range or cannot be stored")


@api.exception_handler(IntegrityError)
def clashes(request: HttpRequest, trouble: IntegrityError) -> HttpResponse:
    """Say that the act contradicts what is already there."""
    return _said(request, 409, "this contradicts what is already there; read it again")


@api.exception_handler(OperationalError)
def busy(request: HttpRequest, trouble: OperationalError) -> HttpResponse:
    """Say that what was needed is held by another request."""
    response = _said(request, 503, "somebody else is at it; try again")
    response["Retry-After"] = "2"
    return response


for room, prefix in ROOMS:
    spec = find_spec(f"entente.{room}.api")
    if spec and spec.origin:
        api.add_router(f"/{prefix}", import_module(f"entente.{room}.api").router)
