"""Acts of consent: capture, confirm, withdraw, stop, prefer, import."""

from entente.consent.actions.capture import capture_consent, confirm_consent
from entente.consent.actions.import_fhir import import_fhir
from entente.consent.actions.imports import import_consents
from entente.consent.actions.preferences import set_preference
from entente.consent.actions.withdraw import suppress, withdraw_consent
from entente.consent.actions.wordings import activate_wording, retire_wording, stage_wording

__all__ = [
    "activate_wording",
    "capture_consent",
    "confirm_consent",
    "import_consents",
    "import_fhir",
    "retire_wording",
    "set_preference",
    "stage_wording",
    "suppress",
    "withdraw_consent",
]
