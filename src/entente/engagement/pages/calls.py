"""Log a call in five fields, with or without a connection."""

from __future__ import annotations

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
from entente.engagement.actions import log_touch, plan_touch
from entente.engagement.domain.caution import caution
from entente.engagement.forms_calls import CallForm
from entente.engagement.models import Touch
from entente.engagement.reads import touches as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, text_of
from entente.foundation.web.doors import page
from entente.policy.reads.reasons import reasons_of

# What a device keeps to choose from without a connection.
MOST_KEPT = 500
FOUND = 8
SAID = {
    "cleared": "Logged.",
    "referred": "Logged. A person has to look at it: the reasons stand below.",
    "breach": "Logged, against a rule: compliance sees it, and the reasons stand below.",
}
PLANNED = {
    "planned": "Planned. It keeps its place until a day after its time.",
    "referred": "A person decides first: the reasons stand below.",
    "forbidden": "It must not take place: the reasons stand below.",
}
SAFETY = (
    "“{words}” sounds like a side effect or a complaint about a product: "
    "report it to drug safety within one working day."
)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _people(request: HttpRequest, chosen: str) -> dict[str, Any]:
    """Give the HCP chosen and those found for the words typed."""
    words = (request.POST.get("find") or text_of(request, "find")).strip()[:100]
    try:
        person = directory.hcps([UUID(chosen)]).get(UUID(chosen)) if chosen else None
    except ValueError:
        person = None
    found = directory.search_hcps(words, FOUND) if words else []
    return {"words": words, "person": person, "found": found}


def _initial(request: HttpRequest) -> dict[str, Any]:
    """Begin with the plan or the HCP that the address names."""
    plan_id = id_of(request, "planned")
    if plan_id is None:
        return {"hcp": id_of(request, "hcp")}
    plan = reads.touch(plan_id)
    return {"hcp": plan.hcp_id, "kind": plan.kind, "planned": plan.id,
            "about": f"product:{plan.product_id}" if plan.product_id else ""}  # fmt: skip


def _answer(touch: Touch) -> JsonResponse:
    """Tell a device what became of its record."""
    reasons = [] if touch.standing == Touch.Standing.CLEARED else reasons_of(touch.decision)
    return JsonResponse(
        {
            "id": str(touch.id),
            "url": reverse("engagement:touch", args=[touch.id]),
            "standing": touch.standing,
            "said": SAID[touch.standing].partition(":")[0].rstrip(".") + ".",
            "reasons": [reason["sentence"] for reason in reasons],
            "safety": _safety(touch.note),
        }
    )


def _safety(note: str) -> str:
    words = caution(note).safety
    return SAFETY.format(words=", ".join(words)) if words else ""


def _tell(request: HttpRequest, touch: Touch, said: str, *, ok: bool) -> None:
    (messages.success if ok else messages.warning)(request, said)
    warning = _safety(touch.note)
    if warning:
        messages.warning(request, warning)


@page("touch.write", methods=("GET", "POST"))
def log(request: HttpRequest) -> HttpResponse:
    """Log a call; a device sends what it kept to the same address and gets JSON."""
    at, scope = datetime.now(UTC), current_scope()
    acts = request.method == "POST" and "look" not in request.POST
    form = CallForm(
        request.POST if acts else None,
        initial=request.POST.dict() if request.method == "POST" else _initial(request),
        org_id=scope.org_id,
        on=at.date(),
    )
    if acts and form.is_valid():
        try:
            made = log_touch(form.call(at), at=at, planned_id=form.cleaned_data["planned"])
        except UserError as trouble:
            form.blame(trouble)
        else:
            if _wants_json(request):
                return _answer(made)
            _tell(request, made, SAID[made.standing], ok=made.standing == "cleared")
            return redirect("engagement:touch", made.id)
    if acts and _wants_json(request):
        return JsonResponse({"errors": form.errors.get_json_data()}, status=422)
    context = {
        **_people(request, str(form["hcp"].value() or "")),
        "form": form,
        "user_id": scope.actor_id,
        "plans": reads.day_of(_me(), at=at, until=at.replace(hour=23, minute=59)),
        "trail": [{"label": "Calls", "url": reverse("engagement:touches")}],
    }
    return render(request, "engagement/call_log.html", context, status=422 if form.errors else 200)


@page("touch.write", methods=("GET", "POST"))
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a call; the gate answers at once."""
    at, scope = datetime.now(UTC), current_scope()
    acts = request.method == "POST" and "look" not in request.POST
    form = CallForm(
        request.POST if acts else None,
        initial=request.POST.dict() if request.method == "POST" else _initial(request),
        org_id=scope.org_id,
        on=at.date(),
    )
    form.MAIN = ("kind", "happened_at", "about", "was_requested")
    form.fields["happened_at"].required = True
    form.fields["happened_at"].help_text = ""
    if acts and form.is_valid():
        try:
            made = plan_touch(form.call(at), at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            _tell(request, made, PLANNED[made.status], ok=made.status == "planned")
            return redirect("engagement:touch", made.id)
    context = {
        **_people(request, str(form["hcp"].value() or "")),
        "form": form,
        "trail": [{"label": "Calls", "url": reverse("engagement:touches")}],
    }
    return render(request, "engagement/call_plan.html", context, status=422 if form.errors else 200)


def _me() -> UUID:
    actor = current_scope().actor_id
    assert actor is not None
    return actor


def brief(people: list[Any]) -> list[dict[str, str]]:
    """Write people as a device keeps them."""
    return [
        {"id": str(person.id), "name": person.display_name, "place": person.place or ""}
        for person in people
    ]


@page("touch.write")
def ready(request: HttpRequest) -> HttpResponse:
    """Give a device what it needs to log calls without a connection."""
    at = datetime.now(UTC)
    return JsonResponse(
        {
            "user": str(_me()),
            "token": get_token(request),
            # Clocks of devices go wrong; what happened just now happened by the site's.
            "now": at.isoformat(),
            "people": brief(reads.my_people(_me(), at=at, limit=MOST_KEPT)),
        }
    )


@page("touch.write")
def people(request: HttpRequest) -> HttpResponse:
    """Find HCPs by any words, for the log's first field."""
    words = text_of(request, "q")
    return JsonResponse({"people": brief(directory.search_hcps(words, FOUND) if words else [])})


@never_cache
@page("touch.write")
def worker(request: HttpRequest) -> HttpResponse:
    """Give the script that opens the log without a connection; it rules over this folder only."""
    context = {"kept": "call-log-1", "address": reverse("engagement:call_log")}
    return render(request, "engagement/worker.js", context, content_type="text/javascript")
