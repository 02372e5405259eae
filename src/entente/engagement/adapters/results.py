"""Files of results: figures of placements by day, and what became of messages to people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.reading import DAY_REMEDY, Reading, map_values, null_mask
from entente.directory.adapters.tables import build
from entente.engagement.domain.media_results import MEASURES, ResultRow
from entente.engagement.domain.message_outcomes import REMEDY, outcome_of

NUMBER = "Write a whole number from 0, such as 1250."
NO_FIGURE = "Tell at least one figure, or leave the row out."
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_MOST = 10**15

_COLUMNS = [
    Column("date", ("date", "day", "reporting date"), required=True),
    Column(
        "reference",
        ("placement reference", "placement", "reference", "placement id", "utm_content"),
        required=True,
    ),
    *(Column(code, (code, words, *others)) for code, (words, others) in MEASURES.items()),
    Column("spend", ("spend", "cost", "amount spent", "media cost")),
    Column("currency", ("currency", "currency code")),
]
RESULTS = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("reference", pa.string(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        *(pa.field(code, pa.int64()) for code in MEASURES),
        pa.field("spend", pa.string()),
        pa.field("currency", pa.string()),
        pa.field("row_hash", pa.string(), nullable=False),
    ]
)
_OUTCOME_COLUMNS = [
    Column("message_id", ("message_id", "message id", "id", "external id"), required=True),
    Column("outcome", ("outcome", "status", "result", "event"), required=True),
    Column("at", ("at", "time", "timestamp", "date", "moment")),
]
OUTCOMES = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("message_id", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("row_hash", pa.string(), nullable=False),
    ]
)


def whole_number(text: str) -> int | None:
    """Read a count, with or without commas between thousands.

    Examples
    --------
    >>> whole_number("1,250"), whole_number("1250"), whole_number("12.5"), whole_number("1,25")
    (1250, 1250, None, None)
    """
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not (text.isascii() and text.isdecimal()) or len(text) > 16:
        return None
    found = int(text)
    return found if found <= _MOST else None


def read_results(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read figures of placements, one placement and day a row.

    Parameters
    ----------
    path : pathlib.Path
        CSV with date, placement reference and any of the figures; capitals, order and the
        usual other names of a column do not matter. Plain or gzip.

    Yields
    ------
    Chunk
        Table ``results``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or lacks date or reference.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    for raw in source:
        reading = Reading(raw, source.header)
        reading.require("reference", "Write the placement's reference, such as PL-7K2M9Q4T.")
        reading.require("date", DAY_REMEDY)
        columns: dict[str, Any] = {
            "line": pa.array(reading.lines, pa.int64()),
            "reference": reading.text("reference"),
            "day": reading.days("date"),
            "spend": reading.text("spend"),
            "currency": reading.text("currency"),
            "row_hash": reading.row_hash(),
        }
        told = ~null_mask(reading.text("spend"))
        for code in MEASURES:
            given = reading.text(code)
            columns[code] = map_values(given, whole_number, pa.int64())
            reading.refuse(code, ~null_mask(given) & null_mask(columns[code]), NUMBER)
            told |= ~null_mask(given)
        reading.refuse("reference", ~told, NO_FIGURE)
        yield Chunk(
            tables={"results": build(RESULTS, columns, reading.keep)},
            refused=reading.refused,
            n_read=reading.n_read,
        )


def staged_result(row: dict[str, Any]) -> ResultRow:
    """Give a row back from its staged form."""
    return ResultRow(
        line=row["line"],
        reference=row["reference"],
        on=row["day"],
        counts={code: row[code] for code in MEASURES if row[code] is not None},
        spend=row["spend"] or "",
        currency=(row["currency"] or "").upper(),
    )


def read_outcomes(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read what became of messages, one message a row.

    Parameters
    ----------
    path : pathlib.Path
        CSV with message_id as it stood in the list, outcome (delivered, failed, opted out or
        STOP, complaint) and, if known, the moment. Plain or gzip.

    Yields
    ------
    Chunk
        Table ``outcomes``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or lacks a column.
    """
    source = CsvSource(path, _OUTCOME_COLUMNS, chunk_rows)
    for raw in source:
        reading = Reading(raw, source.header)
        reading.require("message_id", "Write the message_id as it stood in the list.")
        outcome = map_values(reading.text("outcome"), lambda text: outcome_of(text) or None)
        reading.refuse("outcome", null_mask(outcome), REMEDY)
        columns = {
            "line": pa.array(reading.lines, pa.int64()),
            "message_id": reading.text("message_id"),
            "outcome": outcome,
            "at": reading.moments("at"),
            "row_hash": reading.row_hash(),
        }
        yield Chunk(
            tables={"outcomes": build(OUTCOMES, columns, reading.keep)},
            refused=reading.refused,
            n_read=reading.n_read,
        )
