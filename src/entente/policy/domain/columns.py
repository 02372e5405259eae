"""Facts as dense columns: one table per grain, and a dense key from each candidate to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .facts import FACTS, Fact, number_of

IntArray = npt.NDArray[np.int64]
ByteArray = npt.NDArray[np.uint8]


class Coder:
    """Gives every text one code per batch; texts that rules name keep the rules' codes."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._codes = dict(vocabulary)

    def code(self, text: str) -> int:
        """Return the code of a text, a new one if it was not seen before."""
        return self._codes.setdefault(text, len(self._codes))

    def texts(self) -> list[str]:
        """List all texts by code."""
        return list(self._codes)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One fact over the rows of a table.

    Parameters
    ----------
    values : ndarray of int64
        Per row; for a list fact the n + 1 offsets into `codes`.
    valid : ndarray of uint8
        1 where the fact is known.
    codes : ndarray of int64, optional
        For a list fact the codes of all rows, one after another.
    """

    values: IntArray
    valid: ByteArray
    codes: IntArray | None = None

    def __post_init__(self) -> None:
        expected = len(self.valid) + (self.codes is not None)
        if len(self.values) != expected:
            raise ValueError(f"a column of {len(self.valid)} rows has {len(self.values)} values")
        for array, kind in (
            (self.values, np.int64),
            (self.valid, np.uint8),
            (self.codes, np.int64),
        ):
            if array is not None and (array.dtype != kind or not array.flags.c_contiguous):
                raise ValueError(f"a column's arrays are contiguous {np.dtype(kind)}")

    def __len__(self) -> int:
        return len(self.valid)


def _list_column(fact: Fact, values: Sequence[Any], coder: Coder) -> Column:
    offsets = np.zeros(len(values) + 1, np.int64)
    codes: list[int] = []
    for row, value in enumerate(values):
        if isinstance(value, str) or not isinstance(value, list | tuple | set | frozenset | None):
            raise ValueError(f"{fact.name} is {value!r}; it must be a list of texts or null")
        codes += [coder.code(text) for text in value or ()]
        offsets[row + 1] = len(codes)
    valid = np.fromiter((value is not None for value in values), np.uint8, len(values))
    return Column(offsets, valid, np.array(codes, np.int64))


def column_of(name: str, values: Sequence[Any], coder: Coder) -> Column:
    """Make a column from Python values; None is unknown.

    Raises
    ------
    ValueError
        If the fact does not exist or a value has another type, naming fact, value and remedy.

    Examples
    --------
    >>> column_of("action.promotional", [True, None], Coder({})).valid.tolist()
    [1, 0]
    """
    fact = FACTS.get(name)
    if fact is None:
        raise ValueError(f"there is no fact {name}; `entente gate facts` lists them")
    if fact.type == "list":
        return _list_column(fact, values, coder)
    numbers = np.zeros(len(values), np.int64)
    valid = np.zeros(len(values), np.uint8)
    for row, value in enumerate(values):
        if value is None:
            continue
        if fact.type == "text":
            if not isinstance(value, str):
                raise ValueError(f"{fact.name} is {value!r}; it must be a text or null")
            numbers[row] = coder.code(value)
        else:
            numbers[row] = number_of(fact, value)
        valid[row] = 1
    return Column(numbers, valid)


@dataclass(eq=False)
class Table:
    """The columns of one grain; all of one length."""

    columns: dict[str, Column] = field(default_factory=dict)
    n_rows: int | None = None

    def __post_init__(self) -> None:
        lengths = {len(column) for column in self.columns.values()}
        if self.n_rows is not None:
            lengths.add(self.n_rows)
        if len(lengths) > 1:
            raise ValueError(f"the columns of a table differ in length: {sorted(lengths)}")
        self.n_rows = lengths.pop() if lengths else 0

    def __len__(self) -> int:
        return self.n_rows or 0


def table_of(facts: Mapping[str, Sequence[Any]], coder: Coder) -> Table:
    """Make a table from Python values per fact."""
    return Table({name: column_of(name, values, coder) for name, values in facts.items()})


@dataclass(eq=False)
class FactTables:
    """All facts of a batch.

    Parameters
    ----------
    candidates : Table
        Facts that differ from candidate to candidate.
    coder : Coder
        Whoever made the columns; text codes mean something only with it.
    shared : Table, optional
        One row: facts that hold for the whole batch, such as ``action.type``.
    grains : mapping of str to Table
        Coarser tables, by grain.
    keys : mapping of str to ndarray of int64, shape (n_candidates,)
        Per grain, the row that each candidate belongs to. Clustered keys are much faster.

    Raises
    ------
    ValueError
        If a key is missing, has another length, or points outside its table, or if a fact is
        supplied twice.
    """

    candidates: Table
    coder: Coder
    shared: Table | None = None
    grains: Mapping[str, Table] = field(default_factory=dict)
    keys: Mapping[str, IntArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.shared is not None and len(self.shared) != 1:
            raise ValueError(f"shared facts have one row, not {len(self.shared)}")
        seen: set[str] = set()
        for table in self._tables():
            twice = seen & set(table.columns)
            if twice:
                raise ValueError(f"supplied in two tables: {', '.join(sorted(twice))}")
            seen |= set(table.columns)
        for grain, table in self.grains.items():
            key = self.keys.get(grain)
            if key is None or key.dtype != np.int64 or not key.flags.c_contiguous:
                raise ValueError(f"grain {grain} needs a contiguous int64 key per candidate")
            if self.candidates.columns and len(key) != len(self.candidates):
                raise ValueError(f"key {grain} has {len(key)} rows, not {len(self.candidates)}")
            if len(key) and (key.min() < 0 or key.max() >= len(table)):
                raise ValueError(f"key {grain} points outside its {len(table)} rows")

    def _tables(self) -> Iterable[Table]:
        yield self.candidates
        if self.shared is not None:
            yield self.shared
        yield from self.grains.values()

    @property
    def n_candidates(self) -> int:
        """Number of candidates to be judged."""
        for key in self.keys.values():
            return len(key)
        return len(self.candidates)
