"""How much each level of agreement says: learned from the pairs themselves, without labels.

Two classes of pairs, those that are the same record and those that are not, are told apart by
expectation and maximisation over patterns of agreement (Fellegi and Sunter 1969; Winkler 1988).
Two things differ from training block by block: every level keeps a small share, so that a level
which no true pair happens to show is unlikely rather than impossible, and the pairs that differ
have, while learning, frequencies of their own, since blocked pairs agree more than random ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# A level seen by nobody counts as seen by this many pairs.
PRIOR_PAIRS = 0.5
MOST_ROUNDS, ENOUGH = 300, 1e-6
# A value that is not known says nothing either way.
UNKNOWN = -1


def _likelihood(patterns: NDArray[np.int8], shares: list[Array]) -> Array:
    """Log of the chance of each pattern; unknown levels are left out."""
    total = np.zeros(len(patterns))
    for place, share in enumerate(shares):
        level = patterns[:, place]
        total += np.where(level == UNKNOWN, 0.0, np.log(share[np.maximum(level, 0)]))
    return total


def _shares(patterns: NDArray[np.int8], weight: Array, n_levels: list[int]) -> list[Array]:
    found = []
    for place, n in enumerate(n_levels):
        known = patterns[:, place] != UNKNOWN
        seen = np.bincount(patterns[known, place], weights=weight[known], minlength=n)[:n]
        smoothed = np.asarray(seen, dtype=np.float64) + PRIOR_PAIRS
        found.append(smoothed / smoothed.sum())
    return found


def learn(
    patterns: NDArray[np.int8],
    counts: NDArray[np.int64],
    start_m: list[Array],
    start_u: list[Array],
    *,
    start_share: float,
    never: NDArray[np.bool_] | None = None,
) -> tuple[list[Array], float]:
    """Learn how often pairs that are the same show each level.

    Parameters
    ----------
    patterns : ndarray of int8, shape (n_patterns, n_fields)
        Level per field, from 0 (different) up; -1 where a value is not known.
    counts : ndarray of int64, shape (n_patterns,)
        Pairs that show each pattern.
    start_m, start_u : list of ndarray of float64
        Per field, the shares of its levels among pairs that are the same, and among others.
    start_share : float
        Share of pairs that are the same, to begin with.
    never : ndarray of bool, shape (n_patterns,), optional
        Patterns of pairs that cannot be the same, whatever else agrees.

    Returns
    -------
    m : list of ndarray of float64
        Per field, shares of levels among pairs that are the same; each adds up to 1.
    share : float
        Share of the given pairs that are the same.
    """
    m, u, share = start_m, start_u, start_share
    n_levels = [len(each) for each in m]
    weight = counts.astype(float)
    for _ in range(MOST_ROUNDS):
        odds = _likelihood(patterns, m) - _likelihood(patterns, u) + np.log(share / (1 - share))
        same = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
        if never is not None:
            same = np.where(never, 0.0, same)
        m = _shares(patterns, weight * same, n_levels)
        u = _shares(patterns, weight * (1 - same), n_levels)
        before, share = share, float((weight * same).sum() / weight.sum())
        share = min(max(share, 1e-9), 1 - 1e-9)
        if abs(share - before) < ENOUGH * share:
            break
    return m, share


def likely_patterns(
    patterns: NDArray[np.int8], m: list[Array], u: list[Array], share: float
) -> NDArray[np.bool_]:
    """Tell which patterns more probably belong to pairs that are the same.

    Parameters
    ----------
    patterns : ndarray of int8, shape (n_patterns, n_fields)
    m, u : list of ndarray of float64
    share : float
        Share of pairs that are the same, of those the patterns come from.
    """
    odds = _likelihood(patterns, m) - _likelihood(patterns, u) + np.log(share / (1 - share))
    found: NDArray[np.bool_] = odds > 0
    return found


def settled_prior(bayes: Array, n_pairs_in_all: float, start: float) -> float:
    """Give the share of all possible pairs that are the same, from the weights of those compared.

    Parameters
    ----------
    bayes : ndarray of float64, shape (n_pairs,)
        Base-2 logarithm of how many times likelier each pair is, if the same.
    n_pairs_in_all : float
        Possible pairs; those not compared count as different.
    start : float
        A first guess.
    """
    prior = start
    for _ in range(MOST_ROUNDS):
        logit = bayes + np.log2(prior / (1 - prior))
        same = float((1 / (1 + np.exp2(-np.clip(logit, -1000, 1000)))).sum())
        before, prior = prior, min(max(same, 1.0) / n_pairs_in_all, 0.5)
        if abs(prior - before) < ENOUGH * prior:
            break
    return prior
