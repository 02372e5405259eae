"""Operations of the room: items, versions, verdicts, claims."""

from entente.content.api import claims, hosted, items, parts  # noqa: F401 - they add operations
from entente.content.api.shapes import router

__all__ = ["router"]
