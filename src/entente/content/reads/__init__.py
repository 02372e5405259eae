"""Queries of the room; other rooms read content here."""

from entente.content.reads.items import (
    ItemRow,
    Party,
    claims,
    item,
    items,
    parties_of,
    queue,
    released_versions,
    uses_of,
    version,
)
from entente.content.reads.material import checks_of, claims_of
from entente.content.reads.release import (
    NotReleased,
    Sendable,
    is_released,
    version_for_send,
    void_signatures,
    why_not_released,
)

__all__ = [
    "ItemRow",
    "NotReleased",
    "Party",
    "Sendable",
    "checks_of",
    "claims",
    "claims_of",
    "is_released",
    "item",
    "items",
    "parties_of",
    "queue",
    "released_versions",
    "uses_of",
    "version",
    "version_for_send",
    "void_signatures",
    "why_not_released",
]
