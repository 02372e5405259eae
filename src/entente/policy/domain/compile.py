"""Turn packs into postfix programs, dated parameter tables and bit masks for the kernel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from . import kernel
from .facts import FACTS, FactType, day_number
from .packs import BadPack, DatedValue, Pack, Parameter, Rule
from .programs import ParameterSlots, Writer

IntArray = npt.NDArray[np.int64]
WordArray = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Compiled:
    """Packs made ready to judge: programs, parameters per regime, and masks per severity.

    A regime is a span of days within which no rule and no parameter changes. Rules are numbered
    in the order of their ids, so that bits read from low to high are already sorted.
    """

    packs: tuple[Pack, ...]
    rules: tuple[Rule, ...]
    facts: tuple[str, ...]
    types: tuple[FactType, ...]
    vocabulary: Mapping[str, int]
    breaks: IntArray
    code: IntArray
    sets: IntArray
    programs: IntArray
    reads: tuple[frozenset[str], ...]
    dated: npt.NDArray[np.bool_]
    params: IntArray
    in_force: WordArray
    weights: WordArray
    depth: int
    column_of: Mapping[str, int] = field(default_factory=dict)

    @property
    def words(self) -> int:
        """Number of 64-bit words that hold one bit per rule."""
        return int(self.weights.shape[1])

    def regimes(self, days: IntArray) -> npt.NDArray[np.int32]:
        """Tell for each day number in which regime it lies."""
        return np.searchsorted(self.breaks, days, side="right").astype(np.int32)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of this id; KeyError if there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


def _breaks(packs: Sequence[Pack], rules: Sequence[Rule]) -> IntArray:
    spans: list[tuple[date, date | None]] = [(rule.start, rule.end) for rule in rules]
    for pack in packs:
        for parameter in pack.parameters.values():
            spans += [(value.start, value.end) for value in parameter.values]
    days = {day_number(start) for start, _ in spans}
    days |= {day_number(end + timedelta(days=1)) for _, end in spans if end is not None}
    return np.array(sorted(days), np.int64)


def _fill(
    table: IntArray, slot: int, value: DatedValue, breaks: IntArray, vocab: Mapping[str, int]
) -> None:
    first = int(np.searchsorted(breaks, day_number(value.start), side="right"))
    for regime in range(first, len(breaks) + 1):
        table[:, regime, slot] = 0
        if value.end is not None and breaks[regime - 1] > day_number(value.end):
            continue
        if value.value is not None:
            known = vocab[value.value] if isinstance(value.value, str) else value.value
            table[:, regime, slot] = (known, 1)


def _parameter_table(slots: ParameterSlots, breaks: IntArray, vocab: Mapping[str, int]) -> IntArray:
    """Lay out values and validity by (regime, slot); keyed parameters take one slot per code."""
    table = np.zeros((2, len(breaks) + 1, max(slots.width, 1)), np.int64)
    for (parameter, keyed), slot in slots.items():
        for value in sorted(parameter.values, key=lambda value: value.start):
            if keyed:
                wipe = DatedValue(value.start, None, value.source)
                for code in range(slots.codes):
                    _fill(table, slot + code, wipe, breaks, vocab)
                for key, amount in value.keyed:
                    one = DatedValue(value.start, amount, value.source, value.end)
                    _fill(table, slot + vocab[key], one, breaks, vocab)
            else:
                _fill(table, slot, value, breaks, vocab)
    return table


def _weights(rules: Sequence[Rule], words: int) -> WordArray:
    """Masks in the order of `kernel.combine`; which state of which severity weighs what."""
    masks = np.zeros((4, words), np.uint64)
    for bit, rule in enumerate(rules):
        word, one = bit >> 6, np.uint64(1 << (bit & 63))
        if rule.severity == "block":
            masks[0, word] |= one
            masks[1 if rule.forbid_if_missing else 3, word] |= one
        elif rule.severity == "approve":
            masks[2, word] |= one
            masks[3, word] |= one
        elif rule.severity == "warn":
            masks[3, word] |= one
    return masks


def _in_force(rules: Sequence[Rule], breaks: IntArray, words: int) -> WordArray:
    table = np.zeros((len(breaks) + 1, words), np.uint64)
    for bit, rule in enumerate(rules):
        first = int(np.searchsorted(breaks, day_number(rule.start), side="right"))
        last = len(breaks)
        if rule.end is not None:
            last = int(np.searchsorted(breaks, day_number(rule.end), side="right"))
        table[first : last + 1, bit >> 6] |= np.uint64(1 << (bit & 63))
    return table


def _vocabulary(packs: Sequence[Pack], rules: Sequence[Rule]) -> dict[str, int]:
    texts: set[str] = set()
    for rule in rules:
        texts |= Writer.texts_in(rule.applies) | Writer.texts_in(rule.requires)
    for pack in packs:
        for parameter in pack.parameters.values():
            for value in parameter.values:
                texts |= {key for key, _ in value.keyed}
                texts |= {value.value} if isinstance(value.value, str) else set()
    return {text: code for code, text in enumerate(sorted(texts))}


def compile_packs(packs: Sequence[Pack]) -> Compiled:
    """Compile packs into what `judge` and `judge_one` run.

    Parameters
    ----------
    packs : sequence of Pack
        Any order; the result does not depend on it.

    Raises
    ------
    BadPack
        If two packs have one id, or two rules one id, or there is no rule at all: a gate
        without rules would permit everything.
    """
    packs = sorted(packs, key=lambda pack: pack.id)
    rules = sorted((rule for pack in packs for rule in pack.rules), key=lambda rule: rule.id)
    for kind, ids in (("pack", [p.id for p in packs]), ("rule", [r.id for r in rules])):
        for one, other in pairwise(ids):
            if one == other:
                raise BadPack("PACK-020", one, f"two have this {kind} id", "Rename one of them")
    if not rules:
        raise BadPack("PACK-021", "packs", "there is no rule at all", "Load at least one pack")
    vocabulary = _vocabulary(packs, rules)
    asked = sorted(Writer.facts_of(*(part for r in rules for part in (r.applies, r.requires))))
    writer = Writer(vocabulary, asked)
    by_pack: dict[str, dict[str, Parameter]] = {pack.id: pack.parameters for pack in packs}
    programs = np.zeros((len(rules), 4), np.int64)
    dated = np.zeros(len(rules), np.bool_)
    for bit, rule in enumerate(rules):
        before = len(writer.slots_used)
        start = writer.write(rule.applies, by_pack[rule.pack_id])
        middle = writer.write(rule.requires, by_pack[rule.pack_id])
        programs[bit] = (bit, start, middle, len(writer.code))
        dated[bit] = len(writer.slots_used) > before
    return _assembled(tuple(packs), tuple(rules), writer, programs, dated)


def _assembled(
    packs: tuple[Pack, ...],
    rules: tuple[Rule, ...],
    writer: Writer,
    programs: IntArray,
    dated: npt.NDArray[np.bool_],
) -> Compiled:
    breaks = _breaks(packs, rules)
    words = max(1, -(-len(rules) // 64))
    facts = tuple(writer.columns)
    return Compiled(
        packs=packs,
        rules=rules,
        facts=facts,
        types=tuple(FACTS[name].type for name in facts),
        vocabulary=writer.vocabulary,
        breaks=breaks,
        code=np.array(writer.code or [(kernel.CONST, 0, 0, 0)], np.int64),
        sets=np.array(writer.sets or [0], np.int64),
        programs=programs,
        reads=tuple(writer.facts_of(rule.applies, rule.requires) for rule in rules),
        dated=dated,
        params=_parameter_table(writer.slots, breaks, writer.vocabulary),
        in_force=_in_force(rules, breaks, words),
        weights=_weights(rules, words),
        depth=writer.depth,
        column_of={name: index for index, name in enumerate(facts)},
    )


def describe(compiled: Compiled) -> dict[str, Any]:
    """Name the packs by id, version and hash, as a decision keeps them."""
    return {
        pack.id: {"version": pack.version, "hash": pack.content_hash} for pack in compiled.packs
    }
