"""The lock on an opportunity, and the question to the gate about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.deals.models import Deal
from entente.foundation.access.scope import current_scope
from entente.foundation.facts import Act
from entente.foundation.locks import lock
from entente.policy.actions import decide
from entente.policy.reads import Decision

KIND = "deals.deal"


def lock_opportunity(account_key: str, solution_id: UUID) -> None:
    """Hold an account and solution, all its sites, until the transaction ends."""
    lock(f"deal:{account_key}:{solution_id}")


def ask_gate(deal_id: UUID, *, country: str, at: datetime) -> Decision:
    """Ask whether this deal may be registered or accepted now; under its lock."""
    act = Act(
        type="deal_registration",
        at=at,
        deal_id=deal_id,
        object_id=deal_id,
        country=country or None,
    )
    return decide(act, object_kind=KIND, object_id=deal_id)


def locked_deal(deal_id: UUID) -> Deal:
    """Lock a deal's opportunity, then read the deal as its last holder left it.

    Raises
    ------
    Deal.DoesNotExist
        Also when it is a deal of others.
    """
    current_scope().require("deal.write")
    keys = Deal.objects.values_list("account_key", "solution_id").get(id=deal_id)
    lock_opportunity(*keys)
    return (
        Deal.objects.select_related("account", "solution", "protection")
        .prefetch_related("sides")
        .get(id=deal_id)
    )
