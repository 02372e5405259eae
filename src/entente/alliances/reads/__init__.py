"""Queries of the room; other rooms read charters and campaigns here."""

from entente.alliances.reads.budget import Budget, budget, line, media_lines_of
from entente.alliances.reads.campaigns import (
    TaskStanding,
    campaign,
    campaign_agreements,
    campaign_rows,
    campaigns,
    campaigns_to_agree,
    launches_of,
    missing_for,
    my_tasks,
    next_plans,
    parties,
    partners_of_campaigns,
    privacy_gates,
    tasks,
)
from entente.alliances.reads.charters import (
    charter,
    charter_agreements,
    charter_rows,
    charters,
    charters_in_force,
    charters_to_agree,
    why_not_in_force,
)
from entente.alliances.reads.terms import campaign_terms, charter_terms

__all__ = [
    "Budget",
    "TaskStanding",
    "budget",
    "campaign",
    "campaign_agreements",
    "campaign_rows",
    "campaign_terms",
    "campaigns",
    "campaigns_to_agree",
    "charter",
    "charter_agreements",
    "charter_rows",
    "charter_terms",
    "charters",
    "charters_in_force",
    "charters_to_agree",
    "launches_of",
    "line",
    "media_lines_of",
    "missing_for",
    "my_tasks",
    "next_plans",
    "parties",
    "partners_of_campaigns",
    "privacy_gates",
    "tasks",
    "why_not_in_force",
]
