"""How good a matching was, where the truth is known, and where pairs were lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from entente.directory.domain.matching.model import Model

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Quality:
    """Pairs found and pairs that are true, counted.

    Attributes
    ----------
    n_true, n_found, n_right : int
        True pairs; pairs reported; reported pairs that are true.
    n_auto_wrong : int
        Pairs joined automatically that are not true.
    n_never_compared : int
        True pairs that no rule of blocking brought together.
    n_scored_low : int
        True pairs that were compared and scored below the threshold.
    """

    n_true: int
    n_found: int
    n_right: int
    n_auto_wrong: int
    n_never_compared: int
    n_scored_low: int

    @property
    def precision(self) -> float:
        """Share of the reported pairs that are true."""
        return self.n_right / self.n_found if self.n_found else 0.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were reported."""
        return self.n_right / self.n_true if self.n_true else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall.

        Examples
        --------
        >>> Quality(10, 8, 8, 0, 1, 1).f1
        0.888...
        """
        both = self.n_found + self.n_true
        return 2 * self.n_right / both if both else 0.0


def pairs_of_groups(rows: Iterable[tuple[str, str]]) -> set[Pair]:
    """Give every pair of ids of one group.

    Parameters
    ----------
    rows : iterable of (id, group)

    Examples
    --------
    >>> sorted(pairs_of_groups([("a", "1"), ("b", "1"), ("c", "2"), ("d", "1")]))
    [('a', 'b'), ('a', 'd'), ('b', 'd')]
    """
    members: dict[str, set[str]] = {}
    for record, group in rows:
        members.setdefault(group, set()).add(record)
    return {
        (one, other)
        for group in members.values()
        for one in group
        for other in group
        if one < other
    }


def measured(
    connection: DuckDBPyConnection,
    model: Model,
    found: Collection[tuple[str, str, str]],
    true: Collection[Pair],
    *,
    is_linked: bool,
) -> Quality:
    """Compare what was reported with what is true.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With the table ``keyed`` of the matching.
    model : Model
    found : collection of (left id, right id, decision)
    true : collection of (left id, right id)
        Where one table was searched, the order inside a pair does not matter.
    is_linked : bool
        Whether two tables were linked.
    """

    def ordered(left: str, right: str) -> Pair:
        return (left, right) if is_linked or left < right else (right, left)

    truth = {ordered(*pair) for pair in true}
    told = {ordered(left, right): decision for left, right, decision in found}
    missed = truth - told.keys()
    n_compared = _brought_together(connection, model, missed, is_linked=is_linked)
    return Quality(
        n_true=len(truth),
        n_found=len(told),
        n_right=len(truth) - len(missed),
        n_auto_wrong=sum(d == "auto" and pair not in truth for pair, d in told.items()),
        n_never_compared=len(missed) - n_compared,
        n_scored_low=n_compared,
    )


def _brought_together(
    connection: DuckDBPyConnection, model: Model, pairs: Collection[Pair], *, is_linked: bool
) -> int:
    if not pairs:
        return 0
    if () in model.rules:
        return len(pairs)
    any_rule = " OR ".join(
        "(" + " AND ".join(f'l."{column}" = r."{column}"' for column in rule) + ")"
        for rule in model.rules
    )
    right_source = "r" if is_linked else "l"
    left_ids, right_ids = zip(*pairs, strict=True)
    rows = connection.execute(
        "SELECT count(*) FROM (SELECT m.a, m.b FROM"
        " (SELECT unnest($left) AS a, unnest($right) AS b) m"
        " JOIN keyed l ON l.id = m.a AND l.source = 'l'"
        f" JOIN keyed r ON r.id = m.b AND r.source = '{right_source}'"
        f" WHERE {any_rule} GROUP BY m.a, m.b)",
        {"left": list(left_ids), "right": list(right_ids)},
    ).fetchall()
    return int(rows[0][0])
