"""Open files of facts, CSV or Parquet, as a stream of Arrow batches; refuse what is malformed."""

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from .domain.facts import FACTS

BLOCK_BYTES = 4 << 20
BATCH_ROWS = 65_536
_FIELD_LIMIT = 1 << 20


class BadFile(ValueError):
    """A file that is refused: code, file, line and column where known, why, and the remedy."""

    def __init__(
        self, code: str, file: str, why: str, remedy: str, *, line: int | None = None,
        column: str | None = None,
    ) -> None:  # fmt: skip
        place = file + (f", line {line}" if line else "") + (f", column {column}" if column else "")
        super().__init__(f"GATE-{code}: {place}: {why}. {remedy}")
        self.line = line
        self.column = column


def csv_batches(stream: Any, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows below the first line of a stream of CSV; cells are texts, empty ones null."""
    try:
        reader = pa_csv.open_csv(
            stream,
            pa_csv.ReadOptions(block_size=BLOCK_BYTES, column_names=list(names), skip_rows=1),
            pa_csv.ParseOptions(newlines_in_values=True),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV file" in str(error):
            return
        raise
    yield from reader


@dataclass(frozen=True)
class FactFile:
    """A file of facts: one row per act, a column `id`, and columns named as facts."""

    path: Path

    @property
    def is_parquet(self) -> bool:
        """Whether the file is Parquet, by its suffix."""
        return self.path.suffix.lower() in (".parquet", ".pq")

    @property
    def name(self) -> str:
        """The file's own name, for messages."""
        return self.path.name

    def _raw(self) -> Any:
        return gzip.open(self.path) if self.path.suffix.lower() == ".gz" else self.path.open("rb")

    def _text(self) -> Any:
        return io.TextIOWrapper(self._raw(), encoding="utf-8-sig", newline="")

    def columns(self) -> list[str]:
        """Read the column names and refuse unknown and repeated ones, and a missing `id`."""
        try:
            names = self._parquet_names() if self.is_parquet else self._csv_names()
        except (OSError, EOFError, UnicodeDecodeError, csv.Error, pa.ArrowException) as error:
            raise BadFile(
                "001",
                self.name,
                f"cannot be read: {error}",
                "Give CSV in UTF-8, .csv.gz or .parquet",
            ) from None
        seen: set[str] = set()
        for name in names:
            if name != "id" and name not in FACTS:
                raise BadFile(
                    "003", self.name, f"there is no fact {name!r}",
                    "`entente gate facts` lists them; rename or remove the column",
                    line=1, column=name,
                )  # fmt: skip
            if name in seen:
                raise BadFile(
                    "004",
                    self.name,
                    "the column stands there twice",
                    "Remove one",
                    line=1,
                    column=name,
                )
            seen.add(name)
        if "id" not in seen:
            raise BadFile(
                "005",
                self.name,
                "there is no column id",
                "Add one with a different value per row",
                line=1,
                column="id",
            )
        return names

    def _csv_names(self) -> list[str]:
        # Bytes, so that a bad letter further down is found, and named, where it stands.
        with self._raw() as raw:
            first = raw.readline(_FIELD_LIMIT).decode("utf-8-sig")
        names = next(csv.reader([first], strict=True), [])
        if not names:
            raise BadFile("002", self.name, "the file is empty", "Give a header line", line=1)
        return names

    def _parquet_names(self) -> list[str]:
        return list(pq.ParquetFile(self.path).schema_arrow.names)

    def batches(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield the rows; CSV cells are texts, empty ones null."""
        try:
            if self.is_parquet:
                yield from pq.ParquetFile(self.path).iter_batches(BATCH_ROWS)
            else:
                yield from self._csv_batches(names)
        except pa.ArrowException as error:
            raise self.located(error, len(names)) from None
        except (OSError, EOFError) as error:
            raise BadFile(
                "001", self.name, f"cannot be read: {error}", "Write the file anew"
            ) from None

    def _csv_batches(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        with pa.input_stream(str(self.path), compression="detect") as stream:
            yield from csv_batches(stream, names)

    def located(self, error: Exception, n_columns: int) -> BadFile:
        """Find the malformed line by a slow, plain reading; only a refused file pays for it."""
        if not self.is_parquet:
            try:
                with self._text() as text:
                    rows = csv.reader(text, strict=True)
                    for row in rows:
                        if row and len(row) != n_columns:
                            return BadFile(
                                "006", self.name,
                                f"{len(row)} cells where the header has {n_columns}",
                                "Quote cells that hold commas", line=rows.line_num,
                            )  # fmt: skip
            except UnicodeDecodeError:
                return BadFile(
                    "007", self.name, "not UTF-8", "Save the file as UTF-8", line=self._bad_utf8()
                )
            except csv.Error as wrong:
                return BadFile(
                    "006", self.name, str(wrong), "Close every quote", line=rows.line_num
                )
        return BadFile("001", self.name, str(error).split("\n")[0][:200], "Write the file anew")

    def _bad_utf8(self) -> int:
        with self._raw() as raw:
            for number, line in enumerate(raw, 1):
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    return number
        return 1

    def line_of(self, row: int) -> int:
        """Find the line of a row (from 0); for Parquet its number from 1."""
        if self.is_parquet:
            return row + 1
        with self._text() as text:
            rows = csv.reader(text)
            next(rows)
            filled = (rows.line_num for cells in rows if cells)
            for number, line in enumerate(filled):
                if number == row:
                    return line
        return row + 2
