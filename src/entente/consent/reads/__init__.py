"""Queries of consent: states at any moment, histories, wordings, links for people."""

from entente.consent.reads.confirmations import awaits, is_confirmed
from entente.consent.reads.fhir import fhir_consents
from entente.consent.reads.links import (
    confirmation_url,
    preference_link,
    preference_url,
    unsubscribe_url,
)
from entente.consent.reads.requests import (
    names_of_actors,
    open_requests_of,
    steps_of,
    subject_request,
    subject_requests,
)
from entente.consent.reads.retention import deadlines, rule_history, runs
from entente.consent.reads.states import (
    ConsentState,
    history,
    is_stopped,
    is_unsubscribed,
    own_cap_7d,
    own_cap_30d,
    paused_until,
    preference,
    state_as_of,
    states_of,
    topic_states_of,
)
from entente.consent.reads.withdrawals import BY_THE_PERSON, ONE_CLICK, PREFERENCE_PAGE, withdrawal
from entente.consent.reads.wordings import (
    active_wordings,
    country_rules,
    terms,
    topic_names,
    topics,
    wording,
    wordings,
)

__all__ = [
    "BY_THE_PERSON",
    "ONE_CLICK",
    "PREFERENCE_PAGE",
    "ConsentState",
    "active_wordings",
    "awaits",
    "confirmation_url",
    "country_rules",
    "deadlines",
    "fhir_consents",
    "history",
    "is_confirmed",
    "is_stopped",
    "is_unsubscribed",
    "names_of_actors",
    "open_requests_of",
    "own_cap_7d",
    "own_cap_30d",
    "paused_until",
    "preference",
    "preference_link",
    "preference_url",
    "rule_history",
    "runs",
    "state_as_of",
    "states_of",
    "steps_of",
    "subject_request",
    "subject_requests",
    "terms",
    "topic_names",
    "topic_states_of",
    "topics",
    "unsubscribe_url",
    "withdrawal",
    "wording",
    "wordings",
]
