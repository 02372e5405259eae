"""What came back for e-mails: the list, one event, and the doors of mail services."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.engagement.actions import add_mail_hook, end_mail_hook, release_address
from entente.engagement.domain.machine_clicks import WORDS
from entente.engagement.forms_mail import HookForm
from entente.engagement.models import MailEvent
from entente.engagement.pages.sends import named
from entente.engagement.reads import mail_events as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of

HEAD = ("id", "happened_at", "provider", "kind", "send", "link", "machine_rule", "refused_because")
TONES = {
    "processed": "", "deferred": "warn", "delivered": "ok", "open": "", "click": "info",
    "bounce": "bad", "dropped": "bad", "complaint": "bad", "unsubscribe": "warn",
    "group_unsubscribe": "warn", "group_resubscribe": "",
}  # fmt: skip


def shown(events: list[MailEvent]) -> list[MailEvent]:
    """Put the tone, the person and the words of a machine's rule beside each event."""
    named([each.send for each in events if each.send is not None])
    for each in events:
        each.tone = TONES.get(each.kind, "bad")  # type: ignore[attr-defined]
        # An open has no hour; its day is the day in UTC wherever the reader of this page is.
        each.on = each.happened_at.astimezone(UTC).date()  # type: ignore[attr-defined]
        each.rule = WORDS.get(each.machine_rule, "")  # type: ignore[attr-defined]
    return events


@page("send.read")
def mail_events(request: HttpRequest) -> HttpResponse:
    """List what mail services told, programs apart from people, and what was not understood."""
    campaign_id = id_of(request, "campaign")
    found = reads.mail_events(
        kind=one_of(request, "kind", MailEvent.Kind.values),
        by=one_of(request, "by", [value for value, _ in reads.WHO]),
        state=one_of(request, "state", [value for value, _ in reads.STATES]),
        send_id=id_of(request, "send"),
        campaign_id=campaign_id,
    )
    if request.GET.get("export") == "csv":
        rows = (
            (e.id, e.happened_at, e.provider, e.kind, e.send_id, e.url, e.machine_rule,
             e.refused_because)
            for e in found.order_by(*reads.ORDER).iterator(2_000)
        )  # fmt: skip
        return csv_file(
            "mail-events", HEAD, rows, kind="engagement.mail_event", at=datetime.now(UTC)
        )
    part = part_of(found, reads.ORDER, request.GET)
    shown(part.rows)
    context = {
        "part": part,
        "kinds": MailEvent.Kind.choices,
        "who": reads.WHO,
        "states": reads.STATES,
        "came": reads.came_back(campaign_id),
        "n_refused": reads.n_refused(),
        "about": next(iter(names_of([("alliances.campaign", campaign_id)]).values()), None),
    }
    return render(request, "engagement/mail_events.html", context)


@page("send.read")
def mail_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Show one event: what was told, to which send it belongs, what followed from it."""
    event = shown([reads.mail_event(event_id)])[0]
    context = {
        "event": event,
        "is_stopping": reads.is_stopping(event_id),
        "may_release": "consent.capture" in current_scope().may,
        "trail": [{"label": "Mail events", "url": reverse("engagement:mail_events")}],
    }
    return render(request, "engagement/mail_event.html", context)


@page("consent.capture", methods=("POST",))
def release(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Let the address of an event be written to again."""
    try:
        release_address(event_id, reason=request.POST.get("reason", ""), at=datetime.now(UTC))
    except UserError as wrong:
        messages.warning(request, str(wrong).capitalize() + ".")
        return redirect("engagement:mail_event", event_id)
    messages.success(request, "The address may be written to again, if every other rule allows it.")
    return redirect("engagement:mail_event", event_id)


def _hooks(request: HttpRequest, form: HookForm) -> HttpResponse:
    rows: list[dict[str, Any]] = [
        {
            "hook": hook,
            "last": last,
            "address": settings.SITE_URL
            + reverse("engagement:hook_door", args=[hook.provider, hook.id]),
        }
        for hook, last in reads.hooks()
    ]
    context = {"rows": rows, "form": form}
    status = 422 if form.errors else 200
    return render(request, "engagement/mail_hooks.html", context, status=status)


@page("response.record", methods=("GET", "POST"))
def mail_hooks(request: HttpRequest) -> HttpResponse:
    """List the doors of mail services; a POST makes one."""
    form = HookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_mail_hook(**form.cleaned_data, at=datetime.now(UTC))
        except UserError as wrong:
            text = str(wrong)
            form.add_error(wrong.field, text[:1].upper() + text[1:] + ".")
        else:
            messages.success(
                request, "The address is there. Give it to the mail service; the key stays here."
            )
            return redirect("engagement:mail_hooks")
    return _hooks(request, form)


@page("response.record", methods=("POST",))
def end_hook(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """End a door: nothing is heard there any more."""
    end_mail_hook(hook_id, at=datetime.now(UTC))
    messages.success(request, "Nothing is heard at this address any more.")
    return redirect("engagement:mail_hooks")
