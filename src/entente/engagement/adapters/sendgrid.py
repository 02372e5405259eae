"""SendGrid's Event Webhook: one event of it, as told or as kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from entente.engagement.adapters import event_values as values
from entente.engagement.domain.mail_events import Told, without_addresses

NAME = "sendgrid"
KINDS = {
    "processed": "processed",
    "deferred": "deferred",
    "delivered": "delivered",
    "open": "open",
    "click": "click",
    "bounce": "bounce",
    "dropped": "dropped",
    "spamreport": "complaint",
    "unsubscribe": "unsubscribe",
    "group_unsubscribe": "group_unsubscribe",
    "group_resubscribe": "group_resubscribe",
}
# Bounces that say something of the moment or of the letter, not of the address.
_SOFT_BOUNCES = frozenset({"blocked", "expired"})
_OF_THE_LETTER = ("spam content", "over package quota", "invalid smtpapi header")


def is_from(row: Mapping[str, Any]) -> bool:
    """Tell whether an event looks like one of SendGrid's."""
    return "email" in row and "event" in row and "event-data" not in row


def read(row: Mapping[str, Any], line: int) -> Told:
    """Read one event.

    Notes
    -----
    Source: Twilio SendGrid, Event Webhook reference. Events of its documentation share one
    ``sg_event_id``, so an event is known by all that it says and not by that id.
    """
    word = values.text_of(row.get("event"), 40).lower()
    categories = row.get("category")
    same = dict(row) | {
        "event": word,
        "category": [categories] if isinstance(categories, str) else categories or [],
    }
    told = Told(line, NAME, values.key_of({"provider": NAME, **same}), kind=KINDS.get(word, ""))
    if not told.kind:
        return values.refused(
            told, "event", row.get("event"), f"Only these are read: {', '.join(KINDS)}."
        )
    at = values.moment_of(row.get("timestamp"))
    if at is None:
        return values.refused(told, "timestamp", row.get("timestamp"), values.TIME_REMEDY)
    told = replace(told, at=at, message_id=values.message_id_of(row.get("smtp-id")))
    address = values.address_of(row.get("email"))
    if address is None:
        return values.refused(told, "email", row.get("email"), values.ADDRESS_REMEDY)
    return replace(
        told,
        address=address,
        send_id=values.id_of(row.get(values.SEND_ARGUMENT)),
        url=values.text_of(row.get("url"), 2000),
        agent=values.text_of(row.get("useragent")),
        group=values.text_of(row.get("asm_group_id"), 64),
        said=without_addresses(
            values.text_of(row.get("reason")) or values.text_of(row.get("response"))
        ),
        stops=_stops(told.kind, row),
        by_program=row.get("sg_machine_open") is True,
    )


def _stops(kind: str, row: Mapping[str, Any]) -> bool:
    """Tell whether the address will not work later either."""
    if kind == "bounce":
        sort = values.text_of(row.get("type")).lower()
        status = values.text_of(row.get("status"))
        return sort not in _SOFT_BOUNCES and not status.startswith("4")
    if kind == "dropped":
        reason = values.text_of(row.get("reason")).lower()
        return not any(each in reason for each in _OF_THE_LETTER)
    return False
