"""Tables of consent: wordings, records of permission, requests of people, retention."""

from entente.consent.models.records import (
    Capture,
    Confirmation,
    Preference,
    Suppression,
    Withdrawal,
)
from entente.consent.models.requests import SubjectRequest, SubjectRequestStep
from entente.consent.models.retention import RetentionRule, RetentionRun
from entente.consent.models.shares import (
    OverlapComparison,
    OverlapMember,
    PartnerList,
    PartnerListEntry,
    ShareContract,
    ShareContractSide,
    ShareRead,
)
from entente.consent.models.wording import CountryRule, Topic, Wording

__all__ = [
    "Capture",
    "Confirmation",
    "CountryRule",
    "OverlapComparison",
    "OverlapMember",
    "PartnerList",
    "PartnerListEntry",
    "Preference",
    "RetentionRule",
    "RetentionRun",
    "ShareContract",
    "ShareContractSide",
    "ShareRead",
    "SubjectRequest",
    "SubjectRequestStep",
    "Suppression",
    "Topic",
    "Withdrawal",
    "Wording",
]
