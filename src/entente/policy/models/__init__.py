"""Tables of the room: decisions, the packs they were made under, and what people decided."""

from entente.policy.models.decision import Decision
from entente.policy.models.overrides import Referral, Waiver
from entente.policy.models.packs import PackActivation, PackDraft, PackSet, PackText

__all__ = [
    "Decision",
    "PackActivation",
    "PackDraft",
    "PackSet",
    "PackText",
    "Referral",
    "Waiver",
]
