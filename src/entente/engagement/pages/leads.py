"""Leads of a congress stand: written down on a telephone, listed, one with its follow-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from entente.directory import reads as directory
from entente.engagement.actions import leads as acts
from entente.engagement.actions.lead_consents import record_lead_permissions
from entente.engagement.domain.caution import caution
from entente.engagement.forms_leads import (
    CHANNEL_NAMES,
    CandidateForm,
    LeadForm,
    SettleForm,
    TakeForm,
)
from entente.engagement.models import Event, Lead
from entente.engagement.pages.calls import SAFETY, brief
from entente.engagement.pages.meetings import people_of
from entente.engagement.reads import events as event_reads
from entente.engagement.reads import leads as reads
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of

TONES = {"open": "warn", "taken": "info", "done": "ok", "rejected": "neutral"}
PURPOSES = {"promotion": "Product information", "education": "Disease education",
            "medical": "Medical information", "event": "Events"}  # fmt: skip
HEAD = ("id", "event_id", "captured_at", "origin", "hcp_id", "name", "place", "interest",
        "state", "side_id", "due_on", "outcome")  # fmt: skip
MOST_KEPT = 500
FOUND = 8
SHOWN = 6


def dressed(rows: list[Any]) -> list[Any]:
    """Put beside each lead its tone, and whether it is late."""
    today, labels = datetime.now(UTC).date(), dict(reads.STATES)
    for row in rows:
        row.tone, row.state_label = TONES[row.state], labels[row.state]
        row.is_late = reads.is_late(row, today)
    return rows


@page("lead.read")
def leads(request: HttpRequest) -> HttpResponse:
    """List the leads of one's own company, and those who permitted something to it."""
    event_id, scope = id_of(request, "event"), current_scope()
    found = reads.leads(
        event_id=event_id,
        state=one_of(request, "state", dict(reads.STATES)),
        origin=one_of(request, "origin", Lead.Origin.values),
        owner_id=scope.actor_id if request.GET.get("mine") else None,
        text=text_of(request, "q"),
    )
    if request.GET.get("export") == "csv":
        rows = (
            (r.id, r.event_id, r.captured_at, r.origin, r.hcp_id, r.name, r.place, r.interest,
             r.state, r.side_id, r.due, getattr(r, "follow_up", None) and r.follow_up.outcome)
            for r in found.order_by(*reads.ORDER).iterator(2_000)
        )  # fmt: skip
        return csv_file("leads", HEAD, rows, kind="engagement.lead", at=datetime.now(UTC))
    part = part_of(found, reads.ORDER, request.GET)
    dressed(part.rows)
    congresses = list(event_reads.events(kind="congress").order_by("-starts_at")[:100])
    counts = reads.counts_by_origin(event_id)
    names = {org.id: org.name for org in directory.organisations_visible()}
    titles = {event.id: event.title for event in congresses}
    context = {
        "part": part,
        "states": reads.STATES,
        "origins": Lead.Origin.choices,
        "congresses": [(event.id, event.title) for event in congresses],
        "counts": [
            {"of": each, "company": names.get(each.org_id, ""), "title": titles.get(each.event_id),
             "origin": Lead.Origin(each.origin).label}
            for each in counts
        ],
        "may_write": "lead.write" in scope.may,
        "event_id": event_id,
    }  # fmt: skip
    return render(request, "engagement/leads.html", context)


def _stand(event_id: UUID | None, at: datetime) -> Event | None:
    """Give the congress that is meant: the one named, else the one that is on or comes next."""
    if event_id is not None:
        return event_reads.event(event_id)
    coming = event_reads.events(kind="congress", status="open", since=at)
    return coming.order_by("starts_at", "id").first()


