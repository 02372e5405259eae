"""What is asked of a permission where an organisation has set no rule of its own.

These are cautious defaults of the house and no statement about the law of a country; the page
"Permissions by country" replaces them.
"""

from __future__ import annotations

from dataclasses import dataclass

# Countries in which a permission to write e-mails is renewed once a year and confirmed twice.
STRICT = frozenset({"AT", "BE", "CH", "DE", "ES", "FR", "IT", "LU", "NL", "PL"})
STRICT_MONTHS = 12


@dataclass(frozen=True)
class Terms:
    """What a permission needs on one channel in one country.

    ``keeps_months`` is None where it has no end of its own.
    """

    keeps_months: int | None
    needs_own_wording: bool
    needs_confirmation: bool


def default_terms(country: str, channel: str) -> Terms:
    """Give what is asked where nobody has set anything.

    Examples
    --------
    >>> default_terms("DE", "email")
    Terms(keeps_months=12, needs_own_wording=True, needs_confirmation=True)
    >>> default_terms("US", "email").keeps_months is None
    True
    """
    is_strict = channel == "email" and country in STRICT
    return Terms(STRICT_MONTHS if is_strict else None, True, is_strict)
