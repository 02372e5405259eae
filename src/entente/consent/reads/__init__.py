"""Queries of consent: states at any moment, histories, links for people."""

from entente.consent.reads.fhir import fhir_consents
from entente.consent.reads.links import preference_link, preference_url, unsubscribe_url
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
    "fhir_consents",
    "history",
    "is_stopped",
    "is_unsubscribed",
    "own_cap_30d",
    "paused_until",
    "preference",
    "preference_link",
    "preference_url",
    "state_as_of",
    "states_of",
    "unsubscribe_url",
    "withdrawal",
]
