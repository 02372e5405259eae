"""Operations of the room: items, versions, verdicts, claims, labels, studies."""

from entente.content.api import (  # noqa: F401 - they add operations
    claims,
    co_authors,
    hosted,
    items,
    labels,
    panels,
    parts,
    precheck,
    recalls,
    studies,
)
from entente.content.api.shapes import router

__all__ = ["router"]
