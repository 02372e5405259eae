"""The word lists of a check pack, ready to be searched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from entente.content.domain.precheck.words import Lexicon, any_of, stem

_LESS_RISK = re.compile(
    r"\b(?:reduc|lower|cut|decreas|halv|prevent|protect|less)\w*\s+(?:\w+\s+){0,3}?risks?(?:\s+of)?"
)


class Lists:
    """Word lists by name, the lexicon, and the pattern of illnesses.

    Parameters
    ----------
    given : mapping
        As read from the pack: ``lists``, ``same`` and ``conditions``.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.lexicon = Lexicon(given.get("same", {}))
        self._words: dict[str, Sequence[str]] = {
            name: [self.lexicon.plain(word) for word in words]
            for name, words in given.get("lists", {}).items()
        }
        self._patterns = {name: any_of(words) for name, words in self._words.items()}
        self.generic_stems = _generic(self._words.get("generic", ()))
        illness = given.get("conditions", {})
        names = [self.lexicon.plain(name) for name in illness.get("names", ())]
        endings = "|".join(map(re.escape, illness.get("endings", ())))
        self.conditions = re.compile(
            any_of(names).pattern + (rf"|\b[a-z]{{3,}}(?:{endings})\b" if endings else "")
        )

    def __getitem__(self, name: str) -> re.Pattern[str]:
        return self._patterns[name]

    def restricts(self, plain: str) -> bool:
        """Tell whether a folded sentence warns of a use or tells a risk.

        That a product lowers the risk of an illness is a claim and no warning.
        """
        return bool(self["restricts"].search(_LESS_RISK.sub(" ", plain)))

    def words(self, name: str) -> Sequence[str]:
        """Give a list's words and phrases, folded."""
        return self._words[name]


class _generic:
    """Stems that say nothing about what a product is for."""

    def __init__(self, words: Sequence[str]) -> None:
        self._whole = {stem(word) for word in words if not word.endswith("*")}
        self._begin = tuple(word[:-1] for word in words if word.endswith("*"))

    def __contains__(self, stem_: object) -> bool:
        return isinstance(stem_, str) and (
            stem_ in self._whole or (bool(self._begin) and stem_.startswith(self._begin))
        )
