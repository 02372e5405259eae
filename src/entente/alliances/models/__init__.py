"""Tables of the room ``alliances``."""

from entente.alliances.models.campaign import Campaign, CampaignSide, PrivacyGate, Task
from entente.alliances.models.charter import Charter, CharterSide
from entente.alliances.models.money import BudgetLine

__all__ = [
    "BudgetLine",
    "Campaign",
    "CampaignSide",
    "Charter",
    "CharterSide",
    "PrivacyGate",
    "Task",
]
