"""Queries of the room; other rooms read content here."""

from entente.content.reads.items import (
    Party,
    claim,
    claim_rows,
    claims,
    item,
    item_rows,
    parties_of,
    queue,
    released_versions,
    status_on,
    uses_of,
    version,
    versions_of,
    withdrawal_of,
    written,
)
from entente.content.reads.material import checks_of, claims_of, precheck_of
from entente.content.reads.precheck import Precheck, kept_run
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
    "Precheck",
    "Sendable",
    "checks_of",
    "claim",
    "claim_rows",
    "claims",
    "claims_of",
    "is_released",
    "item",
    "item_rows",
    "kept_run",
    "parties_of",
    "precheck_of",
    "queue",
    "released_versions",
    "status_on",
    "uses_of",
    "version",
    "version_for_send",
    "versions_of",
    "void_signatures",
    "why_not_released",
    "withdrawal_of",
    "written",
]
