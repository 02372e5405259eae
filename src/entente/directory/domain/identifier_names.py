"""What systems of identifiers are called on pages."""

from __future__ import annotations

_KNOWN = {
    "npi": "NPI",
    "ccn": "CCN",
    "us-ct-credential": "Connecticut credential",
    "urn:oid:2.16.528.1.1007.3.1": "UZI (NL)",
    "https://www.bigregister.nl/": "BIG register (NL)",
}
# Keys of our own making for rows that no system has numbered.
UNNUMBERED = frozenset({"entente", "urn:entente:fhir-id"})
_LONGEST = 40


def system_label(system: str) -> str:
    """Name a system of identifiers for a reader.

    Examples
    --------
    >>> system_label("ccn"), system_label("https://registry.test/organisations/")
    ('CCN', 'registry.test/organisations')
    """
    if system in _KNOWN:
        return _KNOWN[system]
    words = system.partition("://")[2] or system.removeprefix("urn:")
    words = words.strip("/")
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def is_numbered(system: str) -> bool:
    """Tell whether an identifier is one that somebody outside knows.

    Examples
    --------
    >>> is_numbered("npi"), is_numbered("entente")
    (True, False)
    """
    return system not in UNNUMBERED
