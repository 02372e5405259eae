"""The same key has the same effect once, however often a program asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from entente.foundation.access.scope import Scope
from entente.foundation.models import IdempotencyKey, new_id

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LONGEST = 128
ENDS_WITHOUT_EFFECT = 400


def fingerprint(request: HttpRequest) -> str:
    """Hash what was asked: method, address and body."""
    asked = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(asked).hexdigest()


def _refusal(text: str, status: int) -> HttpResponse:
    return JsonResponse({"detail": text}, status=status)


def once(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Act, unless this actor has asked the same under the same ``Idempotency-Key`` before.

    The key is written before the act and in its transaction, so of two requests at once the
    second waits for the first and then gives its answer. An act that was refused had no
    effect and leaves no key.

    Returns
    -------
    HttpResponse
        The act's answer, or the kept one with ``Idempotent-Replay: true``; 422 when the key
        was used for something else.
    """
    scope: Scope | None = getattr(request, "scope", None)
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.method not in UNSAFE or scope is None or scope.actor_id is None:
        return act()
    if not request.path_info.startswith("/api/"):
        return act()
    if len(key) > LONGEST or not key.isascii() or not key.isprintable():
        return _refusal(f"Idempotency-Key: at most {LONGEST} printable ASCII characters", 422)
    asked, row_id = fingerprint(request), new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_idempotencykey (id, org_id, actor_id, key, fingerprint)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (actor_id, key) DO NOTHING",
            [row_id, scope.org_id, scope.actor_id, key, asked],
        )
        is_first = cursor.rowcount == 1
    if not is_first:
        return _kept(scope.actor_id, key, asked)
    response = act()
    if response.status_code < ENDS_WITHOUT_EFFECT:
        answer = json.loads(response.content) if response.content else None
        IdempotencyKey.objects.filter(id=row_id).update(status=response.status_code, answer=answer)
    return response


def _kept(actor_id: UUID, key: str, asked: str) -> HttpResponse:
    row = IdempotencyKey.objects.get(actor_id=actor_id, key=key)
    if row.fingerprint != asked:
        return _refusal("this Idempotency-Key was used for another request; use a new one", 422)
    body = b"" if row.answer is None else json.dumps(row.answer).encode()
    response = HttpResponse(body, status=row.status or 200, content_type="application/json")
    response["Idempotent-Replay"] = "true"
    return response
