"""The person's own page, by signed link: switches, topics, limits, quiet, stop, export, requests.

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
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from entente.consent import actions, reads
from entente.consent.domain.masks import mask
from entente.consent.pages.held_words import readable
from entente.consent.pages.languages import CODES, language_of, speaking
from entente.consent.pages.preference_form import SOURCE, ask, companies_of, save
from entente.consent.pages.requests import as_file
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


@csrf_exempt
@public_page(methods=("GET", "POST"))
@speaking
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show a person's choices; a POST saves them, stops everything, exports or asks."""
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
    act = request.POST.get("act")
    try:
        if act in ("file", "read"):
            return _export(request, opened, token, at)
        messages.success(request, _done(request, act or "save", opened, at))
    except UserError as wrong:
        context = _shown(request, opened, token, at) | {"error": _(str(wrong))}
        return render(request, "consent/preferences.html", context, status=422)
    return redirect(_address(request, token))


def _done(request: HttpRequest, act: str, opened: Opened, at: datetime) -> str:
    """Do what the form asks and give the words that say so."""
    if act == "stop":
        reason = "asked on the preference page"
        actions.suppress(opened.person_id, reason, at, source=SOURCE)
        return _("Everything is stopped. You will not hear from us again.")
    if act == "ask":
        return ask(request.POST, opened, language_of(request), at)
    n_changes = save(request.POST, opened, language_of(request), at)
    return _("Your choices are saved.") if n_changes else _("Nothing was different.")


def _address(request: HttpRequest, token: str) -> str:
    """Give the page's address in the language that was chosen on it."""
    lang = request.GET.get("lang")
    chosen = f"?lang={lang}" if lang in CODES else ""
    return reverse("consent:preferences", args=[token]) + chosen


def _export(request: HttpRequest, opened: Opened, token: str, at: datetime) -> HttpResponse:
    found = actions.export_person(opened.person_id, at=at, by_link=True)
    if request.POST.get("act") == "file":
        return as_file(found)
    context = {"held": readable(found), "back": _address(request, token)}
    return render(request, "consent/held_by_link.html", context)


def _shown(request: HttpRequest, opened: Opened, token: str, at: datetime) -> dict[str, Any]:
    person = directory.hcp(opened.person_id)
    mail = directory.contact_points([person.id], "email", at.date()).get(person.id)
    return {
        "hcp": person,
        "token": token,
        "controller": directory.legal_entity(opened.object_id),
        "companies": companies_of(opened, language_of(request), at),
        "is_stopped": reads.is_stopped(person.id, at),
        "wishes": reads.preference(person.id, at),
        "asked": reads.open_requests_of(person.id),
        "mail": mask(mail) if mail else "",
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
