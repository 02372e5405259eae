"""Sends: found, counted, followed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count

from entente.engagement.models import Send


def send(send_id: UUID) -> Send:
    """Give a send of the present organisation.

    Raises
    ------
    Send.DoesNotExist
    """
    return Send.objects.select_related(
        "hcp", "version", "controller", "decision", "delivery_decision", "campaign"
    ).get(id=send_id)


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
