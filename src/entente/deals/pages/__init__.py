"""Pages of the room: the list, one deal, registration with its preview, what a party does."""

from entente.deals.pages.acts import accept, decline, lost, withdraw, won
from entente.deals.pages.deal import deal, deals
from entente.deals.pages.register import preview, register

__all__ = [
    "accept",
    "deal",
    "deals",
    "decline",
    "lost",
    "preview",
    "register",
    "withdraw",
    "won",
]
