"""Meetings at a congress: the stand's hours, one meeting, booking, moving, holding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import reads as directory
from entente.engagement.actions import meeting_bookings as acts
from entente.engagement.actions.meetings import add_meeting_place, close_slot, open_slots
from entente.engagement.domain.calendar import meeting_calendar
from entente.engagement.domain.caution import caution
from entente.engagement.forms_meetings import (
    BookForm,
    DoneForm,
    HoursForm,
    MoveForm,
    PlaceForm,
    hour_of,
)
from entente.engagement.models import Event, Meeting
from entente.engagement.pages.calls import SAFETY
from entente.engagement.pages.event_words import dressed
from entente.engagement.reads import events as event_reads
from entente.engagement.reads import meetings as reads
from entente.foundation.access.roles import Wall
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.policy.reads.reasons import reasons_of

TONES = {
    "booked": "ok", "referred": "warn", "forbidden": "bad", "done": "info", "no_show": "warn",
    "cancelled": "neutral",
}  # fmt: skip
HEAD = ("id", "starts_at", "ends_at", "host", "place", "table", "hcp_id", "hcp", "topic", "status")
SAID = {
    "booked": "Booked.",
    "referred": "A person decides first: the reasons stand below.",
    "forbidden": "It must not take place: the reasons stand below.",
}
FOUND = 8
SHOWN = 6


def toned(rows: Iterable[Meeting]) -> list[Any]:
    """Put beside each meeting its tone and its time at the venue."""
    found: list[Any] = list(rows)
    for row in found:
        row.tone, row.when = TONES[row.status], hour_of(row.slot, row.event)
    return found


def trail_of(event: Event, *, deeper: bool = False) -> list[dict[str, str]]:
    """Give the way to a congress's meetings; its own page only to those who may open it."""
    trail = []
    if "event.read" in current_scope().may:
        trail = [
            {"label": "Events", "url": reverse("engagement:events")},
            {"label": event.title, "url": reverse("engagement:event", args=[event.id])},
        ]
    if deeper:
        address = reverse("engagement:meetings", args=[event.id])
        trail.append({"label": "Meetings", "url": address})
    return trail


@page("meeting.read")
def congresses(request: HttpRequest) -> HttpResponse:
    """List the congresses at which one's company meets people."""
    found = event_reads.events(kind="congress").exclude(status="cancelled")
    context = {"events": dressed(found.order_by("-starts_at", "-id")[:50])}
    return render(request, "engagement/congresses.html", context)


