"""The person's own page, by signed link: switches, limits, quiet, stop; no account needed.

Opening a page changes nothing, so that a scanner which follows every link unsubscribes nobody.
The forms need no CSRF token: what authenticates them is the signed token in the address, not
a cookie, and under ``Referrer-Policy: no-referrer`` a browser sends no origin to compare.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from entente.consent import actions, reads
from entente.consent.pages.languages import speaking
from entente.consent.pages.preference_form import choices_of, save
from entente.consent.reads.links import PREFERENCES
from entente.directory import reads as directory
from entente.foundation.access.scope import switched
from entente.foundation.errors import UserError
from entente.foundation.links import BadLink, Opened, open_link
from entente.foundation.web import shelf
from entente.foundation.web.doors import public_page


def quiet(response: HttpResponse) -> HttpResponse:
    """Tell nobody where the reader came from, and no search engine that this page exists."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    """Answer every link that opens nothing alike, whatever the reason."""
    return quiet(render(request, "consent/link_unknown.html", status=404))


def mask(address: str) -> str:
    """Show enough of an address for its owner to know it.

    Examples
    --------
    >>> mask("m.testwell@clinic.test")
    'm…@clinic.test'
    """
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}" if domain else f"{address[:2]}…"


@csrf_exempt
@public_page(methods=("GET", "POST"))
@speaking
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show a person's choices; a POST saves them or stops everything."""
    at = datetime.now(UTC)
    try:
        opened = open_link(PREFERENCES, token, at=at)
    except BadLink:
        return unknown(request)
    with switched(opened.scope):
        if request.method == "POST":
            return quiet(_save(request, opened, token, at))
        return quiet(
            render(request, "consent/preferences.html", _shown(request, opened, token, at))
        )


def _save(request: HttpRequest, opened: Opened, token: str, at: datetime) -> HttpResponse:
    try:
        if request.POST.get("act") == "stop":
            actions.suppress(
                opened.person_id,
                "asked on the preference page",
                at,
                source="preference_page",
            )
            messages.success(request, "Everything is stopped. You will not hear from us again.")
        else:
            n_changes = save(request.POST, opened, at)
            words = "Your choices are saved." if n_changes else "Nothing was different."
            messages.success(request, words)
    except UserError as wrong:
        context = _shown(request, opened, token, at) | {"error": str(wrong)}
        return render(request, "consent/preferences.html", context, status=422)
    return redirect("consent:preferences", token)


def _shown(request: HttpRequest, opened: Opened, token: str, at: datetime) -> dict[str, Any]:
    person = directory.hcp(opened.person_id)
    mail = directory.contact_points([person.id], "email", at.date()).get(person.id)
    return {
        "hcp": person,
        "token": token,
        "controller": directory.legal_entity(opened.object_id),
        "companies": choices_of(opened, at),
        "is_stopped": reads.is_stopped(person.id, at),
        "wishes": reads.preference(person.id, at),
        "mail": mask(mail) if mail else "",
        "today": at.date(),
        "panels": shelf.render_panels("consent.preferences", request, opened),
    }


@csrf_exempt
@public_page(methods=("GET", "POST"))
@speaking
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET; on POST, one click or a mail program's, end e-mail for all purposes.

    Notes
    -----
    Source: RFC 8058; 16 CFR 316.5 (one page, no fee, no sign-in).
    """
    at = datetime.now(UTC)
    try:
        opened = open_link(PREFERENCES, token, at=at)
    except BadLink:
        return unknown(request)
    with switched(opened.scope):
        done = request.method == "POST"
        if done and not reads.is_unsubscribed(opened.person_id, opened.object_id, "email", at):
            actions.withdraw_consent(
                hcp_id=opened.person_id,
                controller_id=opened.object_id,
                channel="email",
                source="one_click" if "List-Unsubscribe" in request.POST else "unsubscribe_page",
                at=at,
            )
        context = {
            "controller": directory.legal_entity(opened.object_id),
            "token": token,
            "done": done or reads.is_unsubscribed(opened.person_id, opened.object_id, "email", at),
        }
        return quiet(render(request, "consent/unsubscribe.html", context))
