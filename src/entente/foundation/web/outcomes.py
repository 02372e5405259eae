"""The words, icons and tones with which pages show a decision's outcome."""

from __future__ import annotations

from typing import NamedTuple


class OutcomeLook(NamedTuple):
    """How one outcome appears: never by colour alone."""

    words: str
    icon: str
    tone: str


LOOKS = {
    "PERMIT": OutcomeLook("May go", "circle-check", "ok"),
    "REFER": OutcomeLook("Needs a person", "hand", "warn"),
    "FORBID": OutcomeLook("Must not go", "ban", "bad"),
}
UNKNOWN = OutcomeLook("Not decided", "circle-dashed", "")


def outcome_look(outcome: object) -> OutcomeLook:
    """Return the look of PERMIT, REFER or FORBID; anything else is undecided.

    Examples
    --------
    >>> outcome_look("FORBID").words
    'Must not go'
    >>> outcome_look(None).words
    'Not decided'
    """
    name = getattr(outcome, "value", None) or getattr(outcome, "name", None) or outcome
    return LOOKS.get(str(name).upper(), UNKNOWN)
