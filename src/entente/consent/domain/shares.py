"""What a data-share contract may say: closed lists, their words, and the hash of its terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entente.foundation.domain.canonical import canonical, sha256_hex

# Below this no number is told, whatever a contract says.
LEAST_CELL = 11
# Comparisons of one pair of parties in 24 hours, answered or withheld.
MOST_A_DAY = 5

FIELDS: dict[str, str] = {
    "npi": "NPI",
    "name": "Name",
    "specialty": "Specialty",
    "city": "City",
    "state": "State",
    "affiliation": "Affiliation",
    "email": "E-mail address",
    "phone": "Telephone",
}
# Passed on only for a person whose consent to the sharing controller covers it.
CONTACT_FIELDS: dict[str, str] = {"email": "email", "phone": "phone"}

BREAKDOWNS: dict[str, str] = {
    "none": "Total only",
    "specialty": "By specialty",
    "state": "By state",
}
LEGAL_BASES: dict[str, str] = {
    "consent": "Consent of each person",
    "authorisation": "Written authorisation of each person (HIPAA)",
    "legitimate_interest": "Legitimate interest, balanced in writing",
    "public_source": "Public registry data only",
    "counts_only": "None needed: counts only",
}
DEIDENTIFICATIONS: dict[str, str] = {
    "small_cells": "Counts with small cells suppressed",
    "expert": "Expert determination (45 CFR 164.514(b)(1))",
    "safe_harbor": "Safe harbor (45 CFR 164.514(b)(2))",
    "none": "None: named persons under the legal basis",
}

# State of a contract at a moment, as the database says it, with words and tone.
STATES: dict[str, tuple[str, str]] = {
    "draft": ("Draft", ""),
    "proposed": ("Waits for signatures", "warn"),
    "waiting": ("Begins later", "info"),
    "in_force": ("In force", "ok"),
    "replaced": ("Replaced", ""),
    "expired": ("Expired", ""),
    "ended": ("Ended", "bad"),
}
KINDS: dict[str, str] = {"people": "People", "organisations": "Organisations"}
MATCHED_ON: dict[str, str] = {
    "npi": "NPI",
    "organisation_id": "Organisation id",
    "domain": "Internet domain",
}


def needs_consent(fields: frozenset[str]) -> frozenset[str]:
    """Give the contact fields among the fields of a contract.

    Examples
    --------
    >>> sorted(needs_consent(frozenset({"npi", "email"})))
    ['email']
    """
    return fields & CONTACT_FIELDS.keys()


def share_terms_hash(terms: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a contract's terms; the order of names changes nothing.

    Examples
    --------
    >>> share_terms_hash({"a": 1, "b": 2}) == share_terms_hash({"b": 2, "a": 1})
    True
    """
    return sha256_hex(canonical({"share_contract": dict(terms)}))
