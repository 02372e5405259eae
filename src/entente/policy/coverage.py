"""Compare packs with a table of source rows: what became a rule, a question, or neither and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .domain.packs import Pack

How = Literal["rule", "checklist", "left out", "missing"]
_ROW = re.compile(r"^\|\s*([A-Z]{2}-[A-Z0-9]+(?:-[A-Z0-9]+)*)\s*\|\s*([^|]*)\|", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Covered:
    """One row of the source and what became of it.

    Parameters
    ----------
    row, substance : str
        The row's id and its first words.
    how : str
        ``"rule"``, ``"checklist"``, ``"left out"``, or ``"missing"`` where nothing did.
    by : str
        The pack and the rules, or the reason.
    """

    row: str
    substance: str
    how: How
    by: str


def rows_of(markdown: str) -> list[tuple[str, str]]:
    """Find the rows of the tables of a source whose first cell is a rule id.

    Examples
    --------
    >>> rows_of("| rule id | substance |\\n|---|---|\\n| US-X-1 | No gifts | 0 |")
    [('US-X-1', 'No gifts')]
    """
    return [(row, substance.strip()) for row, substance in _ROW.findall(markdown)]


def covered(packs: Sequence[Pack], rows: Iterable[tuple[str, str]]) -> list[Covered]:
    """Tell of each row what became of it; a rule ``US-X-1-B`` belongs to the row ``US-X-1``.

    Returns
    -------
    list of Covered
        In the order of the rows.
    """
    rows = list(rows)
    known = {row for row, _ in rows}
    found: dict[str, list[tuple[How, str]]] = {}
    for pack in packs:
        for rule in pack.rules:
            found.setdefault(_row_of(rule.id, known), []).append(("rule", f"{pack.id}: {rule.id}"))
        for item in pack.checklist:
            found.setdefault(_row_of(item.id, known), []).append(
                ("checklist", f"{pack.id}: asked of {item.role}")
            )
        for left in pack.left_out:
            found.setdefault(left.id, []).append(("left out", f"{pack.id}: {left.why}"))
    return [_told(row, substance, found.get(row, [])) for row, substance in rows]


def _row_of(rule_id: str, known: set[str]) -> str:
    parent = rule_id.rpartition("-")[0]
    return parent if rule_id not in known and parent in known else rule_id


def _told(row: str, substance: str, found: list[tuple[How, str]]) -> Covered:
    if not found:
        return Covered(row, substance, "missing", "no pack speaks of it")
    order: tuple[How, ...] = ("rule", "checklist", "left out")
    how = min((each for each, _ in found), key=order.index)
    return Covered(row, substance, how, "; ".join(by for _, by in found))
