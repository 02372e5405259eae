"""Sends: asked for, answered by the gate, followed to what became of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.actions import SendRequest, request_send
from entente.engagement.domain.machine_clicks import WORDS
from entente.engagement.forms import PURPOSES, SendForm
from entente.engagement.models import Send
from entente.engagement.reads import mail_events
from entente.engagement.reads import sends as reads
from entente.engagement.reads.stopped import stopped
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import Named, names_of
from entente.policy.reads import Decision
from entente.policy.reads.reasons import reasons_of
from entente.policy.reads.rules import titles_of_rules

HEAD = ("id", "requested_at", "hcp", "version", "purpose", "status", "settled_at", "rules")
TONES = {
    "sent": "ok", "queued": "info", "forbidden": "bad", "referred": "warn", "withheld": "warn",
    "refused": "bad", "parked": "bad",
}  # fmt: skip
SAID = {
    Send.Status.QUEUED: "The gate let it go. It is asked once more when the message leaves.",
    Send.Status.REFERRED: "The gate wants a person to look at it first. Nothing was sent.",
    Send.Status.FORBIDDEN: "The gate said no. Nothing was sent; the reasons stand below.",
}


def named(sends: list[Send]) -> list[Send]:
    """Put name, item and tone beside each send, with two queries however many."""
    found = names_of(
        [("hcp", each.hcp_id) for each in sends]
        + [("content.version", each.version_id) for each in sends]
    )
    for each in sends:
        each.person = found.get(("hcp", each.hcp_id), Named("A person"))  # type: ignore[attr-defined]
        each.item = found.get(("content.version", each.version_id), Named("An item"))  # type: ignore[attr-defined]
        each.tone = TONES[each.status]  # type: ignore[attr-defined]
    return sends


@page("send.read")
def sends(request: HttpRequest) -> HttpResponse:
    """List the sends of the organisation."""
    found = reads.sends(
        status=one_of(request, "status", Send.Status.values),
        hcp_id=id_of(request, "hcp"),
        campaign_id=id_of(request, "campaign"),
        requested_by_id=current_scope().actor_id if request.GET.get("mine") else None,
    )
    if request.GET.get("export") == "csv":
        rows = (
            (s.id, s.requested_at, s.hcp_id, s.version_id, s.purpose, s.status, s.settled_at,
             ";".join(s.decision.rule_ids))
            for s in found.order_by(*reads.ORDER).iterator(2_000)
        )  # fmt: skip
        return csv_file("sends", HEAD, rows, kind="engagement.send", at=datetime.now(UTC))
    part = part_of(found, reads.ORDER, request.GET)
    named(part.rows)
    titles = titles_of_rules()
    for row in part.rows:
        row.rules = [titles.get(rule_id, rule_id) for rule_id in row.decision.rule_ids]
    about = [("hcp", id_of(request, "hcp")), ("alliances.campaign", id_of(request, "campaign"))]
    context = {
        "part": part,
        "statuses": Send.Status.choices,
        "whose": [("1", "Me")],
        "about": next(iter(names_of(about).values()), None),
    }
    return render(request, "engagement/sends.html", context)


def _asked(title: str, decision: Decision) -> dict[str, Any]:
    return {
        "title": f"{title}: {decision.get_outcome_display().lower()}",
        "icon": "shield-check",
        "tone": "",
        "at": decision.decided_at,
        "href": reverse("policy:decision", args=[decision.id]),
    }


def _course(send: Send) -> list[dict[str, Any]]:
    """Write what happened to a send, the latest first."""
    told = [_asked("Asked", send.decision)]
    if send.delivery_decision:
        told.append(_asked("Asked again", send.delivery_decision))
    if send.settled_at:
        told.append(
            {
                "title": send.get_status_display(),
                "icon": "mail-check" if send.status == Send.Status.SENT else "mail-x",
                "tone": TONES[send.status],
                "at": send.settled_at,
                "more": send.outcome,
            }
        )
    told += [
        {
            "title": each.get_kind_display(),
            "icon": "undo-2",
            "tone": "warn",
            "at": each.responded_at,
            "more": each.source,
        }
        for each in reads.responses_of(send.id)
    ]
    return told[::-1]


@page("send.read")
def send(request: HttpRequest, send_id: UUID) -> HttpResponse:
    """Show one send: what, to whom, both answers of the gate, and what became of it."""
    row = reads.send(send_id)
    named([row])
    message = reads.message_of(send_id)
    last = row.delivery_decision or row.decision
    found = names_of([("user", row.requested_by_id), ("alliances.campaign", row.campaign_id)])
    context = {
        "row": row,
        "message": message,
        "course": _course(row),
        "last": last,
        "reasons": reasons_of(last),
        "purpose": dict(PURPOSES).get(row.purpose, row.purpose),
        "requested_by": found.get(("user", row.requested_by_id)) if row.requested_by_id else None,
        "campaign": found.get(("alliances.campaign", row.campaign_id)) if row.campaign_id else None,
        "events": [
            (each, WORDS.get(each.machine_rule, "")) for each in mail_events.events_of(send_id)
        ],
        "is_stopped": bool(stopped([row.address])),
        "trail": [{"label": "Sends", "url": reverse("engagement:sends")}],
    }
    return render(request, "engagement/send.html", context)


@page("send.request", methods=("GET", "POST"))
def request_one(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Ask to send one item to one HCP; the answer of the gate is shown either way."""
    at, scope, person = datetime.now(UTC), current_scope(), directory.hcp(hcp_id)
    form = SendForm(request.POST or None, org_id=scope.org_id, on=at.date())
    if request.method == "POST" and form.is_valid():
        asked = SendRequest(
            hcp_id=hcp_id,
            version_id=form.cleaned_data["version"],
            controller_id=form.cleaned_data["controller"],
            purpose=form.cleaned_data["purpose"],
        )
        content.version(asked.version_id)
        try:
            made = request_send(asked, at=at)
        except UserError as trouble:
            form.add_error(trouble.field if trouble.field in form.fields else None, str(trouble))
        else:
            tell = messages.success if made.status == Send.Status.QUEUED else messages.warning
            tell(request, SAID[Send.Status(made.status)])
            return redirect("engagement:send", made.id)
    trail = [{"label": person.display_name, "url": reverse("directory:hcp", args=[hcp_id])}]
    return render(
        request,
        "engagement/request_send.html",
        {"form": form, "person": person, "trail": trail},
        status=422 if form.errors else 200,
    )
