"""All that changes content; each writes one ledger entry."""

from entente.content.actions import visits
from entente.content.actions.cancel import cancel_version
from entente.content.actions.claims import Source, add_claim, add_reference
from entente.content.actions.co_authors import (
    Authorship,
    add_co_author,
    end_rights,
    renew_rights,
)
from entente.content.actions.fallen_studies import (
    confirm_reference,
    flag_fallen_studies,
    replace_reference,
    retract_study,
    supersede_study,
)
from entente.content.actions.filing_package import FilingPackage, make_filing_package
from entente.content.actions.filings import record_filing, record_filings
from entente.content.actions.hosted import (
    Publication,
    ask_again,
    end_page,
    make_personal_link,
    publish_version,
    revoke_link,
)
from entente.content.actions.labels import LabelLoad, flag_touched_claims, ground_claim, load_label
from entente.content.actions.lanes import (
    draw_samples,
    end_lane_cell,
    judge_sample,
    raise_lane,
    reopen_fast_lane,
    set_lane_cell,
)
from entente.content.actions.pairs import pair_items
from entente.content.actions.panels import accept_lead, add_deputy, add_seat, end_seat, propose_lead
from entente.content.actions.parts import attach_file, remove_file, remove_tool, save_tool
from entente.content.actions.precheck import keep_precheck
from entente.content.actions.recall import (
    account_for,
    acknowledge,
    recall_expired_claims,
    record_print,
    settle_open_recalls,
    settle_recall,
    version_lock,
    withdraw_claim,
    withdraw_version,
)
from entente.content.actions.remarks import annotate, answer_remark
from entente.content.actions.review import Limits, NotReady, decide, submit_for_review
from entente.content.actions.studies import (
    StudyPlan,
    add_milestone,
    add_study_party,
    mark_milestone,
    move_study,
    record_study,
)
from entente.content.actions.write import Words, add_side, draft_item, save_version, sign_as_author

__all__ = [
    "Authorship",
    "FilingPackage",
    "LabelLoad",
    "Limits",
    "NotReady",
    "Publication",
    "Source",
    "StudyPlan",
    "Words",
    "accept_lead",
    "account_for",
    "acknowledge",
    "add_claim",
    "add_co_author",
    "add_deputy",
    "add_milestone",
    "add_reference",
    "add_seat",
    "add_side",
    "add_study_party",
    "annotate",
    "answer_remark",
    "ask_again",
    "attach_file",
    "cancel_version",
    "confirm_reference",
    "decide",
    "draft_item",
    "draw_samples",
    "end_lane_cell",
    "end_page",
    "end_rights",
    "end_seat",
    "flag_fallen_studies",
    "flag_touched_claims",
    "ground_claim",
    "judge_sample",
    "keep_precheck",
    "load_label",
    "make_filing_package",
    "make_personal_link",
    "mark_milestone",
    "move_study",
    "pair_items",
    "propose_lead",
    "publish_version",
    "raise_lane",
    "recall_expired_claims",
    "record_filing",
    "record_filings",
    "record_print",
    "record_study",
    "remove_file",
    "remove_tool",
    "renew_rights",
    "reopen_fast_lane",
    "replace_reference",
    "retract_study",
    "revoke_link",
    "save_tool",
    "save_version",
    "set_lane_cell",
    "settle_open_recalls",
    "settle_recall",
    "sign_as_author",
    "submit_for_review",
    "supersede_study",
    "version_lock",
    "visits",
    "withdraw_claim",
    "withdraw_version",
]
