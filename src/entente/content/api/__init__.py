"""Operations of the room: items, versions, verdicts, claims, labels."""

from entente.content.api import (  # noqa: F401 - they add operations
    claims,
    filings,
    graph,
    hosted,
    items,
    labels,
    panels,
    parts,
    performance,
    precheck,
    recalls,
)
from entente.content.api.shapes import router

__all__ = ["router"]
