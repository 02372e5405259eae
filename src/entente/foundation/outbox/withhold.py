"""Hold back many messages that wait, at once: what they would say was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from entente.foundation import ledger
from entente.foundation.models import OutboxMessage


def withhold_waiting(
    topic: str, object_ids: Sequence[UUID], *, reason: str, at: datetime
) -> list[UUID]:
    """Withhold the messages about some objects that nobody is sending just now.

    One that somebody has claimed is left to that sender, who asks the gate himself. Writes the
    state of each message and one ledger entry per message; what the room keeps of it is the
    caller's to write, in the same transaction.

    Returns
    -------
    list of UUID
        The objects whose messages were withheld.
    """
    waiting = list(
        OutboxMessage.objects.select_for_update(skip_locked=True).filter(
            topic=topic, object_id__in=list(object_ids), state=OutboxMessage.State.PENDING
        )
    )
    OutboxMessage.objects.filter(id__in=[each.id for each in waiting]).update(
        state=OutboxMessage.State.WITHHELD,
        outcome=reason[:300],
        settled_at=at,
        lease_until=None,
    )
    ledger.append_many(
        [
            ledger.Entry(
                verb="foundation.outbox.withheld",
                kind=each.object_kind,
                object_id=each.object_id,
                details={"message": each.id, "attempts": each.attempts},
            )
            for each in waiting
        ],
        at=at,
    )
    return [each.object_id for each in waiting]
