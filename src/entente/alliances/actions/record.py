"""Ledger entries of joint objects: one act, an entry that each other party may read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from entente.foundation import ledger
from entente.foundation.access.scope import current_scope


def record(
    verb: str,
    kind: str,
    object_id: UUID,
    parties: Collection[UUID],
    *,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write the act once for each other party, so that all of them find it in the ledger."""
    others: list[UUID | None] = [*sorted(set(parties) - {current_scope().org_id}, key=str)]
    ledger.append_many(
        [
            ledger.Entry(verb, kind, object_id, details or {}, counterparty=other)
            for other in others or [None]
        ],
        at=at,
    )
