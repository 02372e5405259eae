"""Take a permission back, or stop everything."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from uuid import UUID

from entente.consent.actions.checks import (
    check_channel,
    check_controller,
    check_not_later,
    check_product,
    check_purpose,
    check_topic,
)
from entente.consent.models import Suppression, Withdrawal
from entente.directory import reads as directory
from entente.foundation import keys, ledger, outbox
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage, new_id

WITHDRAWN = "consent.withdrawal.recorded"
STOPPED = "consent.suppression.recorded"


def person_lock(hcp_id: UUID) -> str:
    """Name the lock under which a person's permissions and sends are decided."""
    return f"consent:{hcp_id}"


def withdraw_consent(
    *,
    hcp_id: UUID,
    controller_id: UUID,
    channel: str,
    source: str,
    at: datetime,
    purpose: str | None = None,
    reason: str = "",
    product_id: UUID | None = None,
    topic_id: UUID | None = None,
    withdrawn_at: datetime | None = None,
    relayed_from: UUID | None = None,
) -> Withdrawal:
    """Record that a person took a permission back.

    Needs no proof, since the doubt is the person's, and works where nothing was granted.
    Writes the withdrawal and one ledger entry, under the person's lock: a send that waits
    for the same lock asks the gate after this is committed.

    Parameters
    ----------
    channel : str
        A channel, or ``"any"``.
    purpose : str, optional
        All purposes where it is not given.
    withdrawn_at : datetime, optional
        When the person said so, if earlier than ``at``.
    relayed_from : UUID, optional
        The record of another organisation that told us of it.

    Raises
    ------
    UserError
        If a value is unknown.
    """
    scope = current_scope()
    scope.require("consent.capture")
    lock(person_lock(hcp_id))
    check_controller(controller_id)
    check_channel(channel, any_allowed=True)
    if purpose:
        check_purpose(purpose)
    check_product(product_id)
    check_topic(product_id, topic_id)
    moment = withdrawn_at or at
    check_not_later(moment, at, "withdrawn_at")
    made = Withdrawal.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        hcp_id=directory.hcp(hcp_id).id,
        controller_id=controller_id,
        channel=channel,
        purpose=purpose or "",
        product_id=product_id,
        topic_id=topic_id,
        reason=reason,
        source=source,
        withdrawn_at=moment,
        relayed_from=relayed_from,
        actor_id=scope.actor_id,
    )
    details = {
        "hcp": hcp_id,
        "controller": controller_id,
        "channel": channel,
        "purpose": purpose or "all",
        "product": product_id,
        "topic": topic_id,
        "source": source,
        "relayed_from": relayed_from,
    }
    ledger.append(
        ledger.Entry(
            "consent.withdrawal.recorded",
            "consent.withdrawal",
            made.id,
            details,
            personal={hcp_id: {"reason": reason}} if reason else {},
        ),
        at=at,
    )
    outbox.post(
        OutboxMessage.Kind.EVENT,
        WITHDRAWN,
        object_kind="consent.withdrawal",
        object_id=made.id,
        at=at,
    )
    return made


def address_mark(address: str) -> str:
    """Give the keyed hash by which a stopped address is known after its person is erased."""
    key = keys.key("consent.suppression")
    return hmac.new(key, address.strip().lower().encode(), hashlib.sha256).hexdigest()


def suppress(
    hcp_id: UUID,
    reason: str,
    at: datetime,
    *,
    controller_id: UUID | None = None,
    kind: str = Suppression.Kind.STOP,
    source: str = "staff",
) -> Suppression:
    """Stop everything towards a person; it beats every permission, older or newer.

    Writes the suppression, with a keyed hash of the person's e-mail address, and one ledger
    entry. Repeating it changes nothing.

    Parameters
    ----------
    hcp_id : UUID
    reason : str
    at : datetime
    controller_id : UUID, optional
        For one legal entity; for all of the organisation where it is not given.
    kind : str
        "stop", asked by the person, or "never", required by law.

    Raises
    ------
    UserError
        If the kind is unknown or a legal stop has no reason.
    """
    scope = current_scope()
    scope.require("consent.capture")
    lock(person_lock(hcp_id))
    if controller_id is not None:
        check_controller(controller_id)
    if kind not in Suppression.Kind.values:
        raise UserError("Choose stop or never.", field="kind")
    if not reason.strip():
        raise UserError("Say why everything is to stop.", field="reason")
    there = Suppression.objects.filter(
        hcp_id=hcp_id, controller_id=controller_id, kind=kind
    ).first()
    if there is not None:
        return there
    known = directory.contact_points([hcp_id], "email", at.astimezone(UTC).date())
    made = Suppression.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        hcp_id=directory.hcp(hcp_id).id,
        controller_id=controller_id,
        kind=kind,
        reason=reason.strip(),
        source=source,
        address_mark=address_mark(known[hcp_id]) if hcp_id in known else "",
        suppressed_at=at,
        actor_id=scope.actor_id,
    )
    ledger.append(
        ledger.Entry(
            "consent.suppression.recorded",
            "consent.suppression",
            made.id,
            {"hcp": hcp_id, "controller": controller_id, "kind": kind, "source": source},
            personal={hcp_id: {"reason": made.reason}},
        ),
        at=at,
    )
    outbox.post(
        OutboxMessage.Kind.EVENT,
        STOPPED,
        object_kind="consent.suppression",
        object_id=made.id,
        at=at,
    )
    return made
