"""Change requests: which fields may be asked for, how one proceeds, what may prove it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from entente.directory.domain.sources import PROVEN
from entente.foundation.domain.identifiers import is_country

# Fields that somebody may ask to have changed, with the most characters each holds.
LONGEST: dict[str, int] = dict.fromkeys(PROVEN, 200) | {
    "prefix": 50, "suffix": 50, "specialty": 250, "licence_number": 100, "licence_state": 10,
    "address_line": 300, "address_line2": 300, "us_state": 100, "postal_code": 40, "country": 2,
    "phone": 20,
}  # fmt: skip
STATUSES: dict[str, str] = {
    "draft": "Draft",
    "submitted": "Waits for a steward",
    "partially_accepted": "Partly accepted",
    "accepted": "Accepted",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn",
}
VERDICTS: dict[str, str] = {"open": "Open", "accepted": "Accepted", "rejected": "Rejected"}
MOVES: dict[str, tuple[str, ...]] = {
    "draft": ("submitted", "withdrawn"),
    "submitted": ("partially_accepted", "accepted", "rejected", "withdrawn"),
    "partially_accepted": (),
    "accepted": (),
    "rejected": (),
    "withdrawn": (),
}
MOST_FILES = 3
LARGEST_FILE = 10 * 1024 * 1024
# By what a file begins with, not by what it is called.
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def status_of(verdicts: Collection[str]) -> str:
    """Give the status of a submitted request from the verdicts on its lines.

    Examples
    --------
    >>> status_of(["accepted", "open"]), status_of(["accepted", "rejected"])
    ('submitted', 'partially_accepted')
    """
    if not verdicts or "open" in verdicts:
        return "submitted"
    known = set(verdicts)
    return known.pop() if len(known) == 1 else "partially_accepted"


def fault_of(name: str, value: str) -> str:
    """Say what is wrong with a value that is asked for; empty if nothing is.

    Examples
    --------
    >>> fault_of("country", "Spain")
    'Write the country as two capitals, for example GB.'
    >>> fault_of("city", "York")
    ''
    """
    if name not in LONGEST:
        return f"No field is called {name}; choose among {', '.join(LONGEST)}."
    if not value:
        return "Write the value that is right."
    if name == "country" and not is_country(value):
        return "Write the country as two capitals, for example GB."
    if len(value) > LONGEST[name]:
        return f"This field holds at most {LONGEST[name]} characters."
    return "" if value.isprintable() else "Write it in one line, without control characters."


def changed_values(held: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, str]:
    """Give the fields that differ from what is held.

    Examples
    --------
    >>> changed_values({"city": "York", "phone": ""}, {"city": " York ", "phone": "1"})
    {'phone': '1'}
    """
    told = {name: value.strip() for name, value in asked.items()}
    return {name: value for name, value in told.items() if value != held.get(name, "")}


def kind_of_file(content: bytes) -> str:
    """Tell the type of a file from its first bytes; empty if it is none that may prove a change.

    Examples
    --------
    >>> kind_of_file(b"%PDF-1.7 ..."), kind_of_file(b"<html>")
    ('application/pdf', '')
    """
    return next((kind for start, kind in _BEGINNINGS if content.startswith(start)), "")
