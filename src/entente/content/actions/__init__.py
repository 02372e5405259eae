"""All that changes content; each writes one ledger entry."""

from entente.content.actions import visits
from entente.content.actions.claims import add_claim, add_reference, withdraw_claim
from entente.content.actions.hosted import (
    Publication,
    ask_again,
    end_page,
    make_personal_link,
    publish_version,
    revoke_link,
)
from entente.content.actions.parts import attach_file, remove_file, remove_tool, save_tool
from entente.content.actions.review import (
    decide,
    record_filing,
    submit_for_review,
    withdraw_version,
)
from entente.content.actions.write import Words, add_side, draft_item, save_version

__all__ = [
    "Publication",
    "Words",
    "add_claim",
    "add_reference",
    "add_side",
    "ask_again",
    "attach_file",
    "decide",
    "draft_item",
    "end_page",
    "make_personal_link",
    "publish_version",
    "record_filing",
    "remove_file",
    "remove_tool",
    "revoke_link",
    "save_tool",
    "save_version",
    "submit_for_review",
    "visits",
    "withdraw_claim",
    "withdraw_version",
]
