"""CMS Hospital General Information: hospitals keyed by CMS Certification Number."""

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
from entente.directory.adapters.places import read_place
from entente.directory.adapters.reading import Reading, key_of, map_values, null_mask
from entente.directory.adapters.tables import build
from entente.foundation.domain.identifiers import restore_ccn

CCN_REMEDY = "Write the 6 characters of the CMS Certification Number as text."
_COLUMNS = [
    Column("ccn", ("Facility ID", "Provider ID", "CCN", "Provider Number"), required=True),
    Column("name", ("Facility Name", "Hospital Name"), required=True),
    Column("address_line1", ("Address", "Address 1")),
    Column("city", ("City/Town", "City")),
    Column("state", ("State",)),
    Column("zip", ("ZIP Code",)),
    Column("phone", ("Telephone Number", "Phone Number")),
    Column("kind", ("Hospital Type",)),
    Column("ownership", ("Hospital Ownership",)),
]


def read_hospitals(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read hospitals, giving CCNs and ZIP codes back the zeros a spreadsheet took.

    Parameters
    ----------
    path : pathlib.Path
        CSV, plain or gzip.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Tables ``hcos`` (system ``ccn``) and ``identifiers``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or has no facility id or name.

    Notes
    -----
    Source of layout: CMS Provider Data Catalog, Hospital General Information.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    absent = frozenset(c.name for c in _COLUMNS if not source.header.has(c.name))
    for raw in source:
        reading = Reading(raw, source.header)
        written = reading.text("ccn")
        ccn = map_values(written, restore_ccn)
        reading.refuse("ccn", null_mask(ccn), CCN_REMEDY)
        reading.require("name", "A hospital needs a name.")
        n_rows = len(reading.lines)
        same_length = pc.equal(pc.utf8_length(written), pc.utf8_length(ccn))
        columns = {
            **read_place(reading, default_country="US"),
            "line": pa.array(reading.lines, pa.int64()),
            "system": pa.array(["ccn"] * n_rows, pa.string()),
            "value": ccn,
            "name": reading.text("name"),
            "kind": reading.text("kind"),
            "ownership": reading.text("ownership"),
            "is_active": pa.array(np.ones(n_rows, dtype=np.bool_)),
            "value_restored": pc.fill_null(pc.invert(same_length), False),
            "name_key": key_of(reading.text("name")),
            "row_hash": reading.row_hash(),
        }
        columns |= {"hco_system": columns["system"], "hco_value": ccn}
        yield Chunk(
            tables={
                "hcos": build(schemas.HCOS, columns, reading.keep),
                "identifiers": build(schemas.IDENTIFIERS, columns, reading.keep),
            },
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
            absent=absent,
        )
