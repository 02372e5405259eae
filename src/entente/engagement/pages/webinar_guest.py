"""Polls and questions of a webinar, at the signed link of somebody who attends.

As all pages of an invitation's link: no sign-in, and no CSRF token, since what authenticates a
form is the signed token in the address.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.engagement.actions import webinar as acts
from entente.engagement.actions.medical_home import medical_home
from entente.engagement.pages.event_public import Guest, by_link
from entente.engagement.pages.webinar_words import guest_context, is_in
from entente.foundation.errors import UserError


def _part(request: HttpRequest, guest: Guest, **more: Any) -> HttpResponse:
    assert guest.attendee is not None
    context = {
        **guest_context(guest.event, guest.attendee),
        "base": guest.base,
        "csrf_token": "",
        **more,
    }
    answer = render(request, "engagement/webinar_guest.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@by_link(methods=("GET",))
def now(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Give the polls as they are; nothing if the page shows them already."""
    if not is_in(guest.event, guest.attendee):
        return redirect(guest.base)
    assert guest.attendee is not None
    known = guest_context(guest.event, guest.attendee)["webinar"]["mark"]
    if request.GET.get("mark") == known:
        return HttpResponse(status=204)
    return _part(request, guest)


@by_link(methods=("POST",))
def answer(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take an answer to a poll."""
    if not is_in(guest.event, guest.attendee):
        return redirect(guest.base)
    assert guest.attendee is not None
    given = request.POST
    wrong = ""
    try:
        poll_id, choice = UUID(given.get("poll", "")), int(given.get("choice", ""))
        acts.answer_poll(guest.attendee.id, poll_id, choice, at=guest.at)
    except UserError as trouble:
        wrong = str(trouble)
    except (ValueError, ObjectDoesNotExist):
        wrong = "choose one of the answers"
    if request.headers.get("HX-Request"):
        return _part(request, guest, wrong=wrong)
    return redirect(guest.base)


@by_link(methods=("POST",))
def ask(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take a question: a medical one goes to medical staff, and its words to nobody else."""
    if not is_in(guest.event, guest.attendee):
        return redirect(guest.base)
    assert guest.attendee is not None
    given = request.POST
    said: dict[str, Any]
    try:
        medical = acts.ask_in_event(
            guest.attendee.id, given.get("wish", ""), given.get("words", ""),
            link_id=guest.link_id, at=guest.at,
        )  # fmt: skip
    except UserError as trouble:
        said = {"wrong_question": str(trouble), "typed": given}
    else:
        said = {"asked": "medical" if medical else "leader"}
    context = {
        "base": guest.base,
        "webinar": {"medical": medical_home().name},
        "csrf_token": "",
        **said,
    }
    if request.headers.get("HX-Request"):
        return render(request, "engagement/webinar_ask.html", context)
    if "asked" in said:
        return redirect(f"{guest.base}?asked={said['asked']}")
    return render(request, "engagement/webinar_ask_alone.html", context, status=422)
