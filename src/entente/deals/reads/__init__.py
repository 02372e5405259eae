"""What the room tells: deals and whether an opportunity is free."""

from entente.deals.reads.conflicts import Conflict, conflict_of, preview
from entente.deals.reads.deals import (
    buyer_of,
    deal,
    deals,
    ending_soon,
    order_of,
    other_side,
    own_side,
    waiting_for_us,
)

__all__ = [
    "Conflict",
    "buyer_of",
    "conflict_of",
    "deal",
    "deals",
    "ending_soon",
    "order_of",
    "other_side",
    "own_side",
    "preview",
    "waiting_for_us",
]
