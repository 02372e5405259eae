"""What people ask about their own data: the queue with its clock, one request, its steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.consent import actions, reads
from entente.consent.domain.request_clock import OPEN, urgency
from entente.consent.models import SubjectRequest
from entente.consent.pages.forms import RequestForm, refuse
from entente.consent.pages.held_words import readable
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of

TONES = {
    "received": "warn", "verified": "info", "in_progress": "info", "answered": "ok",
    "refused": "bad", "withdrawn": "",
}  # fmt: skip
STATES = [("open", "Open"), *SubjectRequest.Status.choices]
DID = {
    "received": "Received", "verified": "Identity checked", "in_progress": "Taken up",
    "extended": "Two months more", "answered": "Answered", "refused": "Refused",
    "withdrawn": "Taken back",
}  # fmt: skip
STEPS = ("received", "verified", "in_progress", "answered")


def _dressed(found: SubjectRequest, now: datetime) -> SubjectRequest:
    """Add to a request what the templates show of its clock."""
    found.tone = TONES[found.status]  # type: ignore[attr-defined]
    found.is_open = found.status in OPEN  # type: ignore[attr-defined]
    found.days_left = (found.due_on - now.date()).days  # type: ignore[attr-defined]
    found.days_late = -found.days_left  # type: ignore[attr-defined]
    found.urgency = urgency(found.due_on, now.date())  # type: ignore[attr-defined]
    return found


@page("subject.read")
def requests(request: HttpRequest) -> HttpResponse:
    """List requests, the one due next first."""
    now = datetime.now(UTC)
    status = one_of(request, "status", dict(STATES)) or "open"
    found = reads.subject_requests(
        status=status, kind=one_of(request, "kind", dict(SubjectRequest.Kind.choices))
    )
    part = part_of(found, ("due_on", "id"), request.GET)
    for row in part.rows:
        _dressed(row, now)
    return render(
        request,
        "consent/requests.html",
        {
            "part": part,
            "status": status,
            "states": STATES,
            "kinds": SubjectRequest.Kind.choices,
        },
    )


@page("subject.write", methods=("GET", "POST"))
def receive(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Take down a request that came by letter, telephone or mail."""
    person = directory.hcp(hcp_id)
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.receive_request(hcp_id, at=datetime.now(UTC), **form.cleaned_data)
        except UserError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, "The request is recorded; its clock runs.")
            return redirect("consent:request", made.id)
    return render(
        request,
        "consent/request_new.html",
        {"form": form, "hcp": person},
        status=422 if form.errors else 200,
    )


@page("subject.read")
def one_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show a request with its clock, its steps, and what can be done next."""
    found = _dressed(reads.subject_request(request_id), datetime.now(UTC))
    steps = reads.steps_of(request_id)
    names = reads.names_of_actors(steps)
    may_write = "subject.write" in current_scope().may
    stands = STEPS.index(found.status) if found.status in STEPS else None
    return render(
        request,
        "consent/request.html",
        {
            "asked": found,
            "may_write": may_write,
            "can_answer": may_write and found.status in ("verified", "in_progress"),
            "steps": [
                {
                    "step": step,
                    "did": DID.get(step.did, step.did),
                    "by": names.get(step.actor_id, "the person") if step.actor_id else "the person",
                }
                for step in steps
            ],
            "course": [
                {
                    "label": DID[name],
                    "state": _place(n, stands),
                }
                for n, name in enumerate(STEPS)
            ],
        },
    )


def _place(n: int, stands: int | None) -> str:
    if stands is None:
        return ""
    return "done" if n < stands or stands == len(STEPS) - 1 else "now" if n == stands else ""


def _step(
    act: Callable[[UUID, HttpRequest, datetime], Any], said: str
) -> Callable[..., HttpResponse]:
    """Make the page that takes one step and goes back to the request."""

    @page("subject.write", methods=("POST",))
    def step(request: HttpRequest, request_id: UUID) -> HttpResponse:
        """Take one step of a request."""
        reads.subject_request(request_id)
        try:
            act(request_id, request, datetime.now(UTC))
        except UserError as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, said)
        return redirect("consent:request", request_id)

    return step


def _given(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, ""))[:2000]


verify = _step(
    lambda i, r, at: actions.verify_request(
        i, how=_given(r, "how"), evidence=_given(r, "evidence"), at=at
    ),
    "The identity check is noted.",
)
start = _step(lambda i, r, at: actions.start_request(i, at=at), "The request is taken up.")
extend = _step(
    lambda i, r, at: actions.extend_request(i, reason=_given(r, "reason"), at=at),
    "There are two months more; tell the person why.",
)
answer = _step(
    lambda i, r, at: actions.answer_request(
        i, answer=_given(r, "answer"), evidence=_given(r, "evidence"), at=at
    ),
    "The request is answered.",
)
decline = _step(
    lambda i, r, at: actions.refuse_request(i, reason=_given(r, "reason"), at=at),
    "The request is refused; tell the person why.",
)
take_back = _step(
    lambda i, r, at: actions.withdraw_request(i, reason=_given(r, "reason"), at=at),
    "The request is closed as taken back.",
)


def as_file(found: dict[str, Any]) -> HttpResponse:
    """Give an export as a JSON file."""
    text = json.dumps(found, indent=2, ensure_ascii=False)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="what-is-held.json"'
    return answer


@page("subject.write", methods=("POST",))
def export(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Give all that is held about a person, as a file or as a page to print."""
    person = directory.hcp(hcp_id)
    found = actions.export_person(hcp_id, at=datetime.now(UTC))
    if request.POST.get("as") == "file":
        return as_file(found)
    return render(request, "consent/held.html", {"held": readable(found), "hcp": person})


def panel(request: HttpRequest, person: Any) -> dict[str, Any]:
    """Give what the panel of the HCP page shows: requests that run, and how to record one."""
    found = reads.subject_requests(status="open").filter(hcp_id=person.id)
    now = datetime.now(UTC)
    return {"hcp": person, "asked": [_dressed(row, now) for row in found.order_by("due_on", "id")]}


def queue(scope: Any) -> dict[str, Any]:
    """Give what the privacy officer's home shows: the requests due next."""
    now = datetime.now(UTC)
    rows = list(reads.subject_requests(status="open").order_by("due_on", "id")[:6])
    return {"rows": [_dressed(row, now) for row in rows]}
