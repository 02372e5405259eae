"""Write messages, in the transaction of the act that causes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from entente.foundation.access.scope import current_scope
from entente.foundation.models import OutboxMessage, new_id


def post(
    kind: OutboxMessage.Kind, topic: str, *, object_kind: str, object_id: UUID, at: datetime
) -> OutboxMessage:
    """Write one message."""
    return post_many(kind, topic, object_kind=object_kind, object_ids=[object_id], at=at)[0]


def post_many(
    kind: OutboxMessage.Kind,
    topic: str,
    *,
    object_kind: str,
    object_ids: Sequence[UUID],
    at: datetime,
) -> list[OutboxMessage]:
    """Write one message per object and wake the worker when the transaction commits.

    The Message-ID is made from the row's id and known from now on, so that a server
    which has the message already can recognise it.
    """
    org_id = current_scope().org_id
    made = []
    for object_id in object_ids:
        row_id = new_id()
        made.append(
            OutboxMessage(
                id=row_id,
                org_id=org_id,
                kind=kind,
                topic=topic,
                object_kind=object_kind,
                object_id=object_id,
                message_id=f"<{row_id.hex}@{settings.MAIL_DOMAIN}>",
                due_at=at,
            )
        )
    OutboxMessage.objects.bulk_create(made, batch_size=2_000)
    with connection.cursor() as cursor:
        # A notification is sent by the database at commit and not at all on rollback.
        cursor.execute("SELECT pg_notify('entente_outbox', '')")
    return made
