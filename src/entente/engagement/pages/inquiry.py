"""One question: its words and proof, its clock, who has it, and the answer through the gate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.engagement.actions import Answer, answer_inquiry, assign_inquiry, hand_over_inquiry
from entente.engagement.domain.routing import DESKS
from entente.engagement.forms_inquiries import AnswerForm, AssignForm, HandOverForm
from entente.engagement.models import Inquiry
from entente.engagement.pages.inquiries import clocked
from entente.engagement.reads import inquiries as reads
from entente.engagement.reads.routes import ways
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page
from entente.foundation.web.naming import names_of
from entente.policy.reads.reasons import reasons_of

SAID = {
    "given": "Answered; the gate permits it.",
    "queued": "The answer leaves by e-mail.",
    "referred": "A rule asks for a person: the answer waits for that decision.",
    "refused": "A rule refuses this answer: it was not given. The reasons are shown.",
}
Forms = dict[str, Any]


@page("inquiry.work", methods=("GET", "POST"))
def inquiry(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """Show a question; a POST takes it, hands it over or answers it."""
    at = datetime.now(UTC)
    found = reads.inquiry(inquiry_id, at=at)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = _forms(request, found, act, at)
    doing: dict[str, Callable[[], str]] = {
        "take": lambda: _take(found, at),
        "assign": lambda: _assign(found, forms["assign"], at),
        "hand_over": lambda: _hand_over(found, forms["hand_over"], at),
        "answer": lambda: _answer(found, forms["answer"], at),
    }
    form = forms.get(act)
    if act in doing and (act == "take" or (form is not None and form.is_valid())):
        try:
            said = doing[act]()
        except UserError as trouble:
            if form is None:
                messages.error(request, str(trouble))
            else:
                form.blame(trouble)
        else:
            messages.success(request, said)
            return _back(found)
    wrong = form is not None and bool(form.errors)
    return render(
        request,
        "engagement/inquiry.html",
        _context(found, forms, at),
        status=422 if wrong or (act and act not in doing) else 200,
    )


def _forms(request: HttpRequest, found: Inquiry, act: str, at: datetime) -> Forms:
    if found.closed_at is not None or DESKS[found.desk].role not in current_scope().roles:
        return {}
    given = {
        name: request.POST if act == name else None for name in ("assign", "hand_over", "answer")
    }
    table = ways()
    others = [
        (kind, f"{label} → {DESKS[table[kind].desk].title}")
        for kind, label in Inquiry.Kind.choices
        if table[kind].desk != found.desk
        and (found.wall != "medical" or DESKS[table[kind].desk].wall == "medical")
    ]
    return {
        "assign": AssignForm(given["assign"], mates=reads.desk_mates(found.desk, on=at.date())),
        "hand_over": HandOverForm(given["hand_over"], kinds=others) if others else None,
        "answer": AnswerForm(
            given["answer"],
            on=at.date(),
            is_commercial=found.wall == "commercial",
            initial={"answer": found.answer, "version": found.version_id},
        )
        if found.answer_state not in ("referred", "queued")
        else None,
    }


def _take(found: Inquiry, at: datetime) -> str:
    actor_id = current_scope().actor_id
    if actor_id is None:
        raise UserError("only a person takes a question")
    assign_inquiry(found.id, actor_id, at=at)
    return "It is yours."


def _assign(found: Inquiry, form: AssignForm, at: datetime) -> str:
    assign_inquiry(found.id, form.cleaned_data["assignee"], at=at)
    return "Given to your colleague."


def _hand_over(found: Inquiry, form: HandOverForm, at: datetime) -> str:
    given = form.cleaned_data
    made = hand_over_inquiry(found.id, given["kind"], given["reason"], at=at)
    return f"Handed over to the desk: {made.get_desk_display()}."


def _answer(found: Inquiry, form: AnswerForm, at: datetime) -> str:
    given = form.cleaned_data
    answer = Answer(given["answer"], given["version"], by_email=given["by_email"])
    return SAID[answer_inquiry(found.id, answer, at=at).answer_state]


def _back(found: Inquiry) -> HttpResponse:
    """Go on where one may still read: what was handed over across the wall is gone."""
    try:
        reads.inquiries().get(id=found.id)
    except ObjectDoesNotExist:
        return redirect("engagement:inquiries")
    return redirect("engagement:inquiry", found.id)


def _context(found: Inquiry, forms: Forms, at: datetime) -> dict[str, Any]:
    moves = reads.moves_of(found.id)
    names: dict[Any, Any] = names_of(
        ("user", each)
        for each in {found.opened_by_id, found.assignee_id, *(m.by_id for m in moves)}
    )
    for move in moves:
        move.by = names.get(("user", move.by_id))  # type: ignore[attr-defined]
    refused = found.decision is not None and found.answer_state in ("refused", "referred")
    return {
        "row": clocked([found], at)[0],
        "forms": forms,
        "moves": moves,
        "report": reads.report_of(found.id) if found.desk == "safety" else None,
        "opened_by": names.get(("user", found.opened_by_id)),
        "assignee": names.get(("user", found.assignee_id)),
        "is_mine": found.assignee_id == current_scope().actor_id,
        "reasons": reasons_of(found.decision) if refused and found.decision else [],
        "trail": [{"label": "Questions", "url": reverse("engagement:inquiries")}],
    }
