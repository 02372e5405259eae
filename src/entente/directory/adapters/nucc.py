"""The provider taxonomy of the National Uniform Claim Committee, as users load it themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.reading import Reading, map_values
from entente.directory.adapters.tables import build
from entente.directory.domain.professions import profession_of
from entente.foundation.domain.identifiers import nucc_shape_ok

_COLUMNS = [
    Column("taxonomy_code", ("Code", "Taxonomy Code"), required=True),
    Column("grouping", ("Grouping", "Type")),
    Column("classification", ("Classification",), required=True),
    Column("specialization", ("Specialization",)),
    Column("display_name", ("Display Name",)),
    Column("section", ("Section",)),
]


def read_nucc(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read taxonomy codes; a code's second row and a code of another shape are refused.

    Parameters
    ----------
    path : pathlib.Path
        CSV, plain or gzip. Definitions and notes are not read.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Table ``taxonomy``, schema ``schemas.NUCC``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or has no code or no classification column.

    Notes
    -----
    Source of layout: NUCC Health Care Provider Taxonomy code set, CSV release. Wording drifts from
    release to release; ``row_hash`` tells the importer where it did.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    absent = frozenset(c.name for c in _COLUMNS if not source.header.has(c.name))
    seen: set[str] = set()
    for raw in source:
        reading = Reading(raw, source.header)
        code = pc.utf8_upper(reading.text("taxonomy_code"))
        texts = code.to_pylist()
        shaped = np.array([nucc_shape_ok(text) for text in texts], dtype=np.bool_)
        reading.refuse(
            "taxonomy_code", ~shaped, "Write the code's 10 characters, the last of them an X."
        )
        again = np.zeros(len(texts), dtype=np.bool_)
        for row in np.flatnonzero(shaped):
            again[row] = texts[row] in seen
            seen.add(texts[row])
        reading.refuse("taxonomy_code", again, "The code stands twice in the file; keep one row.")
        columns = {column.name: reading.text(column.name) for column in _COLUMNS[1:]}
        columns |= {"line": pa.array(reading.lines, pa.int64()), "taxonomy_code": code}
        columns |= {"profession": map_values(code, profession_of)}
        columns |= {"row_hash": reading.row_hash()}
        yield Chunk(
            tables={"taxonomy": build(schemas.NUCC, columns, reading.keep)},
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
            absent=absent,
        )
