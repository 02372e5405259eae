"""Sends: found, counted, followed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, QuerySet

from entente.engagement.models import Response, Send
from entente.foundation.models import OutboxMessage

ORDER = ("-requested_at", "-id")


def send(send_id: UUID) -> Send:
    """Give a send of the present organisation.

    Raises
    ------
    Send.DoesNotExist
    """
    return Send.objects.select_related(
        "hcp", "version", "controller", "decision", "delivery_decision", "campaign", "message_list"
    ).get(id=send_id)


def sends(
    *,
    status: str = "",
    hcp_id: UUID | None = None,
    campaign_id: UUID | None = None,
    requested_by_id: UUID | None = None,
) -> QuerySet[Send]:
    """Give the sends of the present organisation, narrowed as asked; order them by ``ORDER``."""
    found = Send.objects.select_related("decision").defer("decision__facts")
    if status:
        found = found.filter(status=status)
    if hcp_id:
        found = found.filter(hcp_id=hcp_id)
    if campaign_id:
        found = found.filter(campaign_id=campaign_id)
    if requested_by_id:
        found = found.filter(requested_by_id=requested_by_id)
    return found


def counts(found: QuerySet[Send]) -> dict[str, int]:
    """Count sends by where they stand, every state named."""
    counted = found.order_by().values_list("status").annotate(n=Count("id"))
    return dict.fromkeys(Send.Status.values, 0) | dict(counted)


def counts_by_status(campaign_id: UUID) -> dict[str, int]:
    """Count a campaign's sends by where they stand."""
    counted = Send.objects.filter(campaign_id=campaign_id).values_list("status")
    return dict(counted.annotate(n=Count("id")))


def hcp_ids_with_status(campaign_id: UUID, status: str, *, most: int) -> list[UUID]:
    """Give some HCPs whose send of a campaign stands there."""
    found = Send.objects.filter(campaign_id=campaign_id, status=status).order_by("id")
    return list(found.values_list("hcp_id", flat=True)[:most])


def addresses_by_status(campaign_id: UUID) -> dict[str, list[tuple[str, UUID]]]:
    """Give the addresses and ids of a campaign's sends by where they stand."""
    found: dict[str, list[tuple[str, UUID]]] = {}
    rows = Send.objects.filter(campaign_id=campaign_id).values_list("status", "address", "id")
    for status, address, send_id in rows.iterator(chunk_size=5_000):
        found.setdefault(status, []).append((address, send_id))
    return found


def message_of(send_id: UUID) -> OutboxMessage | None:
    """Give the message that carries a send; None if it was never permitted to leave."""
    return OutboxMessage.objects.filter(object_kind="engagement.send", object_id=send_id).first()


def responses_of(send_id: UUID) -> list[Response]:
    """Give what came back for a send, the first first."""
    return list(Response.objects.filter(send_id=send_id).order_by("responded_at", "id"))
