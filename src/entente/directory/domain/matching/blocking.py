"""Which pairs of records are worth comparing: keys that are rare enough, alone or two together.

A rule of blocking is one or two keys that must be equal. Rules are chosen by counting: those
that alone give few pairs first, then, for each two fields, the widest combination of keys too
common to stand alone. Once it is known which pairs match, rules that add nothing are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from entente.directory.domain.matching.fields import Kind

# Pairs per record that one rule, and all rules together, may give.
PER_RULE, PER_RECORD = 10, 80
LEAST_PAIRS = 300_000
MOST_RULES = 60
# So many comparisons per further match are too many.
PAIRS_PER_MATCH = 1_000
# Share of the likely matches that may be left to no rule when rules are left out.
SPARED = 0.0005
# Parts of an address go together if so many of the pairs that share one share another.
TOGETHER = 0.7
# So few records are compared each with each.
ALL_PAIRS_UP_TO = 1_500


@dataclass(frozen=True, slots=True)
class Key:
    """One value by which records are brought together: a column of the keyed table."""

    column: str
    field: str
    sql: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Keys that must be equal, and how many pairs that gives."""

    keys: tuple[Key, ...]
    n_pairs: int

    @property
    def fields(self) -> frozenset[str]:
        """The fields whose values the rule asks for."""
        return frozenset(key.field for key in self.keys)

    @property
    def sql(self) -> str:
        """The condition as Splink reads it."""
        return " AND ".join(f'l."{key.column}" = r."{key.column}"' for key in self.keys)


def _consonants(name: str) -> str:
    rest = f"regexp_replace(substr({name}, 2), '[AEIOUYHW ]+', '', 'g')"
    return f"left({name}, 1) || left({rest}, 4)"


def _keys_of(kind: Kind, name: str) -> list[str]:
    """Give what may bring together two values of a field, whole first, then parts."""
    longest = f"list_sort({name}_words, 'DESC')[1]"
    match kind:
        case Kind.GIVEN:
            return [name, f"left({name}, 3)", f"left({name}, 1)"]
        case Kind.FAMILY:
            return [name, _consonants(name), f"left({name}, 3)"]
        case Kind.NAME | Kind.ORGANISATION | Kind.TEXT:
            return [name, f"array_to_string({name}_words[1:2], ' ')", f"left({name}, 5)", longest]
        case Kind.DAY:
            return [name, f"left({name}, 6)", f"substr({name}, 5)", f"left({name}, 4)"]
        case Kind.POSTCODE:
            return [name, f"left({name}, 3)"]
        case Kind.EMAIL:
            return [name, f"split_part({name}, '@', 1)"]
        case Kind.KEY:
            half = f"greatest(length({name}) // 2, 3)::INT"
            return [name, f"left({name}, {half})", f"right({name}, {half})"]
        case Kind.STREET:
            return [
                name,
                f"{name}_no",
                f"{name}_no || left(regexp_extract({name}, '[A-Z]{{3,}}'), 3)",
            ]
        case Kind.CITY:
            return [name, f"left({name}, 4)"]
        case Kind.MIDDLE:
            return [f"left({name}, 1)"]
        case _:
            return [name]


def keys_for(kinds: Mapping[str, Kind]) -> list[Key]:
    """Give every key that the fields of a table allow, each with a column of its own."""
    made: list[Key] = []
    for name, kind in kinds.items():
        for sql in _keys_of(kind, name):
            made.append(Key(f"k{len(made)}", name, f"CASE WHEN {sql} <> '' THEN hash({sql}) END"))
    return made


def _n_pairs(connection: DuckDBPyConnection, keys: Sequence[Key], *, linked: bool) -> int:
    columns = ", ".join(key.column for key in keys)
    known = " AND ".join(f"{key.column} IS NOT NULL" for key in keys)
    pairs = (
        "sum(n_left * n_right)"
        if linked
        else "sum((n_left + n_right) * (n_left + n_right - 1) / 2)"
    )
    found = connection.execute(
        f"SELECT {pairs} FROM (SELECT count(*) FILTER (source = 'l') AS n_left,"
        f" count(*) FILTER (source = 'r') AS n_right FROM keyed WHERE {known} GROUP BY {columns})"
    ).fetchall()
    return int(found[0][0] or 0)


