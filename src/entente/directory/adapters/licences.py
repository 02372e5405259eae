"""Licence files: states of licences to practise, by NPI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.reading import COUNTRY_REMEDY, Reading, map_values, null_mask
from entente.directory.adapters.tables import build
from entente.directory.adapters.values import country_of

KINDS = ("practise", "prescribe", "dispense")
STATUSES = ("active", "suspended", "revoked", "surrendered", "lapsed")
_COLUMNS = [
    Column("npi", ("npi",), required=True),
    Column("country", ("country",), required=True),
    Column("region", ("state", "region")),
    Column("number", ("number", "licence number", "license number"), required=True),
    Column("kind", ("kind",)),
    Column("status", ("status",), required=True),
    Column("from_on", ("from_on", "issued_on")),
    Column("expires_on", ("expires_on", "expiration date")),
    Column("verified_on", ("verified_on",)),
]


def read_licences(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read states of licences, one a row.

    Parameters
    ----------
    path : pathlib.Path
        CSV with columns ``npi``, ``country``, ``number``, ``status`` (active, suspended,
        revoked, surrendered, lapsed) and, where known, ``state``, ``kind`` (practise where left
        empty, prescribe, dispense), ``from_on``, ``expires_on`` (the last day),
        ``verified_on``; plain or gzip.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Table ``licences``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or lacks a column.

    Notes
    -----
    Source: the platform's own layout. In the United States the state is needed.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    for raw in source:
        reading = Reading(raw, source.header)
        npi = reading.npi()
        country = map_values(reading.text("country"), country_of)
        reading.refuse("country", null_mask(country), COUNTRY_REMEDY)
        region = pc.utf8_upper(reading.text("region"))
        in_us = pc.fill_null(pc.equal(country, "US"), False).to_numpy(False)
        reading.refuse("region", in_us & null_mask(region), "Name the state, for example CT.")
        reading.require("number", "Give the number of the licence.")
        kind = pc.fill_null(pc.utf8_lower(reading.text("kind")), "practise")
        odd = ~pc.is_in(kind, pa.array(KINDS)).to_numpy(False)
        reading.refuse("kind", odd, "Write one of " + ", ".join(KINDS) + ".")
        status = reading.one_of("status", STATUSES)
        days = {name: reading.days(name) for name in ("from_on", "expires_on", "verified_on")}
        early = pc.fill_null(pc.less(days["expires_on"], days["from_on"]), False).to_numpy(False)
        reading.refuse("expires_on", early, "Give a last day on or after the first.")
        columns = {
            "line": pa.array(reading.lines, pa.int64()),
            "npi": npi,
            "country": country,
            "region": region,
            "number": reading.text("number"),
            "kind": kind,
            "status": status,
            "row_hash": reading.row_hash(),
            **days,
        }
        yield Chunk(
            tables={"licences": build(schemas.LICENCES, columns, reading.keep)},
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
        )
