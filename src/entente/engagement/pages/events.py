"""Events: the list, one with its sides, how it is planned, agreed, opened, held and cancelled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.engagement.actions import events as acts
from entente.engagement.actions.attend import issue_certificates
from entente.engagement.forms_events import (
    CostForm,
    CreditForm,
    EventForm,
    NeedForm,
    PresenceForm,
    SpeakerForm,
)
from entente.engagement.models import Event
from entente.engagement.pages.event_meals import meals_of
from entente.engagement.pages.event_words import (
    INVITED,
    PRESENCE,
    STANDING,
    counted,
    dressed,
    toned,
)
from entente.engagement.reads import events as reads
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

TABS = {
    "overview": "Overview",
    "speakers": "Speakers",
    "invitations": "Invitations",
    "attendees": "Attendees",
    "costs": "Costs",
}
HEAD = ("id", "starts_at", "title", "kind", "country", "places", "taken", "status")
ATTENDEES_HEAD = ("ticket", "name", "email", "status", "registered_at", "checked_in_at", "minutes",
                  "walk_in", "certificate")  # fmt: skip
COMING = 6


@page("event.read")
def events(request: HttpRequest) -> HttpResponse:
    """List the events that one's company takes part in."""
    at = datetime.now(UTC)
    found = reads.events(
        status=one_of(request, "status", Event.Status.values),
        kind=one_of(request, "kind", Event.Kind.values),
        since=at if request.GET.get("coming") else None,
    )
    if request.GET.get("export") == "csv":
        rows = (
            (e.id, e.starts_at, e.title, e.kind, e.country, e.places, e.n_taken, e.status)  # type: ignore[attr-defined]
            for e in found.order_by(*reads.ORDER)
        )
        return csv_file("events", HEAD, rows, kind="engagement.event", at=at)
    part = part_of(found, reads.ORDER, request.GET)
    dressed(part.rows)
    context = {
        "part": part,
        "statuses": Event.Status.choices,
        "kinds": Event.Kind.choices,
        "may_write": "event.write" in current_scope().may,
    }
    return render(request, "engagement/events.html", context)


