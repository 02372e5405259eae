"""Let an address be written to again, and end what is kept of mail events."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from entente.engagement.models import AddressRelease, MailEvent
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

LONGEST_REASON = 300


def release_address(event_id: UUID, *, reason: str, at: datetime) -> AddressRelease:
    """Let the address of an event be written to again, because somebody looked into it.

    Gives no permission: consent, caps and every other rule are asked as always. Writes the
    release and one ledger entry.

    Raises
    ------
    UserError
        If the event stops no address, or no reason is given.
    MailEvent.DoesNotExist
    """
    scope = current_scope()
    scope.require("consent.capture")
    event = MailEvent.objects.get(id=event_id)
    if not event.stops_address:
        raise UserError("this event stops no address")
    said = " ".join(reason.split())
    if not 1 <= len(said) <= LONGEST_REASON:
        raise UserError(f"say why, in at most {LONGEST_REASON} characters", field="reason")
    made = AddressRelease.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        address_mark=event.address_mark,
        event=event,
        reason=said,
        released_at=at,
        released_by_id=scope.actor_id,
    )
    ledger.append(
        ledger.Entry(
            "engagement.address.released",
            "engagement.mail_event",
            event.id,
            {"reason": said, "send": event.send_id},
        ),
        at=at,
    )
    return made


def forget_mail_events(hcp_id: UUID, at: datetime) -> int:
    """Blank the links, programs and servers' words in what came back from a person.

    What happened to each message, and when, stays with the message. Writes one ledger entry.
    """
    current_scope().require("person.erase")
    n_blanked = MailEvent.objects.filter(send__hcp_id=hcp_id).update(url="", agent="", said="")
    if n_blanked:
        ledger.append(
            ledger.Entry("engagement.mail_events.blanked", "hcp", hcp_id, {"n": n_blanked}), at=at
        )
    return n_blanked


def delete_mail_events(ids: Collection[UUID]) -> int:
    """Delete events whose time is over; give how many."""
    current_scope().require("retention.write")
    n_deleted, _ = MailEvent.objects.filter(id__in=list(ids), stops_address=False).delete()
    return n_deleted