def choose(
    connection: DuckDBPyConnection, keys: Sequence[Key], n_records: int, *, linked: bool
) -> list[Rule]:
    """Choose the rules of blocking by counting pairs in the table ``keyed``.

    Returns
    -------
    list of Rule
        Fewest pairs first; together at most 80 pairs per record.
    """
    per_rule = max(PER_RULE * n_records, LEAST_PAIRS)
    budget = max(PER_RECORD * n_records, 5 * LEAST_PAIRS)
    alone = [Rule((key,), _n_pairs(connection, [key], linked=linked)) for key in keys]
    taken = [rule for rule in sorted(alone, key=_size) if 0 < rule.n_pairs <= per_rule]
    common = [rule.keys[0] for rule in alone if rule.n_pairs > per_rule]
    between: dict[frozenset[str], list[Rule]] = {}
    for pair in combinations(common, 2):
        rule = Rule(pair, 0)
        if len(rule.fields) == 2:
            rule = Rule(pair, _n_pairs(connection, pair, linked=linked))
            if 0 < rule.n_pairs <= per_rule:
                between.setdefault(rule.fields, []).append(rule)
    # Of two fields the narrowest combination, which is cheap, and the widest, which misses least.
    ends = {end(rules, key=_size) for rules in between.values() for end in (min, max)}
    chosen: list[Rule] = []
    spent = 0
    for rule in [*taken, *sorted(ends, key=_order)]:
        if len(chosen) < MOST_RULES and spent + rule.n_pairs <= budget:
            chosen.append(rule)
            spent += rule.n_pairs
    return chosen


def _size(rule: Rule) -> int:
    return rule.n_pairs


def _order(rule: Rule) -> tuple[int, tuple[str, ...]]:
    return rule.n_pairs, tuple(key.column for key in rule.keys)


def needed(rules: Sequence[Rule], held: NDArray[np.bool_], share: float) -> list[Rule]:
    """Leave out rules that bring together nearly nothing which others do not.

    Parameters
    ----------
    rules : sequence of Rule
    held : ndarray of bool, shape (n_matches, n_rules)
        Whether each rule brings each likely match together.
    share : float
        Share of all pairs from which the likely matches come, where records were sampled.

    Returns
    -------
    list of Rule
        Most matches per pair first; together they reach nearly all likely matches, and none of
        them asks for thousands of comparisons per match that it adds.
    """
    left, kept = np.ones(len(held), dtype=bool), []
    cost = np.array([rule.n_pairs for rule in rules], dtype=float) * share + 1
    while left.sum() > SPARED * len(held):
        gain = held[left].sum(axis=0) / cost
        best = int(gain.argmax())
        if gain[best] < 1 / PAIRS_PER_MATCH:
            break
        kept.append(rules[best])
        left &= ~held[:, best]
    return kept or list(rules)


def place_is_one(
    connection: DuckDBPyConnection, parts: Mapping[Kind, str], keys: Sequence[Key], *, linked: bool
) -> bool:
    """Tell whether postcode, city and region say the same thing, as they do in real addresses.

    They do if records that share one of them nearly always share another. In generated data
    they may be drawn one by one; then each of them counts for itself.
    """
    whole = {key.field: key for key in reversed(keys)}
    areas = [parts[k] for k in (Kind.POSTCODE, Kind.CITY, Kind.REGION) if k in parts]
    for one, other in combinations(areas, 2):
        both = _n_pairs(connection, [whole[one], whole[other]], linked=linked)
        fewer = min(_n_pairs(connection, [whole[f]], linked=linked) for f in (one, other))
        if fewer and both / fewer >= TOGETHER:
            return True
    return False
