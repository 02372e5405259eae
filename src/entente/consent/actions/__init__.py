"""Acts of consent: ask, capture, confirm, withdraw, stop, prefer, import, word, share."""

from entente.consent.actions.capture import capture_consent, confirm_consent
from entente.consent.actions.confirmation import ask_confirmation
from entente.consent.actions.erasure import export_person
from entente.consent.actions.import_fhir import import_fhir
from entente.consent.actions.imports import import_consents
from entente.consent.actions.overlap import (
    compare_lists,
    offer_list,
    read_people,
    take_back_offer,
)
from entente.consent.actions.partner_lists import (
    ListTerms,
    import_accounts,
    list_from_directory,
    load_accounts,
)
from entente.consent.actions.preferences import set_preference
from entente.consent.actions.requests import (
    answer_request,
    extend_request,
    receive_request,
    refuse_request,
    start_request,
    verify_request,
    withdraw_request,
)
from entente.consent.actions.retention import delete_what_is_due, set_retention_rule
from entente.consent.actions.share_contracts import (
    ShareTerms,
    draft_share,
    end_share,
    propose_share,
    sign_share,
)
from entente.consent.actions.topics import add_topic, retire_topic, set_country_rule
from entente.consent.actions.withdraw import suppress, withdraw_consent
from entente.consent.actions.wordings import (
    ALL_CHANNELS,
    ALL_PURPOSES,
    Shown,
    activate_wording,
    retire_wording,
    stage_wording,
)

__all__ = [
    "ALL_CHANNELS",
    "ALL_PURPOSES",
    "ListTerms",
    "ShareTerms",
    "Shown",
    "activate_wording",
    "add_topic",
    "answer_request",
    "ask_confirmation",
    "capture_consent",
    "compare_lists",
    "confirm_consent",
    "delete_what_is_due",
    "draft_share",
    "end_share",
    "export_person",
    "extend_request",
    "import_accounts",
    "import_consents",
    "import_fhir",
    "list_from_directory",
    "load_accounts",
    "offer_list",
    "propose_share",
    "read_people",
    "receive_request",
    "refuse_request",
    "retire_topic",
    "retire_wording",
    "set_country_rule",
    "set_preference",
    "set_retention_rule",
    "sign_share",
    "stage_wording",
    "start_request",
    "suppress",
    "take_back_offer",
    "verify_request",
    "withdraw_consent",
    "withdraw_request",
]
