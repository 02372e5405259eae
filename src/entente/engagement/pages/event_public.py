"""What an HCP gets at the link of an invitation: the event, a place, a ticket, a way out.

No sign-in and no script. The forms need no CSRF token: what authenticates them is the signed
token in the address.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

import qrcode
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from qrcode.image.svg import SvgPathImage

from entente.directory import reads as directory
from entente.engagement.actions.attend import cancel_attendance, register
from entente.engagement.actions.invite import PURPOSE
from entente.engagement.domain.calendar import as_calendar
from entente.engagement.domain.invitation import when_of, where_of
from entente.engagement.forms_events import RegistrationForm
from entente.engagement.models import Attendee, Event
from entente.engagement.pages.webinar_words import guest_context, is_in
from entente.engagement.reads import events as reads
from entente.foundation.access.scope import Scope, switched
from entente.foundation.errors import UserError
from entente.foundation.links import BadLink, open_link
from entente.foundation.web.doors import public_page
from entente.foundation.web.pdf import pdf_of


@dataclass(frozen=True)
class Guest:
    """Who came by a link, to which event, and his registration if there is one."""

    event: Event
    person_id: UUID
    attendee: Attendee | None
    at: datetime
    base: str
    link_id: UUID


def _shown(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    # An empty token keeps the shell from setting a cookie that nothing here needs.
    answer = render(
        request, f"engagement/{name}.html", {**context, "csrf_token": ""}, status=status
    )
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def by_link(*, methods: tuple[str, ...]) -> Callable[[Callable[..., HttpResponse]], Any]:
    """Declare a view that an invitation's link opens, in the scope of whoever invited."""

    def declare(view: Callable[..., HttpResponse]) -> Any:
        @csrf_exempt
        @public_page(methods=methods)
        @wraps(view)
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            at = datetime.now(UTC)
            try:
                opened = open_link(PURPOSE, token, at=at)
            except BadLink:
                return _shown(request, "event_unknown", {}, 404)
            with switched(opened.scope):
                try:
                    event = reads.event(opened.object_id)
                except ObjectDoesNotExist:
                    return _shown(request, "event_unknown", {}, 404)
            # The list belongs to the company that owns the event, whoever invited.
            with switched(Scope(org_id=event.org_id, actor_name="public:event")):
                people = directory.same_person(opened.person_id, at)
                attendee = reads.attendee_of(event.id, people)
                base = reverse("engagement:event_register", args=[token])
                guest = Guest(event, opened.person_id, attendee, at, base, opened.link_id)
                return view(request, guest)

        return guarded

    return declare


def _context(guest: Guest) -> dict[str, Any]:
    event = guest.event
    return {
        "event": event,
        "when": when_of(event),
        "where": where_of(event),
        "parties": [side.name for side in event.sides.all()],
        "base": guest.base,
        "attendee": guest.attendee,
    }


@by_link(methods=("GET", "POST"))
def registration(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show the event and take a registration; who has one sees the ticket."""
    event, context = guest.event, _context(guest)
    if event.status == Event.Status.CANCELLED:
        return _shown(request, "event_gone", context, 410)
    if guest.attendee is not None and guest.attendee.status != Attendee.Status.CANCELLED:
        return _ticket(request, guest, context)
    if event.status != Event.Status.OPEN or event.starts_at <= guest.at:
        return _shown(request, "event_gone", context, 410)
    parties = [(str(side.org_id), side.name) for side in event.sides.all()]
    name = directory.hcp(guest.person_id).display_name
    form = RegistrationForm(
        request.POST if request.method == "POST" else None, parties=parties, initial={"name": name}
    )
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            register(
                event.id, hcp_id=guest.person_id, name=found["name"], email=found["email"],
                seen_by=[UUID(each) for each in found["seen_by"]], at=guest.at,
            )  # fmt: skip
        except UserError as trouble:
            form.add_error(trouble.field if trouble.field in form.fields else None, str(trouble))
        else:
            return redirect(guest.base)
    context |= {"form": form, "is_full": reads.n_taken(event.id) >= event.places}
    return _shown(request, "event_register", context, 422 if form.errors else 200)


def _ticket(request: HttpRequest, guest: Guest, context: dict[str, Any]) -> HttpResponse:
    attendee = guest.attendee
    assert attendee is not None
    if attendee.status == Attendee.Status.WAITING:
        ahead = guest.event.attendees.filter(status="waiting", ticket__lt=attendee.ticket)
        context["n_ahead"] = ahead.count()
    address = reverse("engagement:event_check_one", args=[guest.event.id, attendee.id])
    context["square"] = square_of(settings.SITE_URL + address)
    context["is_over"] = guest.event.ends_at <= guest.at
    if is_in(guest.event, attendee):
        context |= guest_context(guest.event, attendee)
        context["asked"] = request.GET.get("asked")
    return _shown(request, "event_ticket", context)


def square_of(address: str) -> str:
    """Draw an address as a square that a telephone's camera reads."""
    drawn = io.BytesIO()
    code = qrcode.QRCode(border=2, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(address)
    code.make_image(image_factory=SvgPathImage).save(drawn)
    svg = drawn.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - drawn here from our own address


@by_link(methods=("POST",))
def cancel(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Give the place back."""
    if guest.attendee is not None and guest.attendee.status in {"registered", "waiting"}:
        cancel_attendance(guest.attendee.id, at=guest.at)
    return redirect(guest.base)


@by_link(methods=("GET",))
def calendar(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Give the event for one's calendar."""
    text = as_calendar(guest.event, at=guest.at, address=settings.SITE_URL + guest.base)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="event.ics"'
    return answer


@by_link(methods=("GET",))
def certificate(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Give the certificate of attendance as PDF, once it was issued."""
    if guest.attendee is None or not guest.attendee.certificate:
        return _shown(request, "event_unknown", {}, 404)
    html = render_to_string("engagement/event_certificate.html", _context(guest))
    answer = HttpResponse(pdf_of(html), content_type="application/pdf")
    answer["Content-Disposition"] = (
        f'inline; filename="certificate-{guest.attendee.certificate}.pdf"'
    )
    return answer
