"""Operations of the room: charters, campaigns, budgets."""

from entente.alliances.api import campaigns, charters, money  # noqa: F401 - they add operations
from entente.alliances.api.shapes import router

__all__ = ["router"]
