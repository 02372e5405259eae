"""Segments that an answer may carry without pointing at one of the people who were invited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

# Specialty, country, organisation; empty where it is not told.
Label = tuple[str, str, str]
NOTHING: Label = ("", "", "")
# What remains told, from most to least.
KEPT = ((True, True, False), (False, True, False), (False, False, False))


def labels(people: Sequence[Label], least: int) -> list[Label]:
    """Give each of the people invited together the finest label shared by enough of them.

    An answer carries its label and no name. Somebody who knows who was invited, and this
    rule, finds at least ``least`` people for every label, whoever answered.

    Parameters
    ----------
    people : sequence of Label
        Specialty, country and organisation of each.
    least : int
        Smallest number that may share a label.

    Raises
    ------
    ValueError
        If there are fewer people than that.

    Examples
    --------
    >>> known = [("Cardiology", "US", "Shore")] * 3 + [("Cardiology", "US", "Hill")] * 2
    >>> sorted(set(labels(known, 2)))
    [('Cardiology', 'US', 'Hill'), ('Cardiology', 'US', 'Shore')]
    >>> sorted(set(labels(known, 3)))
    [('Cardiology', 'US', '')]
    """
    if len(people) < least:
        raise ValueError(f"{len(people)} people, and {least} are the least")
    told = list(people)
    for kept in KEPT:
        sizes = Counter(told)
        told = [label if sizes[label] >= least else _less(label, kept) for label in told]
        while finer := _to_hide_among(told, kept, least):
            told = [_less(label, kept) if label == finer else label for label in told]
    return told


def _to_hide_among(
    told: Sequence[Label], kept: tuple[bool, bool, bool], least: int
) -> Label | None:
    """Give the smallest finer group that a group too small for its label can join, if any."""
    sizes = Counter(told)
    small = {label for label, n in sizes.items() if n < least and _less(label, kept) == label}
    finer = [(n, f) for f, n in sizes.items() if f not in small and _less(f, kept) in small]
    return min(finer)[1] if finer else None


def _less(label: Label, kept: tuple[bool, bool, bool]) -> Label:
    specialty, country, organisation = (
        text if stays else "" for text, stays in zip(label, kept, strict=True)
    )
    return (specialty, country, organisation)
