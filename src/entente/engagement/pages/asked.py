"""What an HCP starts alone: the page behind a signed link, and the making of that link.

The form needs no CSRF token: what authenticates it is the signed token in the address, not a
cookie. Opening the page changes nothing, so that a scanner which follows links asks nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from entente.consent.reads.links import PREFERENCES
from entente.directory import reads as directory
from entente.engagement.actions.question_links import PURPOSE, ask_by_link, give_question_link
from entente.engagement.domain.caution import caution
from entente.engagement.reads.inquiries import asked_by_link
from entente.foundation.access.scope import switched
from entente.foundation.errors import UserError
from entente.foundation.links import BadLink, Opened, open_link
from entente.foundation.web.doors import page, public_page

WISHES = [
    ("question", "Ask a medical question", "Our medical team answers."),
    ("access", "Ask about coverage or prior authorisation", "An access manager answers."),
    ("visit", "Ask for a visit", "Say when it suits you."),
    ("sample", "Ask for a sample", "We tell you whether and how we may send one."),
    ("resource", "Ask for material", "For you, or for your patients."),
]


def quiet(response: HttpResponse) -> HttpResponse:
    """Tell nobody where the reader came from, and no search engine that this page exists."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _opened(token: str, at: datetime) -> Opened:
    """Open a link for questions, or the link of the person's own choices: both are theirs."""
    try:
        return open_link(PURPOSE, token, at=at)
    except BadLink:
        return open_link(PREFERENCES, token, at=at)


@csrf_exempt
@public_page(methods=("GET", "POST"))
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a person may ask, and where earlier questions stand; a POST asks."""
    at = datetime.now(UTC)
    try:
        opened = _opened(token, at)
    except BadLink:
        # Whatever the reason, every link that opens nothing is answered alike.
        return quiet(render(request, "engagement/ask_unknown.html", status=404))
    with switched(opened.scope):
        wrong: UserError | None = None
        if request.method == "POST":
            try:
                ask_by_link(
                    opened, request.POST.get("wish", ""), request.POST.get("words", ""), at=at
                )
            except UserError as trouble:
                wrong = trouble
            else:
                return quiet(redirect(f"{request.path}?asked=1"))
        context = _shown(request, opened, wrong, at)
        return quiet(render(request, "engagement/ask.html", context, status=422 if wrong else 200))


def _shown(
    request: HttpRequest, opened: Opened, wrong: UserError | None, at: datetime
) -> dict[str, Any]:
    rows = asked_by_link(opened.person_id)
    for row in rows:
        row.is_late = row.closed_at is None and row.due_at < at  # type: ignore[attr-defined]
    return {
        # An empty token keeps the shell from setting a cookie that nothing here needs.
        "csrf_token": "",
        "hcp": directory.hcp(opened.person_id),
        "controller": directory.legal_entity(opened.object_id),
        "rows": rows,
        "wishes": WISHES,
        "wrong": wrong,
        "typed": request.POST,
        "was_asked": bool(request.GET.get("asked")) and not wrong,
        "sounds_unsafe": bool(
            rows and request.GET.get("asked") and caution(rows[0].question).safety
        ),
    }


@page("inquiry.capture", methods=("GET", "POST"))
def make(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Make the link with which a person asks without signing in."""
    person, link = directory.hcp(hcp_id), ""
    if request.method == "POST":
        link = settings.SITE_URL + give_question_link(hcp_id, at=datetime.now(UTC))
    context = {
        "person": person,
        "link": link,
        "trail": [{"label": person.display_name, "url": reverse("directory:hcp", args=[hcp_id])}],
    }
    return render(request, "engagement/question_link.html", context)


def choices_panel(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """Offer questions on the page of a person's choices; the same link opens both."""
    token = (request.resolver_match.kwargs if request.resolver_match else {}).get("token", "")
    return {"ask_url": reverse("engagement:ask", args=[token])}
