"""Operations of the room: items, versions, verdicts, claims, labels."""

from entente.content.api import claims, hosted, items, labels, panels, parts, precheck, recalls  # noqa: F401 - they add operations
from entente.content.api.shapes import router

__all__ = ["router"]
