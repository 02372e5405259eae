"""Pairs of items for HCPs and patients, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from entente.content.domain.pairs import Mismatch, mismatch
from entente.content.models import ClaimUse, Item, Version
from entente.foundation.access.scope import current_scope


@dataclass(frozen=True)
class Paired:
    """Both items with what only one of them says in its latest version."""

    hcp: Item
    patient: Item
    differs: Mismatch


def pair_of(item: Item) -> Paired | None:
    """Give the pair that an item belongs to, with the claims that only one side makes."""
    other = (
        Item.objects.filter(id=item.paired_with_id).first()
        if item.paired_with_id
        else Item.objects.filter(paired_with_id=item.id).first()
    )
    if other is None:
        return None
    hcp, patient = (other, item) if item.paired_with_id else (item, other)
    return Paired(hcp, patient, mismatch(_claims(hcp.id), _claims(patient.id)))


def _claims(item_id: UUID) -> dict[UUID, str]:
    latest = Version.objects.filter(item_id=item_id).order_by("-number").values("id")[:1]
    uses = ClaimUse.objects.filter(version_id__in=latest).values_list("claim_id", "claim__text")
    return dict(uses)


def pairable(item: Item) -> list[Item]:
    """Give one's own items of the same product that tell HCPs something and have no pair yet."""
    return list(
        Item.objects.filter(
            org_id=current_scope().org_id,
            product=item.product,
            form=Item.Form.ITEM,
            patient_item__isnull=True,
            paired_with__isnull=True,
        )
        .exclude(id=item.id)
        .order_by("title", "id")[:100]
    )
