"""All that changes content; each writes one ledger entry."""

from entente.content.actions.claims import add_claim, add_reference, withdraw_claim
from entente.content.actions.filings import record_filing
from entente.content.actions.lanes import (
    draw_samples,
    end_lane_cell,
    judge_sample,
    raise_lane,
    reopen_fast_lane,
    set_lane_cell,
)
from entente.content.actions.panels import accept_lead, add_deputy, add_seat, end_seat, propose_lead
from entente.content.actions.remarks import annotate, answer_remark
from entente.content.actions.review import Limits, decide, submit_for_review
from entente.content.actions.withdraw import cancel_version, withdraw_version
from entente.content.actions.write import Words, add_side, draft_item, save_version

__all__ = [
    "Limits",
    "Words",
    "accept_lead",
    "add_claim",
    "add_deputy",
    "add_reference",
    "add_seat",
    "add_side",
    "annotate",
    "answer_remark",
    "cancel_version",
    "decide",
    "draft_item",
    "draw_samples",
    "end_lane_cell",
    "end_seat",
    "judge_sample",
    "propose_lead",
    "raise_lane",
    "record_filing",
    "reopen_fast_lane",
    "save_version",
    "set_lane_cell",
    "submit_for_review",
    "withdraw_claim",
    "withdraw_version",
]
