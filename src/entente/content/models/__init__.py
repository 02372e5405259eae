"""Tables of the room ``content``."""

from entente.content.models.claim import Claim, ClaimUse, Reference
from entente.content.models.item import Item, ItemSide, Version
from entente.content.models.label import (
    ClaimGround,
    ClaimRecheck,
    Label,
    LabelSection,
    LabelVersion,
)
from entente.content.models.precheck import PrecheckRun
from entente.content.models.review import Approval, Filing, Withdrawal

__all__ = [
    "Approval",
    "Claim",
    "ClaimGround",
    "ClaimRecheck",
    "ClaimUse",
    "Filing",
    "Item",
    "ItemSide",
    "Label",
    "LabelSection",
    "LabelVersion",
    "PrecheckRun",
    "Reference",
    "Version",
    "Withdrawal",
]
