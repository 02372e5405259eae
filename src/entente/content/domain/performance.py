"""What a partner is told of small numbers, and how rows with unknown numbers are put in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

Row = TypeVar("Row")


def told(number: int, least: int) -> int | None:
    """Give what may be told of a number of people: nothing of a small one, steps of the others.

    Parameters
    ----------
    number : int
        Zero or more.
    least : int
        The smallest number that is told; others are told in steps of it, so that two windows of
        days that are subtracted from each other say nothing of fewer.

    Examples
    --------
    >>> [told(n, 11) for n in (0, 10, 11, 21, 22)]
    [0, None, 11, 11, 22]
    """
    if number == 0:
        return 0
    return number - number % least or None


def in_steps(counts: Mapping[str, int], least: int) -> dict[str, int]:
    """Give counts of people in whole steps, so that small ones are none and none can be subtracted.

    Seconds keep the mean of one reading; without enough readings they are left out.

    Examples
    --------
    >>> in_steps({"view": 25, "download": 3, "timed": 24, "seconds": 240}, 11)
    {'view': 22, 'download': 0, 'timed': 22, 'seconds': 220}
    >>> in_steps({"view": 4, "timed": 2, "seconds": 90}, 11)
    {'view': 0, 'timed': 0}
    """
    found = {code: n - n % least for code, n in counts.items() if code != "seconds"}
    mean = mean_seconds(counts, least)
    return found if mean is None else {**found, "seconds": mean * found["timed"]}


def mean_seconds(counts: Mapping[str, int], least: int = 1) -> int | None:
    """Give the mean time in view of one reading; None where too few told one.

    Examples
    --------
    >>> mean_seconds({"seconds": 100, "timed": 3}), mean_seconds({"seconds": 100})
    (33, None)
    """
    n_timed = counts.get("timed", 0)
    if n_timed < max(least, 1):
        return None
    return round(counts.get("seconds", 0) / n_timed)


def in_order(
    rows: Iterable[Row], value: Callable[[Row], int | str | None], *, falling: bool
) -> list[Row]:
    """Put rows in order of a value; those without one come last either way.

    Examples
    --------
    >>> in_order([1, None, 3], lambda each: each, falling=True)
    [3, 1, None]
    """
    known: list[Row] = []
    unknown: list[Row] = []
    for row in rows:
        (unknown if value(row) is None else known).append(row)
    known.sort(key=value, reverse=falling)  # type: ignore[arg-type]
    return known + unknown
