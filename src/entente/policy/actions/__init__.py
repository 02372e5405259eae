"""Ask the gate and keep its answer; bring packs into force; decide what is left to people."""

from entente.policy.actions.decide import Asked, decide, decide_many
from entente.policy.actions.matrix import set_lane
from entente.policy.actions.overrides import Scoped, end_waiver, grant_waiver
from entente.policy.actions.pack_life import activate_pack, drop_draft, save_draft
from entente.policy.actions.referrals import SETTLED, answer_referral

__all__ = [
    "SETTLED",
    "Asked",
    "Scoped",
    "activate_pack",
    "answer_referral",
    "decide",
    "decide_many",
    "drop_draft",
    "end_waiver",
    "grant_waiver",
    "save_draft",
    "set_lane",
]
