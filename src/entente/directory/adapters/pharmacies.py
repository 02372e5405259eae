"""State credential lists of pharmacies: organisations that have no NPI here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.places import read_place
from entente.directory.adapters.reading import Reading, key_of
from entente.directory.adapters.tables import build

CREDENTIAL_SYSTEM = "us-ct-credential"
CREDENTIAL_ID_SYSTEM = "us-ct-credential-id"
_COLUMNS = [
    Column("credential", ("Credential", "Credential Number"), required=True),
    Column("name", ("Pharmacy-Name", "Pharmacy Name", "Name"), required=True),
    Column("address_line1", ("Address",)),
    Column("city", ("City",)),
    Column("state", ("State",)),
    Column("zip", ("Zip", "ZIP Code")),
    Column("phone", ("Phone",)),
    Column("credential_id", ("CredentialId", "Credential Id")),
]


def read_pharmacies(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read pharmacies, each with its identifiers as (system, value) pairs.

    Parameters
    ----------
    path : pathlib.Path
        CSV, plain or gzip; a Location column with line breaks may stand in it and is not read.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Tables ``hcos`` (system ``us-ct-credential``) and ``identifiers``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or has no credential or name.

    Notes
    -----
    Source of layout: Connecticut eLicense roster of pharmacies.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    absent = frozenset(c.name for c in _COLUMNS if not source.header.has(c.name))
    for raw in source:
        reading = Reading(raw, source.header)
        reading.require("credential", "A pharmacy needs its credential number.")
        reading.require("name", "A pharmacy needs a name.")
        n_rows = len(reading.lines)
        columns = {
            **read_place(reading, default_country="US"),
            "line": pa.array(reading.lines, pa.int64()),
            "system": pa.array([CREDENTIAL_SYSTEM] * n_rows, pa.string()),
            "value": reading.text("credential"),
            "name": reading.text("name"),
            "kind": pa.array(["Pharmacy"] * n_rows, pa.string()),
            "is_active": pa.array(np.ones(n_rows, dtype=np.bool_)),
            "value_restored": pa.array(np.zeros(n_rows, dtype=np.bool_)),
            "name_key": key_of(reading.text("name")),
            "row_hash": reading.row_hash(),
        }
        yield Chunk(
            tables={
                "hcos": build(schemas.HCOS, columns, reading.keep),
                "identifiers": _identifiers(reading, columns),
            },
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
            absent=absent,
        )


def _identifiers(reading: Reading, columns: dict[str, pa.Array]) -> pa.Table:
    own = {"hco_system": columns["system"], "hco_value": columns["value"], **columns}
    second = reading.text("credential_id")
    systems = pa.array([CREDENTIAL_ID_SYSTEM] * len(second), pa.string())
    other = {**own, "system": systems, "value": second}
    has_second = reading.keep & second.is_valid().to_numpy(False)
    return pa.concat_tables(
        [
            build(schemas.IDENTIFIERS, own, reading.keep),
            build(schemas.IDENTIFIERS, other, has_second),
        ]
    )
