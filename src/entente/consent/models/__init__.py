"""Tables of consent: wordings, captures, withdrawals, suppressions, preferences."""

from entente.consent.models.records import (
    Capture,
    Confirmation,
    Preference,
    Suppression,
    Withdrawal,
)
from entente.consent.models.shares import (
    OverlapComparison,
    OverlapMember,
    PartnerList,
    PartnerListEntry,
    ShareContract,
    ShareContractSide,
    ShareRead,
)
from entente.consent.models.wording import Wording

__all__ = [
    "Capture",
    "Confirmation",
    "OverlapComparison",
    "OverlapMember",
    "PartnerList",
    "PartnerListEntry",
    "Preference",
    "ShareContract",
    "ShareContractSide",
    "ShareRead",
    "Suppression",
    "Withdrawal",
    "Wording",
]
