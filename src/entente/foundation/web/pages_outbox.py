"""The outbox: what waits to leave, and what a person has to settle."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.foundation.access.scope import current_scope
from entente.foundation.models import OutboxMessage
from entente.foundation.outbox.deliver import retry_parked
from entente.foundation.web.asked import one_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of

ORDER = ("-recorded_at", "-id")
TONES = {"done": "ok", "parked": "bad", "refused": "bad", "withheld": "warn", "claimed": "info"}


def counts() -> list[dict[str, Any]]:
    """Count the messages of the present organisation by state, all states named."""
    found = dict(OutboxMessage.objects.values_list("state").annotate(Count("id")))
    return [
        {"state": state.value, "label": state.label, "n": found.get(state.value, 0)}
        for state in OutboxMessage.State
    ]


@page("outbox.read")
def messages_list(request: HttpRequest) -> HttpResponse:
    """Show what waits, what is parked and why, and what has gone."""
    state = one_of(request, "state", OutboxMessage.State.values) or ""
    rows = OutboxMessage.objects.filter(state=state) if state else OutboxMessage.objects.all()
    part = part_of(rows, ORDER, request.GET)
    parked = list(OutboxMessage.objects.filter(state="parked").order_by("settled_at", "id")[:50])
    named = names_of((row.object_kind, row.object_id) for row in [*part.rows, *parked])
    for row in [*part.rows, *parked]:
        row.about = named.get((row.object_kind, row.object_id))
        row.tone = TONES.get(row.state, "")
    context = {
        "counts": counts(),
        # An administrator sees that something is stuck, not what was sent to whom.
        "may_follow": {"send.read", "expense.read"} <= request.scope.may,  # type: ignore[attr-defined]
        "part": part,
        "parked": parked,
        "state": state,
        "states": OutboxMessage.State.choices,
        "may_retry": "outbox.write" in current_scope().may,
    }
    return render(request, "foundation/outbox.html", context)


@page("outbox.write", methods=("POST",))
def retry(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Put a parked message back, because a person has found that it did not arrive."""
    OutboxMessage.objects.get(id=message_id)
    if retry_parked(message_id, at=datetime.now(UTC)):
        messages.success(
            request, "The message waits again; the gate is asked once more before it leaves."
        )
    else:
        messages.warning(request, "That message is not parked any more, so nothing was done.")
    return redirect("outbox")
