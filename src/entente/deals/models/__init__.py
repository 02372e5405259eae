"""Tables of the room: deals, their sides, their buyers, their protections."""

from entente.deals.models.deal import Deal, DealBuyer, DealSide
from entente.deals.models.protection import Protection

__all__ = ["Deal", "DealBuyer", "DealSide", "Protection"]
