"""All that changes content; each writes one ledger entry."""

from entente.content.actions.claims import add_claim, add_reference, withdraw_claim
from entente.content.actions.labels import (
    LabelLoad,
    flag_touched_claims,
    ground_claim,
    load_label,
)
from entente.content.actions.review import (
    decide,
    record_filing,
    submit_for_review,
    withdraw_version,
)
from entente.content.actions.write import Words, add_side, draft_item, save_version

__all__ = [
    "LabelLoad",
    "Words",
    "add_claim",
    "add_reference",
    "add_side",
    "decide",
    "draft_item",
    "flag_touched_claims",
    "ground_claim",
    "load_label",
    "record_filing",
    "save_version",
    "submit_for_review",
    "withdraw_claim",
    "withdraw_version",
]
