"""All that changes content; each writes one ledger entry."""

from entente.content.actions.claims import add_claim, add_reference, withdraw_claim
from entente.content.actions.review import (
    decide,
    record_filing,
    submit_for_review,
    withdraw_version,
)
from entente.content.actions.write import Words, add_side, draft_item, save_version

__all__ = [
    "Words",
    "add_claim",
    "add_reference",
    "add_side",
    "decide",
    "draft_item",
    "record_filing",
    "save_version",
    "submit_for_review",
    "withdraw_claim",
    "withdraw_version",
]
