"""What the room does: register, accept, decline, withdraw, win, lose, expire."""

from entente.deals.actions.accept_deal import accept_deal
from entente.deals.actions.close_deal import (
    decline_deal,
    expire_deals,
    mark_lost,
    mark_won,
    withdraw_deal,
)
from entente.deals.actions.register_deal import Registration, register_deal

__all__ = [
    "Registration",
    "accept_deal",
    "decline_deal",
    "expire_deals",
    "mark_lost",
    "mark_won",
    "register_deal",
    "withdraw_deal",
]
