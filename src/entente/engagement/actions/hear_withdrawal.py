"""Hear that somebody withdrew, and note it as the answer to what was last sent to him."""

from __future__ import annotations

from datetime import datetime, timedelta

from entente.consent import reads as consent
from entente.engagement.actions.record_response import record_response
from entente.engagement.models import Response, Send
from entente.foundation.models import OutboxMessage

ANSWERS_WITHIN = timedelta(days=60)


def hear_withdrawal(message: OutboxMessage, at: datetime) -> None:
    """Record an opt-out on the last send of that controller within 60 days, if there is one.

    Only what the person did himself, by a link, is an answer to a send.
    """
    withdrawal = consent.withdrawal(message.object_id)
    if withdrawal.source not in consent.BY_THE_PERSON:
        return
    last = (
        Send.objects.filter(
            hcp_id=withdrawal.hcp_id,
            controller_id=withdrawal.controller_id,
            status=Send.Status.SENT,
            settled_at__gt=withdrawal.withdrawn_at - ANSWERS_WITHIN,
            settled_at__lte=withdrawal.withdrawn_at,
        )
        .order_by("-settled_at")
        .first()
    )
    if last is not None:
        record_response(last.id, Response.Kind.OPT_OUT, source=withdrawal.source, at=at)
