"""Acts of consent: capture, confirm, withdraw, stop, prefer, import, share."""

from entente.consent.actions.capture import capture_consent, confirm_consent
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
from entente.consent.actions.share_contracts import (
    ShareTerms,
    draft_share,
    end_share,
    propose_share,
    sign_share,
)
from entente.consent.actions.withdraw import suppress, withdraw_consent
from entente.consent.actions.wordings import activate_wording, retire_wording, stage_wording

__all__ = [
    "ListTerms",
    "ShareTerms",
    "activate_wording",
    "capture_consent",
    "compare_lists",
    "confirm_consent",
    "draft_share",
    "end_share",
    "import_accounts",
    "import_consents",
    "list_from_directory",
    "load_accounts",
    "offer_list",
    "propose_share",
    "read_people",
    "retire_wording",
    "set_preference",
    "sign_share",
    "stage_wording",
    "suppress",
    "take_back_offer",
    "withdraw_consent",
]
