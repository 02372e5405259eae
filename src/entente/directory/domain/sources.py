"""Sources of the directory: how far each is believed, what its licence allows, how good it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# What a data licence allows, from the narrowest to the widest.
ALLOWS: dict[str, str] = {
    "internal": "Inside the organisation only",
    "partners": "Partners may see it",
    "public": "Anybody may see it",
}
# Below this many rows a share of refused rows says nothing about a source.
LEAST_ROWS = 20
# Loads that the score of a source looks back on.
LOADS_SCORED = 5
FULL_BP = 10_000
BAR_BP = 2_500
# Fields of a person that have a provenance of their own.
PROVEN = (
    "family_name", "given_name", "middle_name", "prefix", "suffix", "credential", "specialty",
    "licence_number", "licence_state", "address_line", "address_line2", "city", "us_state",
    "postal_code", "country", "phone",
)  # fmt: skip
# What a steward decided on evidence; no source outranks it unless the company says so.
STEWARD = "steward"
HAND = "hand"


@dataclass(frozen=True)
class Source:
    """A source as the company sees it.

    Parameters
    ----------
    key : str
        The word after ``entente import``, or ``hand`` or ``steward``.
    name : str
    trust : int
        How far it is believed, 0 to 100.
    licence : str
        Under what licence its data are held, in words.
    allows : str
        One of ``ALLOWS``.
    bar_bp : int
        The largest share of refused rows, in hundredths of a per cent, with which it is used.
    field_trust, field_allows : mapping
        What differs for single fields.
    """

    key: str
    name: str
    trust: int
    licence: str = ""
    allows: str = "internal"
    bar_bp: int = BAR_BP
    field_trust: Mapping[str, int] = field(default_factory=dict)
    field_allows: Mapping[str, str] = field(default_factory=dict)

    def trust_in(self, name: str) -> int:
        """Give how far the source is believed about a field.

        Examples
        --------
        >>> Source("fhir", "FHIR", 60, field_trust={"phone": 95}).trust_in("phone")
        95
        """
        return self.field_trust.get(name, self.trust)

    def allows_for(self, name: str) -> str:
        """Give what the licence allows for a field."""
        return self.field_allows.get(name, self.allows)


_GOVERNMENT = "Published by a government agency, free to use"
KNOWN: dict[str, Source] = {
    each.key: each
    for each in (
        Source(STEWARD, "Verified by a data steward", 100, "Own records", "partners"),
        Source("nppes", "NPPES registry", 90, _GOVERNMENT, "public"),
        Source("clinicians", "Care Compare clinicians", 70, _GOVERNMENT, "public"),
        Source("hospitals", "Care Compare hospitals", 70, _GOVERNMENT, "public"),
        Source("pharmacies", "State pharmacy list", 70, _GOVERNMENT, "public"),
        Source("licences", "Licence file", 70, "Own records", "partners"),
        # A bundle of a hospital is mostly about patients, who are never taken: no bar by itself.
        Source("fhir", "FHIR file", 60, "Not stated", "internal", FULL_BP),
        Source("contacts", "Address file", 50, "Not stated", "internal"),
        Source(HAND, "Entered by hand", 40, "Own records", "partners"),
    )
}


def known_as(key: str) -> Source:
    """Give what is assumed of a source of which the company has said nothing.

    Examples
    --------
    >>> known_as("").key, known_as("somewhere").allows
    ('hand', 'internal')
    """
    return KNOWN.get(key or HAND) or Source(key, key.replace("_", " ").capitalize(), 30)


def passes_bar(n_read: int, n_refused: int, bar_bp: int) -> bool:
    """Tell whether so many refused rows let a source be used.

    Examples
    --------
    >>> passes_bar(100, 25, 2500), passes_bar(100, 26, 2500), passes_bar(3, 3, 2500)
    (True, False, True)
    """
    return n_read < LEAST_ROWS or n_refused * FULL_BP <= bar_bp * n_read


def quality_bp(n_read: int, n_refused: int, n_judged: int, n_complete: int) -> int | None:
    """Score what a source brought: the share of rows taken times the share that was complete.

    Parameters
    ----------
    n_read, n_refused : int
        Rows of its last loads, and those that were refused.
    n_judged, n_complete : int
        Rows looked at for the fields that a record needs, and those that had them all.

    Returns
    -------
    int or None
        In hundredths of a per cent; None if nothing was read.

    Examples
    --------
    >>> quality_bp(100, 10, 90, 45), quality_bp(0, 0, 0, 0), quality_bp(4, 1, 0, 0)
    (4500, None, 7500)
    """
    if n_read <= 0:
        return None
    taken = FULL_BP * (n_read - min(n_refused, n_read)) // n_read
    return taken * n_complete // n_judged if n_judged else taken
