"""To which send an event belongs: by Message-ID, by a custom argument, by its address."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models.functions import Lower

from entente.engagement.domain.mail_events import CLOCKS_DIFFER, Told
from entente.engagement.models import Send
from entente.foundation.models import OutboxMessage

# What may have reached somebody.
_LEFT = (Send.Status.SENT, Send.Status.PARKED, Send.Status.REFUSED)
_FIELDS = (
    "id", "hcp_id", "controller_id", "address", "version_id", "campaign_id", "requested_at",
    "settled_at", "status",
)  # fmt: skip
NOT_OURS = "No message of yours went to this address before then; look it up at the mail service."
SEVERAL = "Messages to several people went to this address; settle it on the person's page."
ANOTHER = "That message went to another address; look it up at the mail service."


@dataclass(frozen=True)
class Found:
    """The send of an event, how it was found, and in whose name one wrote to that address.

    Without a send, ``remedy`` says why and ``field`` where.
    """

    send: Send | None = None
    found_by: str = ""
    controllers: frozenset[UUID] = field(default_factory=frozenset)
    field: str = ""
    remedy: str = ""


def attribute(told: Sequence[Told]) -> dict[str, Found]:
    """Find the send of each event, by the event's key; three queries however many there are."""
    message_ids = {each.message_id for each in told if each.message_id}
    by_message = dict(
        OutboxMessage.objects.filter(
            object_kind="engagement.send", message_id__in=message_ids
        ).values_list("message_id", "object_id")
    )
    wanted = set(by_message.values()) | {each.send_id for each in told if each.send_id}
    by_id = {send.id: send for send in Send.objects.filter(id__in=wanted).only(*_FIELDS)}
    left = {e.address.lower() for e in told if _named(e, by_message, by_id) is None}
    by_address = _by_address(left)
    return {each.key: _found(each, by_message, by_id, by_address) for each in told}


def _named(
    told: Told, by_message: dict[str, UUID], by_id: dict[UUID, Send]
) -> tuple[Send, str] | None:
    if (send := by_id.get(by_message.get(told.message_id, told.send_id or UUID(int=0)))) is None:
        return None
    return send, "message_id" if told.message_id in by_message else "argument"


def _by_address(addresses: Collection[str]) -> dict[str, list[Send]]:
    found: dict[str, list[Send]] = {}
    rows = Send.objects.annotate(low=Lower("address")).filter(low__in=addresses, status__in=_LEFT)
    for send in rows.only(*_FIELDS).order_by("requested_at", "id"):
        found.setdefault(send.address.lower(), []).append(send)
    return found


def _found(
    told: Told,
    by_message: dict[str, UUID],
    by_id: dict[UUID, Send],
    by_address: dict[str, list[Send]],
) -> Found:
    if (named := _named(told, by_message, by_id)) is not None:
        send, found_by = named
        # An erased person's sends have no address left to compare.
        if send.address and send.address.lower() != told.address.lower():
            return Found(field="message id", remedy=ANOTHER)
        return Found(send, found_by, frozenset({send.controller_id}))
    before = [
        s
        for s in by_address.get(told.address.lower(), ())
        if s.requested_at <= told.at + CLOCKS_DIFFER
    ]
    if not before:
        return Found(field="address", remedy=NOT_OURS)
    if len({send.hcp_id for send in before}) > 1:
        return Found(field="address", remedy=SEVERAL)
    # Which of the messages it answers is not known, so it answers all in whose name one wrote.
    return Found(before[-1], "address", frozenset(send.controller_id for send in before))
