"""What changed between two texts, word by word, for people who compare versions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A run of words: ``same``, ``added`` or ``removed``."""

    kind: str
    words: str


def differences(before: str, after: str) -> list[Piece]:
    """Give the runs of words that stayed, came and went, in reading order.

    Examples
    --------
    >>> [(p.kind, p.words.strip()) for p in differences("Lowers LDL by half", "Lowers LDL by 53 %")]
    [('same', 'Lowers LDL by'), ('removed', 'half'), ('added', '53 %')]
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    # Words that occur often must count here, unlike in a search: "not" is one of them.
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        if j > i:
            pieces.append(Piece("removed", "".join(old[i:j])))
        if m > k:
            pieces.append(Piece("added", "".join(new[k:m])))
    return pieces


def listed(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    """Give what a list kept, gained and lost, by name.

    Examples
    --------
    >>> [(p.kind, p.words) for p in listed(["DE", "US"], ["FR", "US"])]
    [('removed', 'DE'), ('added', 'FR'), ('same', 'US')]
    """
    names = sorted(set(before) | set(after), key=lambda n: (n in before and n in after, n))
    return [
        Piece("same" if n in before and n in after else "removed" if n in before else "added", n)
        for n in names
    ]
