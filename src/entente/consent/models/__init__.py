"""Tables of consent: wordings, captures, withdrawals, suppressions, preferences."""

from entente.consent.models.records import (
    Capture,
    Confirmation,
    Preference,
    Suppression,
    Withdrawal,
)
from entente.consent.models.wording import Wording

__all__ = ["Capture", "Confirmation", "Preference", "Suppression", "Withdrawal", "Wording"]
