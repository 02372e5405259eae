"""Product files: what is approved where, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.reading import (
    COUNTRY_REMEDY,
    DAY_REMEDY,
    Reading,
    map_values,
    null_mask,
)
from entente.directory.adapters.tables import build
from entente.directory.adapters.values import country_of

YES_NO = ("yes", "no", "true", "false")
NATURES = ("brand", "solution")
KINDS = ("medicine", "device", "diagnostic", "service", "software")
_COLUMNS = [
    Column("product", ("product", "product name", "name"), required=True),
    Column("kind", ("kind",)),
    Column("owner", ("owner",)),
    Column("country", ("country",), required=True),
    Column("approved_on", ("approved_on", "approval date"), required=True),
    Column("ended_on", ("ended_on", "withdrawn_on")),
    Column("indication", ("indication",)),
    Column("authority_ref", ("authority_ref", "approval number")),
    Column("boxed_warning", ("boxed_warning", "boxed warning")),
    Column("accelerated", ("accelerated", "accelerated approval")),
    Column("nature", ("nature", "brand or solution")),
]


def read_products(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read products and their approvals, one row per product and country.

    Parameters
    ----------
    path : pathlib.Path
        CSV with columns ``product``, ``country``, ``approved_on`` and, where known, ``kind``
        (medicine, device, diagnostic, service, software), ``nature`` (brand where left empty, or
        solution), ``owner``, ``ended_on``, ``indication``, ``authority_ref``, and
        ``boxed_warning`` and ``accelerated`` (yes or no; no where left empty); plain or gzip.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Table ``products``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or lacks a column.

    Notes
    -----
    Source: the platform's own layout. An approval that ends before it begins is refused.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    absent = frozenset(c.name for c in _COLUMNS if not source.header.has(c.name))
    for raw in source:
        reading = Reading(raw, source.header)
        reading.require("product", "Name the product.")
        country = map_values(reading.text("country"), country_of)
        reading.refuse("country", null_mask(country), COUNTRY_REMEDY)
        approved, ended = reading.days("approved_on"), reading.days("ended_on")
        reading.refuse("approved_on", null_mask(reading.text("approved_on")), DAY_REMEDY)
        ends_first = pc.fill_null(pc.less(ended, approved), False).to_numpy(False)
        reading.refuse("ended_on", ends_first, "Give an end on or after the day of approval.")
        kind = pc.utf8_lower(reading.text("kind"))
        known = pc.is_in(kind, pa.array(KINDS))
        odd = ~null_mask(kind) & ~known.to_numpy(False)
        reading.refuse("kind", odd, "Write one of " + ", ".join(KINDS) + ".")
        columns = {
            "line": pa.array(reading.lines, pa.int64()),
            "country": country,
            "approved_on": approved,
            "ended_on": ended,
            "kind": kind,
            "row_hash": reading.row_hash(),
        }
        for name in ("boxed_warning", "accelerated"):
            said = pc.utf8_lower(reading.text(name))
            odd = ~null_mask(said) & ~pc.is_in(said, pa.array(YES_NO)).to_numpy(False)
            reading.refuse(name, odd, "Write yes or no.")
            columns[name] = said
        nature = pc.utf8_lower(reading.text("nature"))
        odd = ~null_mask(nature) & ~pc.is_in(nature, pa.array(NATURES)).to_numpy(False)
        reading.refuse("nature", odd, "Write one of " + ", ".join(NATURES) + ".")
        columns["nature"] = nature
        for name in ("product", "owner", "indication", "authority_ref"):
            columns[name] = reading.text(name)
        yield Chunk(
            tables={"products": build(schemas.PRODUCTS, columns, reading.keep)},
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
            absent=absent,
        )
