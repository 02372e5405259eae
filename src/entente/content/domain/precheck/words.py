"""Sentences with their places, and words brought to one form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_END = re.compile(r"(?<=[.!?;])\s+|\n+|\s•\s?")
_ENDINGS = (
    "ations", "ation", "ically", "ings", "ing", "ments", "ment", "ities", "ity", "ies", "ied",
    "edly", "ated", "ates", "ate", "ed", "es", "ly", "ic", "al", "s", "e", "y",
)  # fmt: skip
_STOP = """
a an and any are as at be been but by can do does for from had has have he her his if in
into is it its may more most much no nor not of on one or other our she should so some
such than that the their them then there these they this those to too use used using
very was we were what when where which who whom will with you your been also about after
before during over under once up out all both each even just only own same
"""
STOP = frozenset(_STOP.split())


@dataclass(frozen=True)
class Sentence:
    """A sentence with its place in the text it was taken from."""

    start: int
    end: int
    text: str


def sentences(text: str) -> Iterator[Sentence]:
    """Split a text at full stops, semicolons, line feeds and bullets.

    Examples
    --------
    >>> [s.text for s in sentences("Stops pain. Works fast")]
    ['Stops pain.', 'Works fast']
    """
    at = 0
    for end in [*_END.finditer(text), None]:
        stop = end.start() if end else len(text)
        piece = text[at:stop]
        bare = piece.strip()
        if bare:
            start = at + len(piece) - len(piece.lstrip())
            yield Sentence(start, start + len(bare), bare)
        if end:
            at = end.end()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Take the ending off a word, so that its forms are one; short words stay.

    Examples
    --------
    >>> stem("infections"), stem("infection"), stem("mg")
    ('infection', 'infection', 'mg')
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def folded(text: str) -> str:
    """Give a text in small letters with plain quotes, hyphens and blanks."""
    for odd, plain in (("’", "'"), ("‘", "'"), ("–", "-"), ("—", "-"), ("\u00ad", ""), ("®", "")):
        text = text.replace(odd, plain)
    return " ".join(text.casefold().split())


class Lexicon:
    """Words that mean one thing, brought to one form before they are compared.

    Parameters
    ----------
    same : mapping of str to sequence of str
        From the form to keep to the words and phrases that mean it.
    """

    def __init__(self, same: Mapping[str, Sequence[str]]) -> None:
        pairs = {folded(word): kept for kept, words in same.items() for word in words}
        self._kept = pairs
        longest_first = sorted(pairs, key=len, reverse=True)
        self._any = (
            re.compile(r"\b(" + "|".join(map(re.escape, longest_first)) + r")\b") if pairs else None
        )

    def plain(self, text: str) -> str:
        """Give a text folded, with the words of the lexicon in their one form."""
        small = folded(text)
        return self._any.sub(lambda m: self._kept[m.group(1)], small) if self._any else small

    def stems(self, text: str) -> list[str]:
        """Give the stems of the words that carry meaning, in order."""
        found = []
        for word in _WORD.findall(self.plain(text)):
            bare = word.removesuffix("'s")
            for part in bare.split("-") if "-" in bare else [bare]:
                if part and part not in STOP:
                    found.append(stem(part))
        return found


def any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    """Compile words and phrases into one pattern; ``*`` stands for the rest of a word.

    Examples
    --------
    >>> bool(any_of(["no risk", "harm*"]).search("it never harms"))
    True
    """
    if not phrases:
        return re.compile(r"(?!)")
    made = (re.escape(folded(p)).replace(r"\*", r"[\w-]*").replace(r"\ ", r"\s+") for p in phrases)
    return re.compile(r"\b(?:" + "|".join(made) + r")(?!\w)")
