"""A label as the checks read it: sentences with what part they stand in and what they forbid."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from entente.content.domain.labels import (
    ADVERSE,
    BOXED,
    CONTRAINDICATIONS,
    DOSAGE,
    INDICATIONS,
    POPULATIONS,
    STUDIES,
    WARNINGS,
)
from entente.content.domain.precheck.words import Lexicon, any_of, sentences

_ZONES = {
    BOXED: "boxed",
    INDICATIONS: "indications",
    DOSAGE: "dosage",
    CONTRAINDICATIONS: "contraindications",
    ADVERSE: "adverse",
    STUDIES: "studies",
    **dict.fromkeys(WARNINGS, "warnings"),
    **dict.fromkeys(POPULATIONS, "populations"),
}
_REFERENCE = re.compile(
    r"\s*\[(?:see|cf\.)[^\]]*\]|\s*\((?:see|cf\.)[^)]*\)|\s*\(\d+(?:\.\d+)*(?:,\s*\d+(?:\.\d+)*)*\)",
    re.I,
)
_QUOTED = 300


@dataclass(frozen=True)
class LabelSentence:
    """A sentence of the label."""

    text: str
    zone: str
    section: str
    key: str
    stems: frozenset[str]
    forbids: bool


@dataclass(frozen=True)
class LabelText:
    """All that the checks ask of a label.

    ``weights`` says how telling a stem is: one that stands in few sentences of the label
    tells more; one that stands in none tells most.
    """

    product_names: Sequence[str]
    number: int
    sentences: Sequence[LabelSentence]
    weights: dict[str, float] = field(repr=False)
    most: float
    named: re.Pattern[str]

    def of(self, *zones: str) -> list[LabelSentence]:
        """Give the sentences of some parts."""
        return [each for each in self.sentences if each.zone in zones]

    def stems_of(self, *zones: str) -> frozenset[str]:
        """Give all stems of some parts."""
        return frozenset().union(*(each.stems for each in self.of(*zones)))

    @cached_property
    def indication(self) -> LabelSentence | None:
        """What the product is for, in the label's words, as long as one likes to read."""
        said = [e for e in self.of("indications") if not e.forbids and e.text != e.section]
        if not said:
            return next(iter(self.of("indications")), None)
        words = " ".join(each.text for each in said)
        cut = words if len(words) <= _QUOTED else words[:_QUOTED].rsplit(" ", 1)[0] + " …"
        return replace(said[0], text=cut)

    def weight(self, stem: str) -> float:
        """Tell how telling a stem is."""
        return self.weights.get(stem, self.most)

    def share(self, wanted: Iterable[str], there: frozenset[str]) -> float:
        """Give which share of the wanted stems is there, by weight."""
        asked = list(wanted)
        total = sum(map(self.weight, asked))
        return sum(self.weight(s) for s in asked if s in there) / total if total else 0.0

    def closest(
        self, wanted: Sequence[str], among: Iterable[LabelSentence]
    ) -> tuple[float, LabelSentence | None]:
        """Give the sentence that has the largest share of the wanted stems."""
        best: tuple[float, LabelSentence | None] = (0.0, None)
        for each in among:
            share = self.share(wanted, each.stems)
            if share > best[0]:
                best = (share, each)
        return best


def read_text(
    rows: Sequence[tuple[str, int | None, str, str, str]],
    *,
    product_names: Sequence[str],
    number: int,
    lexicon: Lexicon,
    forbids: re.Pattern[str],
) -> LabelText:
    """Make a label's text ready to be asked.

    Parameters
    ----------
    rows : sequence of (code, parent, title, text, key)
        Sections in order; ``parent`` is a position in the sequence.
    forbids : re.Pattern
        What tells that a sentence restricts a use.
    """
    zones: list[str] = []
    found: list[LabelSentence] = []
    for code, parent, title, text, key in rows:
        around = "" if parent is None else zones[parent]
        zone = around if around in {"boxed", "contraindications"} else _ZONES.get(code, around)
        zones.append(zone)
        is_limit = "limitation" in title.casefold()
        for each in [title, *(s.text.lstrip("• ") for s in sentences(_REFERENCE.sub("", text)))]:
            stems = frozenset(lexicon.stems(each))
            if not stems:
                continue
            restricts = bool(forbids.search(lexicon.plain(each))) or is_limit
            found.append(LabelSentence(
                each, zone or "other", title, key, stems,
                restricts or (zone == "contraindications" and stems != {"non"}),
            ))  # fmt: skip
    counts = Counter(stem for each in found for stem in each.stems)
    total = max(len(found), 2)
    weights = {stem: math.log(total / n) for stem, n in counts.items()}
    named = any_of([lexicon.plain(name) for name in product_names if name.strip()])
    return LabelText(product_names, number, found, weights, math.log(total), named)
