"""A product's label: its sections, the keys by which two versions are compared."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

BOXED, INDICATIONS, DOSAGE = "34066-1", "34067-9", "34068-7"
CONTRAINDICATIONS, ADVERSE, STUDIES = "34070-3", "34084-4", "34092-7"
WARNINGS = ("43685-7", "34071-1", "42232-9")
POPULATIONS = ("43684-0", "42228-7", "34080-2", "34081-0", "34082-8")
UNCLASSIFIED = "42229-5"

_NUMBERED = re.compile(r"^\s*\d+(\.\d+)*\.?\s+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class SectionText:
    """A section: LOINC code, heading, words, and where it stands.

    ``parent`` is the position of the section around it, or None at the top; ``highlight`` is
    what the label's first page says of it.
    """

    position: int
    parent: int | None
    level: int
    code: str
    anchor: str
    title: str
    text: str
    key: str
    highlight: str = ""

    @property
    def text_hash(self) -> str:
        """Hash of its words; blanks do not count."""
        return hashlib.sha256(
            " ".join(f"{self.text} {self.highlight}".split()).encode()
        ).hexdigest()


@dataclass(frozen=True)
class LabelFile:
    """What a label file says."""

    set_id: str
    number: int
    effective_on: date
    document_id: str
    title: str
    owner_name: str
    product_names: Sequence[str]
    substances: Sequence[str]
    codes: Sequence[str]
    applications: Sequence[str]
    sections: Sequence[SectionText]
    file_hash: str


def slug(code: str, title: str) -> str:
    """Give a section's own part of its key: LOINC code and heading without its number.

    Examples
    --------
    >>> slug("42229-5", "1.2 Hyper\u00adlipidemia")
    '42229-5:hyperlipidemia'
    >>> slug("34067-9", "1 INDICATIONS AND USAGE")
    '34067-9'
    """
    if code and code != UNCLASSIFIED:
        return code
    plain = _NUMBERED.sub("", title.replace("\u00ad", "")).casefold()
    return f"{code}:{_NOT_WORD.sub('-', plain).strip('-')[:60]}"


def keyed(parts: Iterable[tuple[int | None, str]]) -> list[str]:
    """Give each section its key: the parts from the top down; a second one alike gets ``#2``.

    Parameters
    ----------
    parts : iterable of (int or None, str)
        Parent's position and own part, parents before children.
    """
    keys: list[str] = []
    seen: dict[str, int] = {}
    for parent, part in parts:
        key = part if parent is None else f"{keys[parent]}/{part}"
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys


class Change(StrEnum):
    """What happened to a section between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Piece:
    """A run of words that both versions have (``same``), or only one of them."""

    kind: str
    words: str


@dataclass(frozen=True)
class SectionChange:
    """One section in two versions."""

    key: str
    title: str
    change: Change
    pieces: Sequence[Piece] = ()


def compare_words(before: str, after: str) -> list[Piece]:
    """Compare two texts word by word.

    Examples
    --------
    >>> [(p.kind, p.words) for p in compare_words("two a day", "one a day")]
    [('removed', 'two'), ('added', 'one'), ('same', 'a day')]
    """
    old, new = before.split(), after.split()
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", " ".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", " ".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", " ".join(new[j1:j2])))
    return pieces


def compare(
    before: Mapping[str, tuple[str, str]], after: Mapping[str, tuple[str, str]]
) -> list[SectionChange]:
    """Compare two versions section by section.

    Parameters
    ----------
    before, after : mapping of str to (title, text)
        Sections by key, in the order of the label.

    Returns
    -------
    list of SectionChange
        In the order of the newer version, what was removed after it; sections without
        change have no pieces.
    """
    found = []
    for key, (title, text) in after.items():
        if key not in before:
            found.append(SectionChange(key, title, Change.ADDED, [Piece("added", text)]))
            continue
        old = before[key][1]
        if old.split() == text.split():
            found.append(SectionChange(key, title, Change.SAME))
        else:
            found.append(SectionChange(key, title, Change.CHANGED, compare_words(old, text)))
    found += [
        SectionChange(key, title, Change.REMOVED, [Piece("removed", text)])
        for key, (title, text) in before.items()
        if key not in after
    ]
    return found


def current_number(versions: Iterable[tuple[int, date]], *, on: date) -> int | None:
    """Give the number of the version in force on a day: the highest one that has begun.

    Examples
    --------
    >>> current_number([(2, date(2026, 5, 1)), (1, date(2026, 1, 1))], on=date(2026, 4, 30))
    1
    """
    return max((number for number, begins in versions if begins <= on), default=None)
