"""Set rules aside in verdicts that are there already, and say who has to look at the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from .compile import Compiled
from .verdicts import Verdicts, WordArray, bits_of

# Positions in `Compiled.weights`: what forbids and what refers.
_FORBIDS_REFUSED, _FORBIDS_OPEN, _REFERS_REFUSED, _REFERS_OPEN = range(4)


def mask_of(compiled: Compiled, rule_ids: Collection[str]) -> WordArray:
    """Give the bits of some rules; ids that are in no pack are left out."""
    words = np.zeros(compiled.words, np.uint64)
    for bit, rule in enumerate(compiled.rules):
        if rule.id in rule_ids:
            words[bit >> 6] |= np.uint64(1 << (bit & 63))
    return words


def outcome_without(
    compiled: Compiled,
    refused: WordArray,
    undecided: WordArray,
    aside: WordArray,
    while_open: WordArray,
) -> int:
    """Give the outcome of one row if some rules were not asked: 0 PERMIT, 1 REFER, 2 FORBID.

    Parameters
    ----------
    refused, undecided : ndarray of uint64, shape (words,)
        What did not pass.
    aside, while_open : ndarray of uint64, shape (words,)
        The rules to set aside in any case, and those only while they are undecided.
    """
    weights = compiled.weights
    refused, undecided = refused & ~aside, undecided & ~(aside | while_open)
    if np.any(refused & weights[_FORBIDS_REFUSED]) or np.any(undecided & weights[_FORBIDS_OPEN]):
        return 2
    if np.any(refused & weights[_REFERS_REFUSED]) or np.any(undecided & weights[_REFERS_OPEN]):
        return 1
    return 0


def set_aside(verdicts: Verdicts, by_row: Mapping[int, Collection[tuple[str, bool]]]) -> None:
    """Change the outcomes of rows for which some rules are set aside; the bits stay as they are.

    Parameters
    ----------
    by_row : mapping of int to collection of (str, bool)
        Per row the rules, each with whether only while it is undecided.
    """
    for row, rules in by_row.items():
        verdicts.outcome[row] = outcome_without(
            verdicts.compiled,
            verdicts.refused[row],
            verdicts.undecided[row],
            mask_of(verdicts.compiled, {rule_id for rule_id, is_open in rules if not is_open}),
            mask_of(verdicts.compiled, {rule_id for rule_id, is_open in rules if is_open}),
        )


def referred_to(
    verdicts: Verdicts, row: int, aside: Collection[tuple[str, bool]] = ()
) -> dict[str, Sequence[str]]:
    """Give the roles that have to look at a row, each with the rules that ask for it.

    A rule that names no role and is undecided goes to compliance.
    """
    compiled = verdicts.compiled
    refused, undecided = verdicts.refused[row], verdicts.undecided[row]
    asks = (refused & compiled.weights[_REFERS_REFUSED]) | (
        undecided & compiled.weights[_REFERS_OPEN]
    )
    found: dict[str, list[str]] = {}
    for bit in bits_of(asks):
        rule = compiled.rules[bit]
        is_open = bool(undecided[bit >> 6] >> np.uint64(bit & 63) & np.uint64(1))
        if (rule.id, False) not in aside and not (is_open and (rule.id, True) in aside):
            found.setdefault(rule.role or "compliance", []).append(rule.id)
    return dict(sorted(found.items()))
