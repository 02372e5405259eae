"""Mailgun's events: one of them, as its webhook wraps it or as its Events API lists it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from entente.engagement.adapters import event_values as values
from entente.engagement.domain.mail_events import Told, without_addresses

NAME = "mailgun"
KINDS = {
    "accepted": "processed",
    "delivered": "delivered",
    "opened": "open",
    "clicked": "click",
    "unsubscribed": "unsubscribe",
    "complained": "complaint",
    "failed": "bounce",
    "rejected": "dropped",
}
# Why Mailgun did not try: the address is on one of its own lists.
_LISTED = ("suppress-bounce", "suppress-complaint", "suppress-unsubscribe")


def is_from(row: Mapping[str, Any]) -> bool:
    """Tell whether an event looks like one of Mailgun's."""
    return "event-data" in row or ("recipient" in row and "event" in row)


def _part(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}


def read(row: Mapping[str, Any], line: int) -> Told:
    """Read one event.

    Notes
    -----
    Source: Mailgun, Events and Webhooks reference. The signature around an event is new each
    time it is told, so an event is known by what stands under ``event-data``.
    """
    row = _part(row, "event-data") or row
    word = values.text_of(row.get("event"), 40).lower()
    kind = KINDS.get(word, "")
    if word == "failed":
        kind = _failure(row)
    told = Told(line, NAME, values.key_of({"provider": NAME, **row}), kind=kind)
    if not kind:
        return values.refused(
            told, "event", row.get("event"), f"Only these are read: {', '.join(KINDS)}."
        )
    at = values.moment_of(row.get("timestamp"))
    if at is None:
        return values.refused(told, "timestamp", row.get("timestamp"), values.TIME_REMEDY)
    headers = _part(_part(row, "message"), "headers")
    told = replace(told, at=at, message_id=values.message_id_of(headers.get("message-id")))
    address = values.address_of(row.get("recipient"))
    if address is None:
        return values.refused(told, "recipient", row.get("recipient"), values.ADDRESS_REMEDY)
    status, client = _part(row, "delivery-status"), _part(row, "client-info")
    return replace(
        told,
        address=address,
        send_id=values.id_of(_part(row, "user-variables").get(values.SEND_ARGUMENT)),
        url=values.text_of(row.get("url"), 2000),
        agent=values.text_of(client.get("user-agent")),
        said=without_addresses(
            values.text_of(status.get("message"))
            or values.text_of(status.get("description"))
            or values.text_of(row.get("reason"))
        ),
        stops=kind == "bounce" or (kind == "dropped" and word == "failed"),
        by_program=bool(values.text_of(client.get("bot")))
        or values.text_of(client.get("client-type")).lower() == "robot",
    )


def _failure(row: Mapping[str, Any]) -> str:
    """Tell what a failure is; one that does not say whether it lasts cannot be read."""
    if values.text_of(row.get("reason")).lower() in _LISTED:
        return "dropped"
    severity = values.text_of(row.get("severity")).lower()
    return {"permanent": "bounce", "temporary": "deferred"}.get(severity, "")
