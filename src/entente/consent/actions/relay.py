"""Tell an opt-out to every company that the shown words named; an opt-in is never told.

A consumer of the outbox: it runs within moments of the opt-out, in a transaction of its own,
and may run again, since what was told once is not told twice.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from entente.consent.actions.withdraw import withdraw_consent
from entente.consent.models import Capture, Suppression, Topic, Withdrawal, Wording
from entente.consent.models.records import Channel
from entente.directory import reads as directory
from entente.foundation import ledger
from entente.foundation.access.scope import Scope, switched
from entente.foundation.models import OutboxMessage

RELAY = "relay"
BY_JOB = "job:relay"


def relay_withdrawal(message: OutboxMessage, at: datetime) -> None:
    """Tell a withdrawal to the companies that the words of the permissions it ends named.

    Writes a withdrawal in the books of each, with this one as its source and proof, and a
    ledger entry on both sides. What came by relay goes no further.
    """
    found = Withdrawal.objects.select_related("controller", "topic").get(id=message.object_id)
    if found.relayed_from is not None:
        return
    ended = Q(controller_id=found.controller_id, captured_at__lte=found.withdrawn_at)
    if found.channel != Channel.ANY:
        ended &= Q(channel=found.channel)
    if found.purpose:
        ended &= Q(purpose=found.purpose)
    for entity_id in _named(found.hcp_id, ended, besides={found.controller_id}):
        _tell(
            entity_id,
            record=(found.id, "consent.withdrawal"),
            hcp_id=found.hcp_id,
            channel=found.channel,
            purpose=found.purpose,
            said_at=found.withdrawn_at,
            teller=found.controller.name,
            product_id=found.product_id,
            topic=found.topic.name if found.topic else "",
            at=at,
        )


def relay_stop(message: OutboxMessage, at: datetime) -> None:
    """Tell a stop that the person asked for, as a withdrawal of everything.

    A stop that a law demands of one organisation says nothing about another.
    """
    found = Suppression.objects.select_related("controller").get(id=message.object_id)
    if found.kind != Suppression.Kind.STOP:
        return
    ended = Q(captured_at__lte=found.suppressed_at)
    besides = {each.id for each in directory.legal_entities(found.org_id)}
    if found.controller_id:
        ended &= Q(controller_id=found.controller_id)
        besides = {found.controller_id}
    teller = found.controller or directory.main_legal_entity(found.org_id)
    for entity_id in _named(found.hcp_id, ended, besides=besides):
        _tell(
            entity_id,
            record=(found.id, "consent.suppression"),
            hcp_id=found.hcp_id,
            channel=Channel.ANY,
            purpose="",
            said_at=found.suppressed_at,
            teller=teller.name,
            product_id=None,
            topic="",
            at=at,
        )


def _named(hcp_id: UUID, ended: Q, *, besides: Collection[UUID]) -> list[UUID]:
    """Give the companies that the words of these permissions named."""
    versions = Capture.objects.filter(ended, hcp_id=hcp_id).values("wording_version")
    named = Wording.objects.filter(version__in=versions).values_list("controllers", flat=True)
    return sorted({each for one in named for each in one} - set(besides))


def _tell(
    entity_id: UUID,
    *,
    record: tuple[UUID, str],
    hcp_id: UUID,
    channel: str,
    purpose: str,
    said_at: datetime,
    teller: str,
    product_id: UUID | None,
    topic: str,
    at: datetime,
) -> None:
    entity = directory.legal_entity(entity_id)
    record_id, kind = record
    # The only write into the books of another organisation: its words named it to the person
    # as one who is told, and it can only lose a permission by it.
    with switched(Scope(org_id=entity.org_id, actor_name=BY_JOB)):
        if Withdrawal.objects.filter(controller_id=entity_id, relayed_from=record_id).exists():
            return
        theirs = Topic.objects.filter(name=topic).first() if topic else None
        made = withdraw_consent(
            hcp_id=hcp_id,
            controller_id=entity_id,
            channel=channel,
            # A topic that they do not know cannot be withdrawn alone, so the purpose goes.
            purpose=purpose or None,
            source=RELAY,
            reason=f"told by {teller}, record {record_id}"[:300],
            product_id=product_id,
            topic_id=theirs.id if theirs else None,
            withdrawn_at=said_at,
            relayed_from=record_id,
            at=at,
        )
    ledger.append(
        ledger.Entry(
            "consent.withdrawal.relayed", kind, record_id, {"to": entity_id, "record": made.id}
        ),
        at=at,
    )
