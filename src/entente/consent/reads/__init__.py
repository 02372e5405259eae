"""Queries of consent: states at any moment, histories, links for people."""

from entente.consent.reads.links import preference_link, preference_url, unsubscribe_url
from entente.consent.reads.overlap import (
    OverlapPerson,
    as_told,
    comparison,
    comparisons,
    rest_of,
)
from entente.consent.reads.shares import (
    my_side,
    partner_list,
    partner_lists,
    share_contract,
    share_reads,
    share_rows,
    share_state,
    shares_ending,
    shares_to_sign,
)
from entente.consent.reads.states import (
    ConsentState,
    history,
    is_stopped,
    is_unsubscribed,
    own_cap_30d,
    paused_until,
    preference,
    state_as_of,
    states_of,
)
from entente.consent.reads.withdrawals import BY_THE_PERSON, ONE_CLICK, PREFERENCE_PAGE, withdrawal

__all__ = [
    "BY_THE_PERSON",
    "ONE_CLICK",
    "PREFERENCE_PAGE",
    "ConsentState",
    "OverlapPerson",
    "as_told",
    "comparison",
    "comparisons",
    "history",
    "is_stopped",
    "is_unsubscribed",
    "my_side",
    "own_cap_30d",
    "partner_list",
    "partner_lists",
    "paused_until",
    "preference",
    "preference_link",
    "preference_url",
    "rest_of",
    "share_contract",
    "share_reads",
    "share_rows",
    "share_state",
    "shares_ending",
    "shares_to_sign",
    "state_as_of",
    "states_of",
    "unsubscribe_url",
    "withdrawal",
]
