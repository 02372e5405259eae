"""The page on which a person takes the second step of a double opt-in, by signed link."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from entente.consent import actions, reads
from entente.consent.pages.languages import speaking
from entente.consent.pages.preferences import quiet, unknown
from entente.consent.pages.words import CHANNELS, PURPOSES
from entente.consent.reads.confirmations import capture_to_confirm
from entente.consent.reads.links import CONFIRMATION
from entente.consent.reads.wordings import wording_of_version
from entente.foundation.access.scope import switched
from entente.foundation.links import BadLink, open_link
from entente.foundation.web.doors import public_page


@csrf_exempt
@public_page(methods=("GET", "POST"))
@speaking
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show on GET what is to be confirmed; on POST confirm it."""
    at = datetime.now(UTC)
    try:
        opened = open_link(CONFIRMATION, token, at=at)
    except BadLink:
        return unknown(request)
    with switched(opened.scope):
        capture = capture_to_confirm(opened.object_id)
        waits = reads.awaits(capture, at)
        if waits and request.method == "POST":
            actions.confirm_consent(capture.id, source="confirmation_page", at=at)
        context = {
            "capture": capture,
            "controller": capture.controller,
            "channel": CHANNELS[capture.channel],
            "purpose": PURPOSES[capture.purpose],
            "words": wording_of_version(capture.wording_version),
            "waits": waits and request.method != "POST",
            "is_confirmed": reads.is_confirmed(capture),
        }
        return quiet(render(request, "consent/confirm.html", context))
