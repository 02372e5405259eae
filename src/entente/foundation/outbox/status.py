"""What waits to leave, and what a person has to settle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from entente.foundation.access.scope import act_as, signing_in
from entente.foundation.models import Organisation, OutboxMessage
from entente.foundation.organisations import system_scope
from entente.foundation.outbox.deliver import retry_parked


def _organisations() -> list[Organisation]:
    with signing_in():
        return list(Organisation.objects.order_by("id"))


def status() -> dict[str, Any]:
    """Count messages that wait and list those whose outcome is unknown, by Message-ID."""
    with signing_in(), connection.cursor() as cursor:
        cursor.execute("SELECT state, n FROM app.outbox_counts()")
        counts = dict(cursor.fetchall())
    parked: list[str] = []
    if counts.get("parked"):
        for organisation in _organisations():
            with act_as(
                system_scope(organisation.id, is_host=organisation.is_host, name="command")
            ):
                parked += OutboxMessage.objects.filter(state="parked").values_list(
                    "message_id", flat=True
                )
    return {
        "pending": counts.get("pending", 0) + counts.get("claimed", 0),
        "parked": sorted(parked),
    }


def retry(message_ids: Sequence[str], *, at: datetime) -> list[str]:
    """Put parked messages back; give those that were not parked or are unknown."""
    left = set(message_ids)
    for organisation in _organisations():
        with act_as(
            system_scope(organisation.id, is_host=organisation.is_host, name="command:retry")
        ):
            for message in OutboxMessage.objects.filter(message_id__in=left):
                if retry_parked(message.id, at=at):
                    left.discard(message.message_id)
    return sorted(left)
