"""Tables of the room ``content``."""

from entente.content.models.claim import Claim, ClaimUse, Reference
from entente.content.models.co_author import CoAuthor
from entente.content.models.hosted import HostedCount, HostedPage, Registration
from entente.content.models.item import Item, ItemSide, Version
from entente.content.models.label import (
    ClaimGround,
    ClaimRecheck,
    Label,
    LabelSection,
    LabelVersion,
)
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
from entente.content.models.parts import Attachment, Tool
from entente.content.models.precheck import PrecheckRun
from entente.content.models.recall import (
    Acknowledgement,
    PrintRun,
    Recall,
    RecalledVersion,
    ReturnTask,
)
from entente.content.models.review import Approval, Certificate, Filing, Withdrawal
from entente.content.models.study import ReferenceCheck, Study, StudyMilestone, StudyParty

__all__ = [
    "Acknowledgement",
    "Annotation",
    "Approval",
    "Attachment",
    "Certificate",
    "Claim",
    "ClaimGround",
    "ClaimRecheck",
    "ClaimUse",
    "CoAuthor",
    "Deputy",
    "Filing",
    "HostedCount",
    "HostedPage",
    "Item",
    "ItemSide",
    "Label",
    "LabelSection",
    "LabelVersion",
    "LaneCell",
    "Lead",
    "LeadAcceptance",
    "Need",
    "PrecheckRun",
    "PrintRun",
    "Raise",
    "Recall",
    "RecalledVersion",
    "Reference",
    "ReferenceCheck",
    "Registration",
    "ReturnTask",
    "Sample",
    "Seat",
    "Study",
    "StudyMilestone",
    "StudyParty",
    "Superseded",
    "Tool",
    "Version",
    "VersionPart",
    "Withdrawal",
]