@page("meeting.read")
def meetings(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Show the hours of a congress by day, and who sits where."""
    event, scope = event_reads.event(event_id), current_scope()
    if request.GET.get("export") == "csv":
        return _file(event)
    whose = one_of(request, "whose", ("mine", "company", "free"))
    slots = [each for each in reads.slots(event_id) if _wanted(each, whose, scope)]
    may_write = "meeting.write" in scope.may and event.status in {"draft", "open"}
    places = reads.places(event_id)
    off = reads.meetings(event_id=event_id).filter(status__in=("forbidden", "cancelled"))
    context = {
        "event": dressed([event])[0],
        "days": _by_day(slots, event, scope),
        "places": places,
        "names": {side.org_id: side.name for side in event.sides.all()},
        "whose": [("mine", "My hours"), ("company", "My company’s"), ("free", "Still free")],
        "n_free": sum(not each.is_taken for each in slots),
        "n_booked": sum(each.is_taken for each in slots),
        "off": toned(off.order_by("-booked_at", "-id")[:20]),
        "may_write": may_write,
        "is_open": event.status == "open",
        "place_form": PlaceForm() if may_write else None,
        "hours_form": HoursForm(event=event, places=places, scope=scope)
        if may_write and places
        else None,
        "trail": trail_of(event),
    }
    return render(request, "engagement/meetings.html", context)


def _wanted(slot: Any, whose: str, scope: Scope) -> bool:
    wanted: dict[str, bool] = {
        "mine": slot.host_id == scope.actor_id,
        "company": slot.org_id == scope.org_id,
        "free": not slot.is_taken,
    }
    return wanted.get(whose, True)


def _by_day(slots: list[Any], event: Event, scope: Scope) -> list[dict[str, Any]]:
    """Put the hours under their days at the venue, with what one may do with each."""
    names = {side.org_id: side.name for side in event.sides.all()}
    found: dict[str, list[Any]] = {}
    for slot in slots:
        day, _, slot.hour = hour_of(slot, event).rpartition(", ")
        slot.company = names.get(slot.org_id, "")
        on_side = scope.wall in (Wall.BOTH, Wall(slot.wall))
        slot.may_book = slot.org_id == scope.org_id and not slot.is_taken and on_side
        if slot.meeting is not None:
            slot.tone = TONES[slot.meeting.status]
        found.setdefault(day, []).append(slot)
    return [{"day": day, "slots": rows} for day, rows in found.items()]


def _file(event: Event) -> HttpResponse:
    rows = (
        (m.id, m.starts_at, m.ends_at, m.slot.host_name, m.slot.place.name, m.slot.table,
         m.hcp_id, m.hcp.display_name, m.topic, m.status)
        for m in reads.meetings(event_id=event.id).order_by("starts_at", "id")
    )  # fmt: skip
    return csv_file("meetings", HEAD, rows, kind="engagement.meeting", at=datetime.now(UTC))


@page("meeting.write", methods=("POST",))
def lay_out(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Add a place, open hours, or close some."""
    at, event = datetime.now(UTC), event_reads.event(event_id)
    if "close" in request.POST:
        return _done(request, event_id, lambda: close_slot(UUID(request.POST["close"]), at=at),
                     "Closed.")  # fmt: skip
    if "n_tables" in request.POST:
        place = PlaceForm(request.POST)
        return _done(request, event_id, lambda: _lay_out(event_id, place, at), "Laid out.")
    form = HoursForm(
        request.POST, event=event, places=reads.places(event_id), scope=current_scope()
    )
    return _done(request, event_id, lambda: _open(form, at), "Open: they can be booked.")


def _lay_out(event_id: UUID, form: PlaceForm, at: datetime) -> None:
    _must_fit(form)
    add_meeting_place(event_id, form.cleaned_data["name"], form.cleaned_data["n_tables"], at=at)


def _open(form: HoursForm, at: datetime) -> None:
    _must_fit(form)
    given = form.cleaned_data
    open_slots(
        given["place"], host_id=given["host"], first_at=form.first(), minutes=given["minutes"],
        n_slots=given["n_slots"], pause_minutes=given["pause_minutes"], at=at,
    )  # fmt: skip


def _must_fit(form: Any) -> None:
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise UserError(f"{form[field].label}: {errors[0]}", field=field)


def _done(
    request: HttpRequest, event_id: UUID, act: Callable[[], Any], said: str
) -> HttpResponse:  # fmt: skip
    try:
        act()
    except (UserError, ValueError) as trouble:
        messages.error(request, f"{str(trouble)[:1].upper()}{str(trouble)[1:]}.")
    else:
        messages.success(request, said)
    return redirect("engagement:meetings", event_id)


@page("meeting.write", methods=("GET", "POST"))
def book(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """Book a slot for an HCP; the gate answers at once."""
    at, slot = datetime.now(UTC), reads.slot(slot_id)
    event = slot.event
    acts_now = request.method == "POST" and "look" not in request.POST
    initial = request.POST.dict() if request.method == "POST" else {"hcp": request.GET.get("hcp")}
    form = BookForm(request.POST if acts_now else None, initial=initial)
    if acts_now and form.is_valid():
        given = form.cleaned_data
        try:
            made = acts.book_meeting(
                slot_id, given["hcp"], topic=given["topic"], was_requested=given["was_requested"],
                at=at,
            )  # fmt: skip
        except UserError as trouble:
            form.blame(trouble)
        else:
            tell = messages.success if made.status == "booked" else messages.warning
            tell(request, SAID.get(made.status, "Booked."))
            return redirect("engagement:meeting", made.id)
    context = {
        **people_of(request, str(form["hcp"].value() or "")),
        "form": form,
        "slot": slot,
        "event": event,
        "when": hour_of(slot, event),
        "trail": trail_of(event, deeper=True),
    }
    status = 422 if form.errors else 200
    return render(request, "engagement/meeting_book.html", context, status=status)


def people_of(request: HttpRequest, chosen: str) -> dict[str, Any]:
    """Give the HCP chosen and those found for the words typed."""
    given = request.POST if request.method == "POST" else request.GET
    words = (given.get("find") or "").strip()[:100]
    try:
        person = directory.hcps([UUID(chosen)]).get(UUID(chosen)) if chosen else None
    except ValueError:
        person = None
    found = directory.search_hcps(words, FOUND) if words and person is None else []
    return {"words": words, "person": person, "found": found}


@page("meeting.read")
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Show one meeting with what the gate says of it, and what can be done."""
    return _one(request, reads.meeting(meeting_id))


def _one(request: HttpRequest, row: Meeting, **forms: Any) -> HttpResponse:
    at, scope, event = datetime.now(UTC), current_scope(), row.event
    ahead = row.status in {"booked", "referred"} and row.starts_at > at
    may = "meeting.write" in scope.may and scope.wall in (Wall.BOTH, Wall(row.wall))
    begun = row.status in {"booked", "no_show"} and row.starts_at <= at
    slots = reads.bookable(event.id, at=at, wall=row.wall) if ahead and may else []
    context = {
        "row": toned([row])[0],
        "event": event,
        "reasons": [] if row.decision.outcome == "PERMIT" else reasons_of(row.decision),
        "may_change": ahead and may,
        "may_hold": begun and row.host_id == scope.actor_id and "touch.write" in scope.may,
        "may_miss": begun and may and row.status == "booked",
        "move_form": MoveForm(slots=slots, event=event) if slots else None,
        "done_form": forms.get("done") or DoneForm(),
        "may_see_touch": row.touch_id and "touch.read" in scope.may,
        "trail": trail_of(event, deeper=True),
    }
    return render(
        request, "engagement/meeting.html", context, status=422 if forms.get("done") else 200
    )


@page("meeting.write", methods=("POST",))
def change(request: HttpRequest, meeting_id: UUID, step: str) -> HttpResponse:
    """Move, cancel or hold a meeting, or say that nobody came."""
    at, row = datetime.now(UTC), reads.meeting(meeting_id)
    if step == "hold":
        return _held(request, row, at)
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "move": (
            lambda: acts.move_meeting(meeting_id, UUID(request.POST.get("slot", "")), at=at),
            "Moved. Send the new calendar entry.",
        ),
        "cancel": (
            lambda: acts.cancel_meeting(meeting_id, request.POST.get("reason", ""), at=at),
            "Cancelled. The hour can be booked again.",
        ),
        "missed": (lambda: acts.miss_meeting(meeting_id, at=at), "Noted."),
    }
    act, said = steps[step]
    try:
        act()
    except (UserError, ValueError) as trouble:
        messages.error(request, f"{str(trouble)[:1].upper()}{str(trouble)[1:]}.")
    else:
        messages.success(request, said)
    return redirect("engagement:meeting", meeting_id)


def _held(request: HttpRequest, row: Meeting, at: datetime) -> HttpResponse:
    form = DoneForm(posted(request))
    if form.is_valid():
        try:
            acts.hold_meeting(
                row.id, note=form.cleaned_data["note"], reaction=form.cleaned_data["reaction"],
                at=at,
            )  # fmt: skip
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "It stands among your calls.")
            words = caution(form.cleaned_data["note"]).safety
            if words:
                messages.warning(request, SAFETY.format(words=", ".join(words)))
            return redirect("engagement:meeting", row.id)
    return _one(request, row, done=form)


@page("meeting.read")
def calendar(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Give a meeting for one's calendar."""
    row = reads.meeting(meeting_id)
    address = settings.SITE_URL + reverse("engagement:meeting", args=[row.id])
    return ics(meeting_calendar(row, at=datetime.now(UTC), address=address))


def ics(text: bytes) -> HttpResponse:
    """Answer with a calendar file."""
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return answer


@page("meeting.write", methods=("GET", "POST"))
def give_link(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Make the link with which an HCP books without signing in."""
    event, link, error = event_reads.event(event_id), "", ""
    chosen = (request.POST if request.method == "POST" else request.GET).get("hcp") or ""
    people = people_of(request, chosen)
    if request.method == "POST" and "look" not in request.POST:
        try:
            if people["person"] is None:
                raise UserError("choose the HCP")
            link = settings.SITE_URL + acts.give_meeting_link(
                event_id, people["person"].id, at=datetime.now(UTC)
            )
        except UserError as trouble:
            error = str(trouble)
    context = {**people, "event": event, "link": link, "error": error,
               "form": BookForm(initial={"hcp": chosen}),
               "trail": trail_of(event, deeper=True)}  # fmt: skip
    return render(request, "engagement/meeting_link.html", context, status=422 if error else 200)


def my_meetings(scope: Scope) -> dict[str, Any]:
    """Show a host's next meetings."""
    if scope.actor_id is None:
        return {"meetings": []}
    rows = reads.my_meetings(scope.actor_id, since=datetime.now(UTC), limit=SHOWN)
    return {"meetings": toned(rows)}
