"""Pair what an HCP reads with what patients read of the same thing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.content.models import Item
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock


def pair_items(patient_item_id: UUID, hcp_item_id: UUID, *, at: datetime) -> Item:
    """Say that an item tells patients what another tells HCPs; an alarm tells where they differ.

    Raises
    ------
    UserError
        If they are the same item, of different products, or one has a partner already.
    """
    scope = current_scope()
    scope.require("content.write")
    lock(f"content.item:{patient_item_id}", f"content.item:{hcp_item_id}")
    own = Item.objects.filter(org_id=scope.org_id)
    patient, hcp = own.get(id=patient_item_id), own.get(id=hcp_item_id)
    if patient.id == hcp.id:
        raise UserError("an item is not paired with itself", field="hcp_item")
    if patient.product_id != hcp.product_id:
        raise UserError("both items are about the same product", field="hcp_item")
    if Item.objects.filter(paired_with=hcp).exclude(id=patient.id).exists():
        raise UserError("this item is paired with another one", field="hcp_item")
    patient.paired_with = hcp
    patient.save(update_fields=["paired_with"])
    ledger.append(
        ledger.Entry("content.items.paired", "content.item", patient.id, {"hcp_item": hcp.id}),
        at=at,
    )
    return patient
