"""Ledger entries about what two parties share: one act, an entry that the other may read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from entente.consent.models import ShareContract
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.models import User

KIND = "consent.share_contract"


def who_acts() -> str:
    """Give the name of the person who acts, or of the job."""
    scope = current_scope()
    if scope.actor_id is None:
        return scope.actor_name
    found = User.objects.filter(id=scope.actor_id).values_list("name", flat=True).first()
    return found or scope.actor_name


def record(
    verb: str,
    contract: ShareContract,
    *,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    told: bool = True,
) -> None:
    """Write an act on a share contract; ``told``: the other party may read the entry."""
    mine = current_scope().org_id
    other: UUID | None = contract.partner_id if contract.org_id == mine else contract.org_id
    entry = ledger.Entry(
        verb, KIND, contract.id, details or {}, counterparty=other if told else None
    )
    ledger.append(entry, at=at)
