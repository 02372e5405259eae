"""Hide small numbers, and enough besides that nobody can work them out from what is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations
from math import lcm

FEWEST = 11
"""The smallest number of people that is shown; zero is shown too."""

Sums = Sequence[tuple[str, Sequence[str]]]
Shown = dict[str, int | None]


def suppress(values: Mapping[str, int], sums: Sums) -> Shown:
    """Hide every number from 1 to 10, and others with it until none can be worked out.

    Parameters
    ----------
    values : mapping of str to int
        Numbers of people by name, none negative.
    sums : sequence of (str, sequence of str)
        A total and its parts; a part may be a total itself, and a total may be split in
        more than one way.

    Returns
    -------
    dict of str to int or None
        Each number, or None where it is hidden; hidden for being small and hidden to
        protect another look alike.

    Raises
    ------
    ValueError
        If a number is negative or a total is not the sum of its parts.

    Notes
    -----
    Source: the rule of the platform, cells below 11 suppressed also against subtraction;
    the same smallest cell as in CMS's cell size suppression policy. A total that is shown
    leaves at least two of its parts hidden, together at least 11, not all of them 1 and
    not all of them 10;
    for every hidden number below 11 there is another world, of whole people, in which
    it differs and all that is shown is the same.
    What two people know by themselves, and differences between two days, are not covered.

    Examples
    --------
    >>> suppress({"asked": 100, "sent": 60, "late": 35, "refused": 5},
    ...          [("asked", ["sent", "late", "refused"])])
    {'asked': 100, 'sent': 60, 'late': None, 'refused': None}
    """
    _checked(values, sums)
    hidden = {name for name, number in values.items() if 0 < number < FEWEST}
    while True:
        further = _next_to_hide(values, sums, hidden)
        if further is None:
            return {name: None if name in hidden else number for name, number in values.items()}
        hidden.add(further)


def _checked(values: Mapping[str, int], sums: Sums) -> None:
    if any(number < 0 for number in values.values()):
        raise ValueError("a number of people is not negative")
    for total, parts in sums:
        if values[total] != sum(values[part] for part in parts):
            raise ValueError(f"{total} is {values[total]}, its parts are {parts}")


def _next_to_hide(values: Mapping[str, int], sums: Sums, hidden: set[str]) -> str | None:
    for total, parts in sums:
        gone = [part for part in parts if part in hidden]
        if not gone or total in hidden:
            continue
        further = _smallest(values, parts, hidden)
        if _tells(sum(values[part] for part in gone), len(gone), values.get(further or "", None)):
            return further or total
    told = _told(values, sums, hidden)
    if all(values[name] >= FEWEST for name in told):
        return None
    near = [n for total, parts in sums if told & {total, *parts} for n in (total, *parts)]
    # Where nothing near is left to hide, sums further off tell it: any of them may go.
    return _smallest(values, near, hidden) or _smallest(values, sorted(values), hidden)


def _tells(rest: int, n_hidden: int, least_shown: int | None) -> bool:
    """Tell whether the sum of hidden parts says too much, also to who knows this rule."""
    most = FEWEST - 1
    if n_hidden < 2 or rest < FEWEST or rest in (n_hidden, most * n_hidden):
        # Alone, few, or all as small or as large as a hidden one can be.
        return True
    # A part that is hidden to protect another is no larger than the least that is shown;
    # the others must keep some room below the most that they can be.
    return least_shown is not None and rest - least_shown > most * (n_hidden - 1) - 2


def _smallest(values: Mapping[str, int], names: Sequence[str], hidden: set[str]) -> str | None:
    # Zeros hide nothing, since they are shown everywhere else.
    shown = [name for name in names if name not in hidden and values[name] > 0]
    return min(shown, key=lambda name: (values[name], name), default=None)


def _told(values: Mapping[str, int], sums: Sums, hidden: set[str]) -> set[str]:
    """Give the hidden names for which no other world is found that shows the same.

    Another world is the true one after a move that keeps every sum and what is shown, and
    leaves every hidden number at 1 or more. Moves tried are those of a basis, and two of
    them together: where none is found one may yet exist, and more is hidden than needed.
    """
    names = sorted(hidden)
    open_ones = set(names)
    steps = _moves(names, sums)
    moves = chain(
        steps,
        ([a + b for a, b in zip(one, other, strict=True)] for one, other in combinations(steps, 2)),
    )
    for move in moves:
        if all(values[name] >= FEWEST for name in open_ones):
            break
        if all(values[name] + step >= 1 for name, step in zip(names, move, strict=True)):
            open_ones -= {name for name, step in zip(names, move, strict=True) if step}
    return open_ones


def _moves(names: Sequence[str], sums: Sums) -> list[list[Fraction]]:
    """Give steps, each way, that change hidden numbers and keep every sum."""
    rows = [
        [Fraction((name in parts) - (name == total)) for name in names] for total, parts in sums
    ]
    pivots, reduced = _reduced([row for row in rows if any(row)], len(names))
    found = []
    for free in range(len(names)):
        if free in pivots:
            continue
        step = [Fraction(0)] * len(names)
        step[free] = Fraction(1)
        for pivot, row in zip(pivots, reduced, strict=True):
            step[pivot] = -row[free]
        # People come whole.
        whole = lcm(*(one.denominator for one in step))
        found += [[whole * one for one in step], [-whole * one for one in step]]
    return found


def _reduced(rows: list[list[Fraction]], width: int) -> tuple[list[int], list[list[Fraction]]]:
    pivots: list[int] = []
    done: list[list[Fraction]] = []
    for column in range(width):
        place = next((n for n, row in enumerate(rows) if row[column]), None)
        if place is None:
            continue
        pivot = rows.pop(place)
        pivot = [factor / pivot[column] for factor in pivot]

        def cleared(
            row: list[Fraction], by: list[Fraction] = pivot, at: int = column
        ) -> list[Fraction]:
            return [factor - row[at] * other for factor, other in zip(row, by, strict=True)]

        rows = [cleared(row) for row in rows]
        done = [*(cleared(row) for row in done), pivot]
        pivots.append(column)
    return pivots, done
