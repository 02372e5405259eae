"""What an HCP gets at the link for a meeting: free hours, his meeting, a way to move or cancel it.

No sign-in and no script. Opening the page changes nothing, so that a scanner which follows links
books nothing. The forms need no CSRF token: what authenticates them is the signed token in the
address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from entente.directory import reads as directory
from entente.engagement.actions import meeting_bookings as acts
from entente.engagement.domain.calendar import meeting_calendar
from entente.engagement.domain.invitation import when_of, where_of
from entente.engagement.forms_meetings import hour_of
from entente.engagement.models import Event, Meeting
from entente.engagement.pages.asked import quiet
from entente.engagement.pages.meetings import ics
from entente.engagement.reads import events as event_reads
from entente.engagement.reads import meetings as reads
from entente.foundation.access.scope import switched
from entente.foundation.errors import UserError
from entente.foundation.links import BadLink, Opened, open_link
from entente.foundation.web.doors import public_page

YOURS = "you have another meeting at that time"
CANNOT = "we cannot confirm this hour here: please ask at the stand"


@dataclass(frozen=True)
class Guest:
    """Who came by a link, to which congress, on which side of the wall."""

    event: Event
    person_id: UUID
    wall: str
    meetings: list[Meeting]
    at: datetime
    base: str


def _opened(token: str, at: datetime) -> tuple[Opened, str]:
    """Open a link of either side of the wall."""
    try:
        return open_link(acts.PURPOSES["commercial"], token, at=at), "commercial"
    except BadLink:
        return open_link(acts.PURPOSES["medical"], token, at=at), "medical"


def by_link(*, methods: tuple[str, ...]) -> Callable[[Callable[..., HttpResponse]], Any]:
    """Declare a view that a meeting's link opens, in the scope of the company that made it."""

    def declare(view: Callable[..., HttpResponse]) -> Any:
        @csrf_exempt
        @public_page(methods=methods)
        @wraps(view)
        def guarded(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
            at = datetime.now(UTC)
            try:
                opened, wall = _opened(token, at)
            except BadLink:
                return quiet(render(request, "engagement/event_unknown.html", _EMPTY, status=404))
            with switched(opened.scope):
                try:
                    event = event_reads.event(opened.object_id)
                except ObjectDoesNotExist:
                    return quiet(
                        render(request, "engagement/event_unknown.html", _EMPTY, status=404)
                    )
                people = directory.same_person(opened.person_id, at)
                rows = reads.of_person(event.id, people, wall)
                base = reverse("engagement:meeting_pick", args=[token])
                guest = Guest(event, opened.person_id, wall, rows, at, base)
                return quiet(view(request, guest, **more))

        return guarded

    return declare


# An empty token keeps the shell from setting a cookie that nothing here needs.
_EMPTY = {"csrf_token": ""}


@by_link(methods=("GET", "POST"))
def pick(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show the free hours and the person's meetings; a POST books one or moves to it."""
    event = guest.event
    if event.status in {Event.Status.CANCELLED, Event.Status.HELD} or event.ends_at <= guest.at:
        return _shown(request, guest, "meeting_gone", 410, "")
    wrong = ""
    if request.method == "POST":
        try:
            _pick(request, guest)
        except UserError as trouble:
            wrong = YOURS if str(trouble) == acts.BUSY else str(trouble)
        else:
            return redirect(guest.base)
    return _shown(request, guest, "meeting_pick", 422 if wrong else 200, wrong)


def _pick(request: HttpRequest, guest: Guest) -> None:
    try:
        slot_id = UUID(request.POST.get("slot", ""))
        moves = UUID(request.POST["moves"]) if request.POST.get("moves") else None
    except ValueError:
        raise UserError("choose an hour") from None
    if moves is not None:
        mine = _mine(guest, moves)
        acts.move_by_link(moves, mine.hcp_id, slot_id, at=guest.at)
        return
    made = acts.book_by_link(
        slot_id, guest.person_id, wall=guest.wall, topic=request.POST.get("topic", ""), at=guest.at
    )
    if made.status == Meeting.Status.FORBIDDEN:
        # The refusal is kept with its reasons for the company; a guest is not told its rules.
        raise Refused(CANNOT)


class Refused(UserError):
    """The gate said no; what was written about it stays."""


def _mine(guest: Guest, meeting_id: UUID) -> Meeting:
    for row in guest.meetings:
        if row.id == meeting_id:
            return row
    raise UserError("this meeting is over")


def _shown(
    request: HttpRequest, guest: Guest, name: str, status: int, wrong: str
) -> HttpResponse:  # fmt: skip
    event = guest.event
    free: dict[str, list[Any]] = {}
    for slot in reads.bookable(event.id, at=guest.at, wall=guest.wall):
        day, _, hour = hour_of(slot, event).rpartition(", ")
        free.setdefault(day, []).append({"slot": slot, "hour": hour})
    ahead = [m for m in guest.meetings if m.status in {"booked", "referred"}
             and m.ends_at > guest.at]  # fmt: skip
    context = {
        **_EMPTY,
        "event": event,
        "when": when_of(event),
        "where": where_of(event),
        "free": list(free.items()),
        "mine": [{"row": m, "when": hour_of(m.slot, event)} for m in ahead],
        "moves": next((m for m in ahead if str(m.id) == request.GET.get("move")), None),
        "wrong": wrong,
        "topic": request.POST.get("topic", ""),
        "base": guest.base,
    }
    return render(request, f"engagement/{name}.html", context, status=status)


@by_link(methods=("POST",))
def give_up(request: HttpRequest, guest: Guest, meeting_id: UUID) -> HttpResponse:
    """Cancel the person's own meeting."""
    try:
        acts.cancel_by_link(meeting_id, _mine(guest, meeting_id).hcp_id, at=guest.at)
    except UserError as trouble:
        return _shown(request, guest, "meeting_pick", 422, str(trouble))
    return redirect(guest.base)


@by_link(methods=("GET",))
def own_calendar(request: HttpRequest, guest: Guest, meeting_id: UUID) -> HttpResponse:
    """Give the person's own meeting for his calendar."""
    for row in guest.meetings:
        if row.id == meeting_id:
            text = meeting_calendar(row, at=guest.at, address=settings.SITE_URL + guest.base)
            return ics(text)
    return render(request, "engagement/event_unknown.html", _EMPTY, status=404)
