"""All that changes charters and campaigns; each writes one ledger entry."""

from entente.alliances.actions.agree import agree_campaign, agree_charter
from entente.alliances.actions.budget import (
    add_budget_line,
    commit_line,
    record_actual,
    revise_estimate,
)
from entente.alliances.actions.campaigns import (
    CampaignPlan,
    choose_content,
    draft_campaign,
    replan_campaign,
)
from entente.alliances.actions.charters import (
    CharterTerms,
    add_charter_side,
    draft_charter,
    end_charter,
)
from entente.alliances.actions.progress import complete_task, move_campaign, pass_privacy_gate

__all__ = [
    "CampaignPlan",
    "CharterTerms",
    "add_budget_line",
    "add_charter_side",
    "agree_campaign",
    "agree_charter",
    "choose_content",
    "commit_line",
    "complete_task",
    "draft_campaign",
    "draft_charter",
    "end_charter",
    "move_campaign",
    "pass_privacy_gate",
    "record_actual",
    "replan_campaign",
    "revise_estimate",
]
