"""Tell the kernel where each fact of a compiled pack lies: its address and how a row gets there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .columns import ByteArray, Column, FactTables, IntArray, Table
from .compile import Compiled
from .kernel import SAME

_NOTHING = Column(np.zeros(1, np.int64), np.zeros(1, np.uint8))
_EMPTY_LIST = Column(np.zeros(2, np.int64), np.zeros(1, np.uint8), np.zeros(1, np.int64))


def address(array: npt.NDArray[Any]) -> int:
    """Return where an array's first item lies in memory; the caller keeps the array alive."""
    return int(array.__array_interface__["data"][0])


@dataclass(eq=False)
class Binding:
    """Columns and regimes as seen from the rows of one table.

    `cols` holds per fact of the pack the addresses of values and validity, the way to reach
    them, and the address of list codes; `kept` holds what must stay alive.
    """

    n_rows: int
    cols: npt.NDArray[np.int64]
    keys: npt.NDArray[np.int64]
    regimes: npt.NDArray[np.int32]
    kept: list[Any] = field(default_factory=list)


def place(cols: IntArray, index: int, column: Column, way: int) -> None:
    """Enter one column into the address table."""
    codes = 0 if column.codes is None else address(column.codes)
    cols[index] = (address(column.values), address(column.valid), way, codes)


@lru_cache(maxsize=16)
def _unknown(compiled: Compiled) -> IntArray:
    """Bind every fact to nothing: unknown everywhere, until some table supplies it."""
    cols = np.zeros((max(len(compiled.facts), 1), 4), np.int64)
    for index, kind in enumerate(compiled.types):
        place(cols, index, _EMPTY_LIST if kind == "list" else _NOTHING, SAME)
    return cols


def bind(
    compiled: Compiled,
    n_rows: int,
    sources: list[tuple[Table, int]],
    keys: list[IntArray],
    regimes: npt.NDArray[np.int32],
) -> Binding:
    """Bind a compiled pack to tables, each with the way in which its rows are reached.

    Facts that no table supplies are unknown everywhere.
    """
    cols = _unknown(compiled).copy()
    for table, way in sources:
        for name, column in table.columns.items():
            if name not in compiled.column_of:
                continue
            index = compiled.column_of[name]
            if (compiled.types[index] == "list") != (column.codes is not None):
                raise ValueError(f"{name} must {'' if column.codes is None else 'not '}be a list")
            place(cols, index, column, way)
    addresses = np.array([address(key) for key in keys] or [0], np.int64)
    return Binding(n_rows, cols, addresses, regimes, [sources, keys])


def days_of(table: Table, fallback: int) -> IntArray:
    """Read ``action.date`` per row; rows without one are judged on the fallback day."""
    column = table.columns["action.date"]
    return np.where(column.valid, column.values, fallback).astype(np.int64)


def with_days(tables: FactTables, on_day: int) -> FactTables:
    """Give every candidate an ``action.date``, since it chooses the rules in force."""

    def filled(table: Table) -> Table:
        days = days_of(table, on_day)
        known = Column(days, np.ones(len(days), np.uint8))
        return Table({**table.columns, "action.date": known})

    if "action.date" in tables.candidates.columns:
        return _replaced(tables, candidates=filled(tables.candidates))
    for grain, table in tables.grains.items():
        if "action.date" in table.columns:
            return _replaced(tables, grains={**tables.grains, grain: filled(table)})
    shared = tables.shared or Table(n_rows=1)
    if "action.date" not in shared.columns:
        day: ByteArray = np.zeros(1, np.uint8)
        unknown = Column(np.zeros(1, np.int64), day)
        shared = Table({**shared.columns, "action.date": unknown})
    return _replaced(tables, shared=filled(shared))


def _replaced(tables: FactTables, **changes: Any) -> FactTables:
    parts: Mapping[str, Any] = {
        "candidates": tables.candidates,
        "coder": tables.coder,
        "shared": tables.shared,
        "grains": tables.grains,
        "keys": tables.keys,
        **changes,
    }
    return FactTables(**parts)
