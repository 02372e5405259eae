"""Where mail services tell what became of e-mails: heard only if signed, and once."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from entente.engagement.actions import hear_hook
from entente.engagement.adapters.mail_signatures import NotSigned
from entente.engagement.reads.mail_events import hook_door
from entente.foundation.access.scope import Scope, switched
from entente.foundation.web.doors import public_page

# Services tell at most about one megabyte at a time.
MOST_BYTES = 2 * 1024 * 1024


def _refused() -> HttpResponse:
    """Answer a wrong signature, an old one and an unknown address alike."""
    return JsonResponse({"detail": "This is not signed with the key of this address."}, status=403)


@csrf_exempt
@public_page(methods=("POST",))
def hear(request: HttpRequest, provider: str, hook_id: UUID) -> HttpResponse:
    """Hear events of a mail service; nothing is kept of what is not signed.

    The form needs no CSRF token: it acts for nobody who is signed in, and the signature stands
    for the sender.
    """
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return _refused()
    if length > MOST_BYTES:
        return JsonResponse({"detail": "At most 2 MB at a time."}, status=413)
    at, org_id = datetime.now(UTC), hook_door(hook_id, provider)
    if org_id is None or request.method != "POST":
        return _refused()
    with switched(Scope(org_id=org_id, actor_name=f"hook:{provider}")):
        try:
            heard = hear_hook(hook_id, provider, request.headers, request.body, at=at)
        except (NotSigned, ObjectDoesNotExist):
            return _refused()
    return JsonResponse(
        {"new": heard.new, "unchanged": heard.unchanged, "refused": len(heard.refused)}
    )
