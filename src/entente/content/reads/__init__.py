"""Queries of the room; other rooms read content here."""

from entente.content.reads.items import (
    Party,
    claims,
    item,
    item_rows,
    parties_of,
    queue,
    released_versions,
    status_on,
    uses_of,
    version,
    written,
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
    "NotReleased",
    "Party",
    "Sendable",
    "checks_of",
    "claims",
    "claims_of",
    "is_released",
    "item",
    "item_rows",
    "parties_of",
    "queue",
    "released_versions",
    "status_on",
    "uses_of",
    "version",
    "version_for_send",
    "void_signatures",
    "why_not_released",
    "written",
]
