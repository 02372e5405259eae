"""Address files: the e-mail address at which a person may be reached, by NPI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.reading import Reading, map_values, null_mask
from entente.directory.adapters.tables import build
from entente.directory.adapters.values import email_of

_COLUMNS = [
    Column("npi", ("npi",), required=True),
    Column("email", ("email", "e-mail", "email address"), required=True),
]


def read_contacts(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read e-mail addresses.

    Parameters
    ----------
    path : pathlib.Path
        CSV with columns ``npi`` and ``email``, plain or gzip.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Table ``contacts``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or lacks a column.

    Notes
    -----
    Source: the platform's own layout. An address is no permission to use it.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    for raw in source:
        reading = Reading(raw, source.header)
        npi = reading.npi()
        email = map_values(reading.text("email"), email_of)
        reading.refuse("email", null_mask(email), "Write one address such as name@clinic.example.")
        columns = {"line": pa.array(reading.lines, pa.int64()), "npi": npi, "email": email}
        columns |= {"row_hash": reading.row_hash()}
        yield Chunk(
            tables={"contacts": build(schemas.CONTACTS, columns, reading.keep)},
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
        )
