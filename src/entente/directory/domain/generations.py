"""Father and son: what a suffix says about which of several namesakes somebody is."""

from __future__ import annotations

import re

# Junior is the second of a name as a rule; a degree or an order says nothing about generations.
_GENERATIONS = {
    "SR": 1, "SENIOR": 1, "I": 1, "1ST": 1, "JR": 2, "JUNIOR": 2, "II": 2, "2ND": 2,
    "III": 3, "3RD": 3, "IV": 4, "4TH": 4, "V": 5, "5TH": 5,
}  # fmt: skip


def generation(suffix: str | None) -> int | None:
    """Give which of several namesakes a suffix names; None where it says nothing.

    Examples
    --------
    >>> generation("Jr."), generation("sr"), generation("III"), generation("MD"), generation("")
    (2, 1, 3, None, None)
    """
    words = re.findall(r"[A-Z0-9]+", (suffix or "").upper())
    return next((_GENERATIONS[word] for word in words if word in _GENERATIONS), None)


def are_two_generations(one: str | None, other: str | None) -> bool:
    """Tell whether two suffixes name different people of one name, whatever else agrees.

    Examples
    --------
    >>> are_two_generations("Sr", "Jr"), are_two_generations("Jr.", "II")
    (True, False)
    >>> are_two_generations("Sr", "")
    False
    """
    ours, theirs = generation(one), generation(other)
    return ours is not None and theirs is not None and ours != theirs
