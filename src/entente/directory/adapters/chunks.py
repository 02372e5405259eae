"""What a reader yields: typed columns, and the rows that could not be taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

CHUNK_ROWS = 20_000
VALUE_LIMIT = 200


class RegistryFileError(ValueError):
    """A file that cannot be read at all; the text says where and how to mend it.

    It never carries a value of the file, only header names and line numbers.
    """


@dataclass(frozen=True, slots=True)
class Refusal:
    """One value that was not taken.

    Attributes
    ----------
    line : int
        Record number as a spreadsheet shows it: the header is 1. It equals the line of a text
        editor as long as no earlier field holds a line break and no earlier line is blank.
    field : str
        The header as the file spells it (trimmed), or ``"row"`` for the row as a whole.
    value : str
        The value as found, cut to 200 characters; for the refused file only.
    remedy : str
        What to change in the file; it never repeats the value.
    """

    line: int
    field: str
    value: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a file, at most ``chunk_rows`` rows of it.

    Attributes
    ----------
    tables : mapping of str to pyarrow.Table
        One table per kind of row, with exactly the schema named in ``schemas``; all of a reader's
        tables are present in each chunk, empty ones too. The first is the main one.
    refused : list of Refusal
        Faults for which a whole row was left out; a row may have several.
    blanked : list of Refusal
        Faults for which a row was kept and only the named field left empty or not taken.
    n_read : int
        Rows of the file in this chunk, taken or not.
    absent : frozenset of str
        Columns of the main table that no column of this file feeds. They are null here because
        the file does not speak of them: an import leaves what it knew of them alone.
    """

    tables: Mapping[str, pa.Table]
    refused: list[Refusal] = field(default_factory=list)
    blanked: list[Refusal] = field(default_factory=list)
    n_read: int = 0
    absent: frozenset[str] = frozenset()

    @property
    def rows(self) -> pa.Table:
        """The main table of the reader."""
        return next(iter(self.tables.values()))

    @property
    def n_refused(self) -> int:
        """Rows left out (a row with two faults counts once)."""
        return len({refusal.line for refusal in self.refused})


Chunks = Iterator[Chunk]
