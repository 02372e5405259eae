"""Tables of the room ``content``."""

from entente.content.models.claim import Claim, ClaimUse, Reference
from entente.content.models.item import Item, ItemSide, Version
from entente.content.models.module import VersionPart
from entente.content.models.panel import (
    Annotation,
    Deputy,
    LaneCell,
    Lead,
    LeadAcceptance,
    Need,
    Raise,
    Sample,
    Seat,
    Superseded,
)
from entente.content.models.recall import (
    Acknowledgement,
    PrintRun,
    Recall,
    RecalledVersion,
    ReturnTask,
)
from entente.content.models.review import Approval, Certificate, Filing, Withdrawal

__all__ = [
    "Acknowledgement",
    "Annotation",
    "Approval",
    "Certificate",
    "Claim",
    "ClaimUse",
    "Deputy",
    "Filing",
    "Item",
    "ItemSide",
    "LaneCell",
    "Lead",
    "LeadAcceptance",
    "Need",
    "PrintRun",
    "Raise",
    "Recall",
    "RecalledVersion",
    "Reference",
    "ReturnTask",
    "Sample",
    "Seat",
    "Superseded",
    "Version",
    "VersionPart",
    "Withdrawal",
]
