"""What judging returns: outcomes and bits for many, a full answer for one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .binding import Binding
from .columns import Column, FactTables
from .compile import Compiled
from .facts import EPOCH, FACTS, SHARE_SCALE

Outcome = Literal["PERMIT", "REFER", "FORBID"]
OUTCOMES: tuple[Outcome, ...] = ("PERMIT", "REFER", "FORBID")
FindingState = Literal["refused", "undecided", "obligation", "warning"]
WordArray = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that did not pass, ready to be read by a person."""

    rule_id: str
    title: str
    citation: str
    severity: str
    state: FindingState
    message: str
    missing_facts: tuple[str, ...]
    role: str | None
    basis: str
    outcome: Outcome
    remedy: tuple[str, ...] = ()
    overridable_by: str | None = None
    complete: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one act.

    `facts` are those given; `packs` names version and hash of every pack asked.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    missing_facts: tuple[str, ...]
    facts: Mapping[str, Any]
    packs: Mapping[str, Any]

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """Every rule that did not pass, sorted."""
        return tuple(finding.rule_id for finding in self.findings)

    @property
    def obligations(self) -> tuple[Finding, ...]:
        """Records to be made and warnings to be acknowledged if the act goes out."""
        return tuple(f for f in self.findings if f.state in ("obligation", "warning"))

    @property
    def refer_to(self) -> tuple[str, ...]:
        """Roles that must sign, sorted; empty unless something refers."""
        return tuple(sorted({f.role for f in self.findings if f.outcome == "REFER" and f.role}))


def bits_of(words: npt.NDArray[np.uint64]) -> Iterator[int]:
    """Yield the positions of the set bits of one row of words, rising.

    >>> list(bits_of(np.array([5, 1], np.uint64)))
    [0, 2, 64]
    """
    for index, word in enumerate(words.tolist()):
        rest = word
        while rest:
            low = rest & -rest
            yield 64 * index + low.bit_length() - 1
            rest ^= low


@dataclass(eq=False)
class Verdicts:
    """Answers for a batch; bits become explanations only for rows that someone looks at.

    Parameters
    ----------
    outcome : ndarray of int8, shape (n_candidates,)
        0 PERMIT, 1 REFER, 2 FORBID.
    refused, undecided : ndarray of uint64, shape (n_candidates, words)
        One bit per rule of `compiled.rules`.
    """

    compiled: Compiled
    tables: FactTables
    binding: Binding
    outcome: npt.NDArray[np.int8]
    refused: WordArray
    undecided: WordArray

    def __len__(self) -> int:
        return len(self.outcome)

    def rule_ids(self, row: int) -> tuple[str, ...]:
        """List the rules that a row did not pass, sorted."""
        words = self.refused[row] | self.undecided[row]
        return tuple(self.compiled.rules[bit].id for bit in bits_of(words))

    def counts(self) -> dict[Outcome, int]:
        """Count the rows per outcome."""
        tally = np.bincount(self.outcome, minlength=3)
        return {name: int(tally[code]) for code, name in enumerate(OUTCOMES)}

    def counts_by_rule(self) -> dict[str, int]:
        """Count per rule the rows that did not pass it; rules that all passed are left out."""
        both = self.refused | self.undecided
        counts: dict[str, int] = {}
        for bit, rule in enumerate(self.compiled.rules):
            one = np.uint64(1 << (bit & 63))
            n_rows = int(np.count_nonzero(both[:, bit >> 6] & one))
            if n_rows:
                counts[rule.id] = n_rows
        return counts


def _value(column: Column, at: int, kind: str, texts: list[str]) -> Any:
    if not column.valid[at]:
        return None
    if column.codes is not None:
        codes = column.codes[column.values[at] : column.values[at + 1]]
        return [texts[code] for code in codes]
    number = int(column.values[at])
    if kind == "text":
        return texts[number] if number >= 0 else None
    if kind == "date":
        return date.fromordinal(EPOCH.toordinal() + number)
    if kind == "share":
        return Decimal(number) / SHARE_SCALE
    return bool(number) if kind == "boolean" else number


def row_facts(verdicts: Verdicts, row: int) -> dict[str, Any]:
    """Read the facts of one candidate back from the columns, as Python values.

    A text that no rule names may have been left uncoded by a file reader; it reads as unknown.
    """
    tables = verdicts.tables
    texts = tables.coder.texts()
    places = [(tables.candidates, row)]
    if tables.shared is not None:
        places.append((tables.shared, 0))
    places += [(table, int(tables.keys[grain][row])) for grain, table in tables.grains.items()]
    return {
        name: _value(column, at, FACTS[name].type, texts)
        for table, at in places
        for name, column in table.columns.items()
    }