@page("lead.write", methods=("GET", "POST"))
def capture(request: HttpRequest) -> HttpResponse:
    """Write a lead down; a device sends what it kept to the same address and gets JSON."""
    at = datetime.now(UTC)
    given = request.POST if request.method == "POST" else request.GET
    event = _stand(_id(given.get("event")), at)
    if event is None:
        return render(request, "engagement/lead_nowhere.html", {"trail": _trail()})
    country = (given.get("country") or event.country).upper()[:2]
    sides = {side.org_id: side.name for side in event.sides.all()}
    asks = reads.asks(country, set(sides), request.user.locale)  # type: ignore[union-attr]
    acts_now = request.method == "POST" and "look" not in request.POST
    initial = request.POST.dict() if request.method == "POST" else {"hcp": given.get("hcp")}
    form = LeadForm(request.POST if acts_now else None, event=event, asks=asks, initial=initial)
    wants_json = request.headers.get("Accept") == "application/json"
    if acts_now and form.is_valid():
        try:
            made = acts.capture_lead(form.lead(_who(form, event)), at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            return _answer(made) if wants_json else _kept(request, made, event)
    if acts_now and wants_json:
        return JsonResponse({"errors": form.errors.get_json_data()}, status=422)
    named = {ask.org_id for ask in asks}
    context = {
        **people_of(request, str(form["hcp"].value() or "")),
        "form": form,
        "event": event,
        "country": country,
        "countries": reads.countries_asked(),
        "purposes": PURPOSES,
        "unnamed": [name for org_id, name in sides.items() if org_id not in named],
        "user_id": current_scope().actor_id,
        "open": any(field.errors for field in form.folded),
        "trail": _trail(),
    }
    return render(
        request, "engagement/lead_capture.html", context, status=422 if form.errors else 200
    )


def _who(form: LeadForm, event: Event) -> UUID | None:
    """Give the HCP that was chosen, or whom the badge means."""
    if form.cleaned_data["hcp"]:
        return UUID(str(form.cleaned_data["hcp"]))
    person = reads.by_badge(event.id, form.cleaned_data["badge"])
    return person.id if person is not None else None


def _safety(lead: Lead) -> str:
    words = caution(f"{lead.interest} {lead.note}").safety
    return SAFETY.format(words=", ".join(words)) if words else ""


def _answer(lead: Lead) -> JsonResponse:
    """Tell a device what became of its record."""
    return JsonResponse(
        {
            "id": str(lead.id),
            "url": reverse("engagement:lead", args=[lead.id]),
            "said": "Kept." if lead.hcp_id else "Kept. Say who it is before it is followed up.",
            "safety": _safety(lead),
        }
    )


def _kept(request: HttpRequest, lead: Lead, event: Event) -> HttpResponse:
    messages.success(request, f"{lead.name} is written down.")
    if warning := _safety(lead):
        messages.warning(request, warning)
    return redirect(f"{reverse('engagement:lead_new')}?event={event.id}")


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _trail() -> list[dict[str, str]]:
    return [{"label": "Leads", "url": reverse("engagement:leads")}]


@page("lead.read")
def lead(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """Show one lead: what was said, what was permitted to whom, and what became of it."""
    return _one(request, lead_id)


def _one(request: HttpRequest, lead_id: UUID, **given: Any) -> HttpResponse:
    row, scope = dressed([reads.lead(lead_id)])[0], current_scope()
    consents = reads.consents_of(lead_id)
    names = {org.id: org.name for org in directory.organisations_visible()}
    for tick in consents:
        tick.company = names.get(tick.party_id, "")  # type: ignore[attr-defined]
        tick.words = PURPOSES.get(tick.purpose, tick.purpose)  # type: ignore[attr-defined]
        tick.way = CHANNEL_NAMES.get(tick.channel, tick.channel)  # type: ignore[attr-defined]
    follow_up = getattr(row, "follow_up", None)
    owner = ("user", follow_up.owner_id if follow_up else None)
    writer = ("user", row.captured_by_id)
    people = names_of([writer, owner])
    shared = {tick.party_id for tick in consents if tick.withdrawn_at is None} - {row.org_id}
    context = {
        "row": row,
        "consents": consents,
        "follow_up": follow_up,
        "captured_by": people.get(writer),
        "owner": people.get(owner),  # type: ignore[arg-type]
        "company": names.get(row.org_id, ""),
        "side": names.get(row.side_id, ""),
        **_steps(row, follow_up, shared, scope, given),
        **(people_of(request, "") if "lead.write" in scope.may else {}),
        "trail": _trail(),
    }
    if row.org_id == scope.org_id and "lead.write" in scope.may:
        context["shared_with"] = [(org_id, names.get(org_id, "")) for org_id in shared]
    status = 422 if given else 200
    return render(request, "engagement/lead.html", context, status=status)


def _steps(
    row: Any, follow_up: Any, shared: set[UUID], scope: Scope, given: dict[str, Any]
) -> dict[str, Any]:
    """Give what one may do with a lead: forms as they were filled in, or as they begin."""
    may, own = "lead.write" in scope.may, row.org_id == scope.org_id
    follows = may and row.side_id == scope.org_id and row.state in {"open", "taken"}
    unknown = own and row.hcp_id is None
    found: dict[str, Any] = {
        "may_link": may and unknown,
        "may_record": may and row.hcp_id is not None and scope.org_id in shared,
    }
    if follows:
        owner = follow_up.owner_id if follow_up else scope.actor_id
        begun = TakeForm(initial={"owner": owner, "due_on": row.due})
        found["take_form"] = given.get("take") or begun
    if follows and row.state == "taken":
        found["settle_form"] = given.get("settle") or SettleForm()
    if unknown and "directory.import" in scope.may:
        begun_candidate = CandidateForm(initial={"country": row.event.country})
        found["candidate_form"] = given.get("candidate") or begun_candidate
    return found


@page("lead.read", methods=("POST",))
def change(request: HttpRequest, lead_id: UUID, step: str) -> HttpResponse:
    """Take, settle, link, enter, record or end: one step with a lead."""
    at, given = datetime.now(UTC), request.POST
    if step in ("take", "settle", "candidate"):
        return _by_form(request, lead_id, step, at)
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "link": (lambda: acts.link_lead(lead_id, UUID(given.get("hcp", "")), at=at), "Linked."),
        "record": (
            lambda: record_lead_permissions(lead_id, at=at),
            "Recorded among the person’s permissions.",
        ),
        "unshare": (
            lambda: acts.end_lead_sharing(lead_id, UUID(given.get("party", "")), at=at),
            "Ended: that company sees the lead no more.",
        ),
    }
    act, said = steps[step]
    try:
        act()
    except (UserError, ValueError) as trouble:
        messages.error(request, f"{str(trouble)[:1].upper()}{str(trouble)[1:]}.")
    else:
        messages.success(request, said)
    return redirect("engagement:lead", lead_id)


def _by_form(request: HttpRequest, lead_id: UUID, step: str, at: datetime) -> HttpResponse:
    """Do a step that asks for more than a touch; what does not fit is said at its field."""
    shapes = {"take": TakeForm, "settle": SettleForm, "candidate": CandidateForm}
    form: Any = shapes[step](request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            if step == "take":
                acts.take_lead(lead_id, owner_id=given["owner"], due_on=given["due_on"], at=at)
            elif step == "settle":
                acts.settle_lead(lead_id, status=given["status"], outcome=given["outcome"], at=at)
            else:
                acts.enter_candidate(lead_id, **given, at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Noted.")
            return redirect("engagement:lead", lead_id)
    return _one(request, lead_id, **{step: form})


@page("lead.write")
def ready(request: HttpRequest) -> HttpResponse:
    """Give a device what it needs to write leads down without a connection."""
    at, event = datetime.now(UTC), _stand(id_of(request, "event"), datetime.now(UTC))
    expected = reads.expected(event.id, limit=MOST_KEPT) if event else []
    return JsonResponse(
        {
            "user": str(current_scope().actor_id),
            "token": get_token(request),
            "now": at.isoformat(),
            "people": brief(expected),
        }
    )


@page("directory.read")
def people(request: HttpRequest) -> HttpResponse:
    """Find HCPs by any words, for the first field of a stand’s forms."""
    words = text_of(request, "q")
    return JsonResponse({"people": brief(directory.search_hcps(words, FOUND) if words else [])})


@never_cache
@page("lead.write")
def worker(request: HttpRequest) -> HttpResponse:
    """Give the script that opens the page without a connection; it rules over this folder only."""
    context = {"kept": "leads-1", "address": reverse("engagement:lead_new")}
    return render(request, "engagement/worker.js", context, content_type="text/javascript")


def my_leads(scope: Scope) -> dict[str, Any]:
    """Show the leads one follows up, and those that nobody took."""
    if scope.actor_id is None:
        return {"mine": [], "waiting": []}
    return {
        "mine": dressed(reads.mine_to_follow(scope.actor_id, limit=SHOWN)),
        "waiting": dressed(reads.waiting(limit=SHOWN)),
    }
