"""Tables of the room ``content``."""

from entente.content.models.claim import Claim, ClaimUse, Reference
from entente.content.models.hosted import HostedCount, HostedPage, Registration
from entente.content.models.item import Item, ItemSide, Version
from entente.content.models.parts import Attachment, Tool
from entente.content.models.review import Approval, Filing, Withdrawal

__all__ = [
    "Approval",
    "Attachment",
    "Claim",
    "ClaimUse",
    "Filing",
    "HostedCount",
    "HostedPage",
    "Item",
    "ItemSide",
    "Reference",
    "Registration",
    "Tool",
    "Version",
    "Withdrawal",
]
