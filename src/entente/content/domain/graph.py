"""Where the boxes of an evidence graph stand: columns from evidence to use, few crossings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from statistics import mean
from uuid import UUID

MOST_IN_COLUMN = 12
"""Boxes of one column that are drawn; the rest is counted in one more box."""


class Column(IntEnum):
    """What stands in a column, from what was found out to where it is said."""

    ORIGIN = 0
    SOURCE = 1
    CLAIM = 2
    MODULE = 3
    ITEM = 4
    COPIES = 5


@dataclass(frozen=True)
class Node:
    """One box: a study, a reference, a claim, a module, an item or its copies.

    Parameters
    ----------
    key : str
        Unlike every other box's.
    kind : str
        What it is, in a word that a person reads.
    note : str
        Its state in a few words.
    opens : tuple of str and UUID, optional
        Kind and id of the object that the box stands for.
    url : str
        Address outside, of a source.
    tone : str
        ``ok``, ``warn``, ``bad`` or empty.
    """

    key: str
    column: Column
    kind: str
    title: str
    note: str = ""
    opens: tuple[str, UUID] | None = None
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Placed:
    """A box with its column and row among the columns that are used, both from zero."""

    node: Node
    column: int
    row: int


@dataclass(frozen=True)
class Picture:
    """A graph that is laid out.

    Parameters
    ----------
    boxes : sequence of Placed
    lines : sequence of pair of Placed
        From the evidence to what rests on it.
    left_out : mapping of int to int
        How many boxes of a column are not drawn.
    """

    boxes: Sequence[Placed]
    lines: Sequence[tuple[Placed, Placed]]
    left_out: Mapping[int, int]
    n_columns: int
    n_rows: int


def lay_out(nodes: Iterable[Node], edges: Iterable[tuple[str, str]]) -> Picture:
    """Place boxes in columns so that neighbours stand near each other.

    Each column is ordered by the mean row of what it is joined to, first from the left and
    then from the right (the barycentre method of Sugiyama, Tagawa and Toda 1981).

    Parameters
    ----------
    edges : iterable of pair of str
        Keys of boxes; an edge to a box that is not given or not drawn is left out.

    Examples
    --------
    >>> claim = Node("c", Column.CLAIM, "Claim", "It lowers pressure")
    >>> item = Node("i", Column.ITEM, "Item", "News")
    >>> [(box.node.key, box.column) for box in lay_out([claim, item], [("c", "i")]).boxes]
    [('c', 0), ('i', 1)]
    """
    by_key = {node.key: node for node in nodes}
    joined = sorted({(a, b) for a, b in edges if a in by_key and b in by_key and a != b})
    neighbours: dict[str, list[str]] = defaultdict(list)
    for a, b in joined:
        neighbours[a].append(b)
        neighbours[b].append(a)
    used = sorted({node.column for node in by_key.values()})
    columns = [[n.key for n in by_key.values() if n.column == column] for column in used]
    row = {key: float(n) for column in columns for n, key in enumerate(column)}
    for sweep in (columns[1:], columns[::-1], columns[1:]):
        for column in sweep:
            _order(column, row, neighbours)
    placed = {
        key: Placed(by_key[key], number, n)
        for number, column in enumerate(columns)
        for n, key in enumerate(column[:MOST_IN_COLUMN])
    }
    left = {n: len(column) - MOST_IN_COLUMN for n, column in enumerate(columns)}
    return Picture(
        boxes=list(placed.values()),
        lines=[(placed[a], placed[b]) for a, b in joined if a in placed and b in placed],
        left_out={n: count for n, count in left.items() if count > 0},
        n_columns=len(columns),
        n_rows=max((len(c[:MOST_IN_COLUMN]) + (left[n] > 0) for n, c in enumerate(columns)),
                   default=0),
    )  # fmt: skip


def _order(column: list[str], row: dict[str, float], neighbours: Mapping[str, list[str]]) -> None:
    """Sort a column in place by where its neighbours stand; who has none keeps its place."""
    wanted = {
        key: mean(row[other] for other in neighbours[key]) if neighbours.get(key) else row[key]
        for key in column
    }
    column.sort(key=lambda key: (wanted[key], row[key], key))
    row.update((key, float(n)) for n, key in enumerate(column))
