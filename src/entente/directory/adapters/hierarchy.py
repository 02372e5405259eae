"""Hierarchy files: which organisation belongs to which, from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.reading import DAY_REMEDY, Reading, null_mask
from entente.directory.adapters.tables import build

KINDS = ("owned_by", "managed_by", "member_of")
_KEYS = ("child_system", "child_value", "parent_system", "parent_value")
_COLUMNS = [
    Column("child_system", ("child_system",), required=True),
    Column("child_value", ("child_value", "child"), required=True),
    Column("parent_system", ("parent_system",), required=True),
    Column("parent_value", ("parent_value", "parent"), required=True),
    Column("kind", ("kind",), required=True),
    Column("from_on", ("from_on", "from"), required=True),
    Column("to_on", ("to_on", "to")),
    Column("note", ("note",)),
]


def read_hierarchy(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read which organisation stands under which.

    Parameters
    ----------
    path : pathlib.Path
        CSV with columns ``child_system``, ``child_value``, ``parent_system``,
        ``parent_value`` (identifiers as the directory shows them, such as ``ccn`` and its
        number), ``kind`` (owned_by, managed_by, member_of), ``from_on`` and, where it ended,
        ``to_on``, the first day without; plain or gzip.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Table ``hierarchy``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or lacks a column.

    Notes
    -----
    Source: the platform's own layout.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    for raw in source:
        reading = Reading(raw, source.header)
        for name in _KEYS:
            reading.require(name, "Name the system and the number of both organisations.")
        kind = reading.one_of("kind", KINDS)
        begun, ended = reading.days("from_on"), reading.days("to_on")
        reading.refuse("from_on", null_mask(reading.text("from_on")), DAY_REMEDY)
        ends_first = pc.fill_null(pc.less_equal(ended, begun), False).to_numpy(False)
        reading.refuse("to_on", ends_first, "Give an end after the first day.")
        columns = {
            "line": pa.array(reading.lines, pa.int64()),
            "kind": kind,
            "from_on": begun,
            "to_on": ended,
            "note": reading.text("note"),
            "row_hash": reading.row_hash(),
        }
        columns |= {name: reading.text(name) for name in _KEYS}
        yield Chunk(
            tables={"hierarchy": build(schemas.HIERARCHY, columns, reading.keep)},
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
        )
