"""Price files: what one unit of a product costs in a country, from a day."""

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
from entente.foundation.domain.money import MoneyError, to_minor

_AMOUNT = "Write the price as the currency counts it, such as 12.50 for USD or 1900 for JPY."
_COLUMNS = [
    Column("product", ("product", "product name"), required=True),
    Column("country", ("country",), required=True),
    Column("currency", ("currency",), required=True),
    Column("unit", ("unit",), required=True),
    Column("amount", ("amount", "price"), required=True),
    Column("from_on", ("from_on", "from"), required=True),
]


def _minor(pair: str) -> int | None:
    currency, _, amount = pair.partition("|")
    try:
        found = to_minor(amount, currency)
    except MoneyError:
        return None
    return found if 0 <= found <= 10**15 else None


def read_prices(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read prices, one a row.

    Parameters
    ----------
    path : pathlib.Path
        CSV with columns ``product``, ``country``, ``currency``, ``unit``, ``amount`` (a decimal,
        no separators) and ``from_on``; plain or gzip.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Table ``prices``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or lacks a column.

    Notes
    -----
    Source: the platform's own layout. An amount the currency cannot hold is refused, not rounded.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    for raw in source:
        reading = Reading(raw, source.header)
        reading.require("product", "Name the product.")
        reading.require("unit", "Say what one of it is, for example pack of 28.")
        country = map_values(reading.text("country"), country_of)
        reading.refuse("country", null_mask(country), COUNTRY_REMEDY)
        currency = pc.utf8_upper(reading.text("currency"))
        pair = pc.binary_join_element_wise(currency, reading.text("amount"), "|")
        amount = map_values(pair, _minor, pa.int64())
        reading.refuse("amount", null_mask(amount), _AMOUNT)
        begun = reading.days("from_on")
        reading.refuse("from_on", null_mask(reading.text("from_on")), DAY_REMEDY)
        columns = {
            "line": pa.array(reading.lines, pa.int64()),
            "product": reading.text("product"),
            "country": country,
            "currency": currency,
            "unit": pc.utf8_slice_codeunits(reading.text("unit"), 0, 60),
            "amount_minor": amount,
            "from_on": begun,
            "row_hash": reading.row_hash(),
        }
        yield Chunk(
            tables={"prices": build(schemas.PRICES, columns, reading.keep)},
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
        )