@page("event.write", methods=("GET", "POST"))
def new_event(request: HttpRequest) -> HttpResponse:
    """Set up an event."""
    at, scope = datetime.now(UTC), current_scope()
    initial = {"time_zone": request.user.time_zone}  # type: ignore[union-attr]
    form = EventForm(posted(request), org_id=scope.org_id, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.set_up_event(form.plan(), partner_shares=form.shares(), at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Set up. Record the need next, before anybody is chosen.")
            return redirect("engagement:event", made.id)
    context = {"form": form, "trail": _trail(), "title": "Plan an event", "submit": "Set it up"}
    return render(
        request, "engagement/event_form.html", context, status=422 if form.errors else 200
    )


@page("event.write", methods=("GET", "POST"))
def edit_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Change a planned event; whoever had agreed agrees again."""
    event = reads.event(event_id)
    form = EventForm(posted(request), org_id=current_scope().org_id, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_event(event_id, form.plan(), at=datetime.now(UTC))
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Changed. Every party agrees to it as it is now.")
            return redirect("engagement:event", event_id)
    context = {"form": form, "trail": _trail(event), "title": "Change the event", "submit": "Save"}
    return render(
        request, "engagement/event_form.html", context, status=422 if form.errors else 200
    )


@page("event.read")
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Show one event from the side that is asked for."""
    found, scope = reads.event(event_id), current_scope()
    tab = one_of(request, "tab", TABS) or "overview"
    if tab == "attendees" and request.GET.get("export") == "csv":
        return _attendees_file(found)
    stated = acts.terms(found)
    sides = list(found.sides.all())
    for side in sides:
        side.has_agreed = side.agreed_hash == stated  # type: ignore[attr-defined]
        side.percent = side.share * 100  # type: ignore[attr-defined]
    attendees = reads.attendees(event_id)
    n = counted(attendees)
    own, taken = found.org_id == scope.org_id, reads.n_taken(event_id)
    context = {
        "event": dressed([found])[0],
        "tab": tab,
        "tabs": [
            {
                "code": code,
                "label": label,
                "is_current": code == tab,
                "n": taken if code == "attendees" else None,
            }
            for code, label in TABS.items()
        ],
        "sides": sides,
        "stated": stated,
        "blocked": reads.blocked_by(found, stated),
        "n": n,
        "n_places": taken,
        "own": own,
        "may_write": own and "event.write" in scope.may,
        "has_begun": found.starts_at <= datetime.now(UTC),
        "may_agree": bool(scope.may & {"event.agree", "event.write"})
        and found.status == "draft"
        and any(s.org_id == scope.org_id and not s.has_agreed for s in sides),  # type: ignore[attr-defined]
        "may_invite": "event.invite" in scope.may and found.status == "open",
        "may_meet": found.kind == "congress" and "meeting.read" in scope.may,
        "may_check": "event.check" in scope.may and found.status in {"open", "held"},
        "trail": _trail(),
        **_of_tab(tab, found, attendees, n["attended"]),
    }
    return render(request, "engagement/event.html", context)


def _of_tab(tab: str, event: Event, attendees: list[Any], n_attended: int) -> dict[str, Any]:
    """Give what only one side of the page needs."""
    if tab == "speakers":
        return {"speakers": toned(reads.speakers(event.id), STANDING, "standing"),
                "speaker_form": SpeakerForm()}  # fmt: skip
    if tab == "invitations":
        rows = list(reads.invitations(event.id).order_by("-requested_at", "-id")[:200])
        return {"invitations": toned(rows, INVITED)}
    if tab == "attendees":
        return {
            "attendees": toned(attendees, PRESENCE),
            "presence_form": PresenceForm(),
            "meals": meals_of(event) if "expense.read" in current_scope().may else [],
            "may_record_meal": "expense.record" in current_scope().may
            and event.setting != "virtual"
            and event.status in {"open", "held"},
        }
    if tab == "costs":
        costs, names = reads.costs(event.id), {s.org_id: s.name for s in event.sides.all()}
        for row in costs:
            row.payer = names.get(row.org_id, "")  # type: ignore[attr-defined]
        return {"costs": costs, "money": reads.money(costs, n_attended), "cost_form": CostForm()}
    return {
        "need_form": NeedForm(initial={"need": event.need, "criteria": event.criteria}),
        "credit_form": CreditForm(),
    }


def _attendees_file(event: Event) -> HttpResponse:
    rows = (
        (a.ticket, a.name, a.email, a.status, a.registered_at, a.checked_in_at, a.minutes,
         a.is_walk_in, a.certificate)
        for a in reads.attendees(event.id)
    )  # fmt: skip
    return csv_file(
        "attendees", ATTENDEES_HEAD, rows, kind="engagement.attendee", at=datetime.now(UTC)
    )


def _trail(event: Event | None = None) -> list[dict[str, str]]:
    trail = [{"label": "Events", "url": reverse("engagement:events")}]
    if event is not None:
        trail.append({"label": event.title, "url": reverse("engagement:event", args=[event.id])})
    return trail


def done(
    request: HttpRequest, event_id: UUID, act: Callable[[], Any], said: str, tab: str = ""
) -> HttpResponse:
    """Act and go back to the event; what does not fit is said above it."""
    try:
        act()
    except (UserError, NotSigned) as trouble:
        messages.error(request, f"{str(trouble)[:1].upper()}{str(trouble)[1:]}.")
    else:
        messages.success(request, said)
    address = reverse("engagement:event", args=[event_id])
    return redirect(f"{address}?tab={tab}" if tab else address)


@page("event.write", methods=("POST",))
def need(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Write down the need and the criteria."""
    given = request.POST
    return done(
        request,
        event_id,
        lambda: acts.record_need(
            event_id, given.get("need", ""), given.get("criteria", ""), at=datetime.now(UTC)
        ),
        "Recorded. People can be chosen now.",
    )


@page("event.read", methods=("POST",))
def agree(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Agree for one's own company, with a signature."""
    password = request.POST.get("password", "")
    return done(
        request,
        event_id,
        lambda: acts.agree_event(event_id, password=password, at=datetime.now(UTC)),
        "Agreed for your company.",
    )


@page("event.write", methods=("POST",))
def move(request: HttpRequest, event_id: UUID, step: str) -> HttpResponse:
    """Open, hold or cancel an event."""
    at = datetime.now(UTC)
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "open": (lambda: acts.open_event(event_id, at=at), "Open: people can be invited."),
        "hold": (lambda: acts.hold_event(event_id, at=at), "Held. Certificates can be issued."),
        "cancel": (
            lambda: acts.cancel_event(event_id, request.POST.get("reason", ""), at=at),
            "Cancelled. Invitations that wait no longer leave.",
        ),
        "certify": (
            lambda: issue_certificates(event_id, least_minutes=_minutes(request), at=at),
            "Certificates are numbered; everybody finds theirs at the link of the ticket.",
        ),
    }
    act, said = steps[step]
    return done(request, event_id, act, said, "attendees" if step == "certify" else "")


def _minutes(request: HttpRequest) -> int:
    text = request.POST.get("least_minutes", "")
    return int(text) if text.isdigit() else 0


@page("event.read", methods=("POST",))
def cost(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Write what a category costs one's own company."""
    form = CostForm(request.POST)

    def act() -> None:
        must_fit(form)
        acts.set_cost(
            event_id, form.cleaned_data["category"], form.cleaned_data["currency"],
            **form.amounts(), at=datetime.now(UTC),
        )  # fmt: skip

    return done(request, event_id, act, "Written.", "costs")


@page("event.write", methods=("POST",))
def credit(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Say how many credits of a type attending brings."""
    form = CreditForm(request.POST)

    def act() -> None:
        must_fit(form)
        hundredths = int(form.cleaned_data["credits"] * 100)
        acts.set_credit(
            event_id, form.cleaned_data["credit_type"], hundredths, at=datetime.now(UTC)
        )

    return done(request, event_id, act, "Written.")


def must_fit(form: Any) -> None:
    """Refuse a small form that does not fit, naming its first field.

    Raises
    ------
    UserError
    """
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise UserError(f"{form[field].label}: {errors[0]}", field=field)


def coming(scope: Scope) -> dict[str, Any]:
    """Show the next events and what keeps each from opening."""
    at = datetime.now(UTC)
    rows = dressed(reads.coming(at=at, limit=COMING))
    for row in rows:
        row.blocked = reads.blocked_by(row, acts.terms(row)) if row.status == "draft" else ""  # type: ignore[attr-defined]
    return {"events": rows, "may_write": "event.write" in scope.may}
