"""Figures of audits: how a sample is spread, in which order it is drawn, how sure a rate is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist
from uuid import UUID

NO_HEAD = "0" * 64


def seed_of(head: str, leaf: str) -> str:
    """Give the seed of a draw, from the ledger as it stood and the entry that announces the draw.

    The head was there before; the entry's hash covers an id and a moment that nobody knows
    before it is written. So nobody chooses the seed, and everybody can make it again.

    Examples
    --------
    >>> seed_of("00", "11") == seed_of("00", "11"), seed_of("00", "11") == seed_of("00", "12")
    (True, False)
    """
    return hashlib.sha256(f"audit:{head}:{leaf}".encode()).hexdigest()


def rank(seed: str, object_id: UUID) -> bytes:
    """Give a row's place in the drawing order; the lowest are drawn.

    Each row's rank hangs on the seed and its own id alone, so that the draw is without
    replacement, and drawing again needs no list of the population.
    """
    return hashlib.sha256(f"{seed}:{object_id}".encode()).digest()


def size_for(n_population: int, *, size: int | None, rate_percent: int | None) -> int:
    """Give how many are drawn: a fixed number, or a share rounded up; never more than there are.

    Examples
    --------
    >>> size_for(30, size=50, rate_percent=None), size_for(30, size=None, rate_percent=5)
    (30, 2)
    >>> size_for(0, size=5, rate_percent=None)
    0
    """
    wanted = size if size is not None else -(-n_population * (rate_percent or 0) // 100)
    return min(n_population, wanted)


def allocate(counts: Mapping[str, int], n: int) -> dict[str, int]:
    """Spread a sample over strata by their size: largest remainder, each at least one if it can.

    Parameters
    ----------
    counts : mapping of str to int
        Rows per stratum.
    n : int
        Sample size, at most the sum of the counts.

    Examples
    --------
    >>> allocate({"US": 90, "GB": 9, "DE": 1}, 10)
    {'DE': 1, 'GB': 2, 'US': 7}
    """
    total = sum(counts.values())
    if n > total:
        raise ValueError(f"{n} cannot be drawn from {total}")
    names = sorted(name for name, count in counts.items() if count)
    # Where there are fewer places than strata the largest come first.
    if n <= len(names):
        first = sorted(names, key=lambda name: (-counts[name], name))[:n]
        return dict.fromkeys(sorted(first), 1)
    given = dict.fromkeys(names, 1)
    rest, room = n - len(names), total - len(names)
    if rest:
        quotas = {name: rest * (counts[name] - 1) for name in names}
        for name in names:
            given[name] += quotas[name] // room
        left = n - sum(given.values())
        for name in sorted(names, key=lambda one: (-(quotas[one] % room), one))[:left]:
            given[name] += 1
    return given


@dataclass(frozen=True)
class Rate:
    """A share of findings, and between which shares the true one lies with 95% confidence."""

    n_findings: int
    n_answered: int
    share: float | None
    low: float
    high: float


def rate_of(n_findings: int, n_answered: int, *, confidence: float = 0.95) -> Rate:
    """Give the rate of findings with its interval (Wilson).

    The interval is that of a simple sample of something large; where much of the population
    was looked at it is wider than need be.

    Notes
    -----
    Source: Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> r = rate_of(1, 20)
    >>> (round(r.share, 2), round(r.low, 4), round(r.high, 4))
    (0.05, 0.0089, 0.2361)
    >>> rate_of(0, 0).share is None
    True
    """
    if not 0 <= n_findings <= n_answered:
        raise ValueError(f"{n_findings} findings among {n_answered}")
    if n_answered == 0:
        return Rate(0, 0, None, 0.0, 1.0)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    n, share = n_answered, n_findings / n_answered
    middle = share + z * z / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return Rate(
        n_findings,
        n,
        share,
        0.0 if n_findings == 0 else (middle - reach) / scale,
        1.0 if n_findings == n else (middle + reach) / scale,
    )


def period_of(every: str, on: date) -> tuple[date, date]:
    """Give the month or quarter that a day lies in: its first day, and the first day after.

    Examples
    --------
    >>> period_of("quarter", date(2026, 11, 27))
    (datetime.date(2026, 10, 1), datetime.date(2027, 1, 1))
    """
    months = 3 if every == "quarter" else 1
    first = (on.month - 1) // months * months
    after = first + months
    return date(on.year, first + 1, 1), date(on.year + after // 12, after % 12 + 1, 1)
