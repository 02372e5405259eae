"""What this room holds about a person, for the person's export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from entente.disclosures.models import TransferOfValue
from entente.foundation.domain.money import to_text


def transfers_to(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give every transfer of value to a person."""
    return [
        {
            "on": transfer.made_on,
            "amount": to_text(transfer.amount_minor, transfer.currency),
            "currency": transfer.currency,
            "nature": transfer.nature,
            "form": transfer.form,
            "reported_by": transfer.reporter.name,
        }
        for transfer in TransferOfValue.objects.filter(hcp_id=hcp_id)
        .select_related("reporter")
        .order_by("made_on", "id")
    ]
