"""Tables of consent: wordings, records of permission, requests of people, retention."""

from entente.consent.models.records import (
    Capture,
    Confirmation,
    Preference,
    Suppression,
    Withdrawal,
)
from entente.consent.models.wording import CountryRule, Topic, Wording

__all__ = [
    "Capture",
    "Confirmation",
    "CountryRule",
    "Preference",
    "Suppression",
    "Topic",
    "Withdrawal",
    "Wording",
]
