"""Names and values of a person's fields, as a reader writes them."""

from __future__ import annotations

from typing import Any

_WORDS = {
    "us_state": "State", "can_prescribe": "May prescribe", "licence_states": "Licensed in",
    "address_line": "Address", "address_line2": "Address, second line",
    "covered_recipient_type": "Recipient type", "taxonomy_code": "Specialty code",
    "phone": "Telephone", "postal_code": "ZIP or postal code",
}  # fmt: skip


def words_of(name: str) -> str:
    """Give the name of a field in words.

    Examples
    --------
    >>> words_of("family_name"), words_of("us_state")
    ('Family name', 'State')
    """
    return _WORDS.get(name, name.replace("_", " ").capitalize())


def shown(value: Any) -> str:
    """Give a value in words; empty if it is not known."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value) if value not in (None, "") else ""
