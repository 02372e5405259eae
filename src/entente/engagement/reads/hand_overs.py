"""Hand-overs: found, one with its receipt, the requests that are still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from entente.engagement.models import HandOver, SampleRequest

ORDER = ("-asked_at", "-id")


def hand_overs(
    *,
    status: str = "",
    kind: str = "",
    hcp_id: UUID | None = None,
    giver_id: UUID | None = None,
    unsigned: bool = False,
) -> QuerySet[HandOver]:
    """Give hand-overs of the present organisation, narrowed as asked."""
    found = HandOver.objects.select_related("hcp", "stock", "lot", "receipt", "giver")
    for name, value in (("status", status), ("kind", kind), ("hcp_id", hcp_id),
                        ("giver_id", giver_id)):  # fmt: skip
        if value:
            found = found.filter(**{name: value})
    if unsigned:
        found = found.filter(status="done", kind="sample", receipt__isnull=True)
    return found


def hand_over(hand_over_id: UUID) -> HandOver:
    """Give one hand-over with all that belongs to it.

    Raises
    ------
    HandOver.DoesNotExist
    """
    wanted = ("hcp", "stock", "lot", "product", "request", "receipt", "touch", "campaign",
              "controller", "giver", "decision")  # fmt: skip
    return HandOver.objects.select_related(*wanted).get(id=hand_over_id)


def requests_of(hcp_id: UUID) -> list[SampleRequest]:
    """Give what an HCP asked for in writing, with ``n_left``, the newest first."""
    found = SampleRequest.objects.filter(hcp_id=hcp_id).select_related("stock", "product")
    handed = Coalesce(Sum("hand_overs__n_units", filter=Q(hand_overs__status="done")), 0)
    return list(found.annotate(n_left=F("n_packs") - handed).order_by("-signed_on", "-id"))


def open_requests(hcp_id: UUID) -> list[SampleRequest]:
    """Give the requests of an HCP that are not wholly met."""
    return [row for row in requests_of(hcp_id) if row.n_left > 0]  # type: ignore[attr-defined]


def handed_to(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give what was handed to a person, for the person's export."""
    found = HandOver.objects.filter(hcp_id=hcp_id, status="done")
    return [
        {
            "kind": row.kind,
            "what": row.stock.name,
            "lot": row.lot.number,
            "number": row.n_units,
            "worth_minor": row.value_minor,
            "currency": row.currency,
            "company": row.controller.name,
            "day": row.handed_on,
            "signed_by": row.receipt.signer_name if hasattr(row, "receipt") else None,
        }
        for row in found.select_related("stock", "lot", "controller", "receipt").order_by(
            "handed_on", "id"
        )
    ]


def asked_by(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give the samples that a person asked for in writing, for the person's export."""
    return [
        {
            "product": row.product.name,
            "packs": row.n_packs,
            "signed_on": row.signed_on,
            "signed_by": row.signer_name,
        }
        for row in SampleRequest.objects.filter(hcp_id=hcp_id)
        .select_related("product")
        .order_by("signed_on", "id")
    ]


def n_unsigned(giver_id: UUID | None, before: date) -> int:
    """Count a colleague's hand-overs of samples before a day whose receipt is missing."""
    return hand_overs(giver_id=giver_id, unsigned=True).filter(handed_on__lte=before).count()
