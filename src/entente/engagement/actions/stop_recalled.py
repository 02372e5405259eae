"""Stop what waits to leave and says something that was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from entente.content import reads as content
from entente.content.actions import settle_recall
from entente.engagement.actions.placements import ask_to_take_down
from entente.engagement.actions.request_send import TOPIC
from entente.engagement.models import Send
from entente.foundation import outbox
from entente.foundation.models import OutboxMessage

RECALLED = "content.recall.decided"


def hear_recall(message: OutboxMessage, at: datetime) -> None:
    """Withhold the e-mails that wait with recalled content, then look whether all is accounted for.

    The gate refuses them from the moment of the recall; this only says so at once.
    """
    found = content.standing(message.object_id)
    waiting = list(
        Send.objects.filter(
            version_id__in=[each.version_id for each in found.versions],
            status=Send.Status.QUEUED,
        ).values_list("id", flat=True)
    )
    held = outbox.withhold_waiting(
        TOPIC, waiting, reason="its content was recalled before it left", at=at
    )
    Send.objects.filter(id__in=held).update(
        status=Send.Status.WITHHELD,
        settled_at=at,
        outcome="its content was recalled before it left",
    )
    ask_to_take_down([each.version_id for each in found.versions], message.object_id, at=at)
    settle_recall(message.object_id, at=at)


def count_waiting(versions: Sequence[UUID]) -> int:
    """Count the e-mails with these versions that still wait to leave."""
    # What stands on a list for another service is confirmed with its publication.
    return Send.objects.filter(
        version_id__in=list(versions), status=Send.Status.QUEUED, message_list__isnull=True
    ).count()
