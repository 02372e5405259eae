"""Operations of the room: items, versions, verdicts, claims, labels, studies."""

from entente.content.api import (  # noqa: F401 - they add operations
    claims,
    co_authors,
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
    studies,
)
from entente.content.api.shapes import router

__all__ = ["router"]
