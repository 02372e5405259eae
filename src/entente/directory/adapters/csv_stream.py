"""A CSV file as a stream of text columns, read by header name in bounded memory.

Plain or gzip, comma, semicolon, tab or bar, UTF-8 (with or without a mark) or Windows-1252, any
line end, line breaks inside quotes. Only the wanted columns are converted, whatever the width.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from entente.directory.adapters.chunks import VALUE_LIMIT, Refusal, RegistryFileError
from entente.directory.adapters.headers import Column, Header, read_header

# A block holds at least one record; 4 MiB is some 3,500 rows of the widest file (330 columns).
_BLOCK_BYTES = 4 << 20
# Refusals wait in memory for the next good row; a file that is broken throughout is given up.
_MAX_BROKEN = 50_000


@dataclass(frozen=True, slots=True)
class RawChunk:
    """Wanted columns of some rows, trimmed, empty as null, with the record number of each row."""

    columns: dict[str, pa.Array]
    lines: NDArray[np.int64]
    refused: list[Refusal]
    n_read: int


class _QuoteCounter:
    """A byte stream that counts quotes, since an odd number means one was never closed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.closed = False
        self.n_quotes = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.n_quotes += data.count(b'"')
        return data

    def close(self) -> None:
        self.closed = True
        self._stream.close()

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False


class CsvSource:
    """One CSV file and the columns wanted of it.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    columns : sequence of Column
        What is wanted, with the names it goes by over the years.
    chunk_rows : int
        Upper bound of the rows of a chunk.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or a required column is missing.
    """

    def __init__(self, path: Path, columns: Sequence[Column], chunk_rows: int) -> None:
        if chunk_rows < 1:
            raise ValueError(f"chunk_rows is {chunk_rows}; it must be at least 1")
        self.path = path
        self.chunk_rows = chunk_rows
        self.header: Header = read_header(path, columns)
        self._skipped: dict[int, Refusal] = {}
        self._open_ended = 0

    def __iter__(self) -> Iterator[RawChunk]:
        with _open(self.path) as stream:
            counter = _QuoteCounter(stream)
            try:
                yield from self._chunks(counter)
            except pa.ArrowInvalid:
                raise self._unreadable() from None
            except (EOFError, OSError, zlib.error):
                raise RegistryFileError(
                    f"IMPORT-004: {self.path.name} breaks off or is damaged inside its "
                    "compression; fetch it again."
                ) from None

    def _unreadable(self) -> RegistryFileError:
        if len(self._skipped) > _MAX_BROKEN:
            return RegistryFileError(
                f"IMPORT-009: {self.path.name} has more than {_MAX_BROKEN:,} records in a row "
                "whose fields do not fit the header; check the separator and the quotation marks."
            )
        return RegistryFileError(
            f"IMPORT-005: {self.path.name} has a record longer than {_BLOCK_BYTES >> 20} MiB; "
            'look for a quotation mark (") that is opened and never closed.'
        )

    def _chunks(self, counter: _QuoteCounter) -> Iterator[RawChunk]:
        # The last column is always read: an open quotation mark swallows the rest into it.
        wanted = {str(place) for place in self.header.positions.values()}
        wanted.add(str(self.header.n_columns - 1))
        reader = pacsv.open_csv(
            pa.PythonFile(cast(Any, counter), mode="r"),
            read_options=pacsv.ReadOptions(
                use_threads=False,  # rows are numbered only by a single thread
                block_size=_BLOCK_BYTES,
                column_names=[str(place) for place in range(self.header.n_columns)],
                skip_rows_after_names=1,
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=self.header.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=self._skip,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types={place: pa.binary() for place in wanted},
                include_columns=sorted(wanted),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        next_line, last_line = 2, 1
        for batch in reader:
            lines = self._number(next_line, batch.num_rows)
            if batch.num_rows:
                next_line = int(lines[-1]) + 1
                last = batch.slice(batch.num_rows - 1).to_pylist()[0].values()
                if any(b"\n" in value for value in last):
                    self._open_ended = max(self._open_ended, int(lines[-1]))
            for start in range(0, batch.num_rows, self.chunk_rows):
                part = batch.slice(start, self.chunk_rows)
                yield self._raw(part, lines[start : start + self.chunk_rows])
            last_line = next_line - 1
        last_line = max([last_line, *self._skipped])
        if counter.n_quotes % 2 and self._open_ended == last_line:
            raise RegistryFileError(
                f"IMPORT-006: {self.path.name}, record {last_line}: a quotation mark is opened and "
                "never closed, so the rest of the file was swallowed. Close it and import again."
            )
        if self._skipped:
            yield self._rest()

    def _rest(self) -> RawChunk:
        refused = self._take_skipped(None)
        columns = {name: pa.array([], pa.string()) for name in self.header.positions}
        return RawChunk(columns, np.zeros(0, dtype=np.int64), refused, len(refused))

    def _take_skipped(self, up_to: int | None) -> list[Refusal]:
        lines = [line for line in sorted(self._skipped) if up_to is None or line <= up_to]
        taken = [self._skipped.pop(line) for line in lines]
        return [refusal for refusal in taken if refusal.field]

    def _skip(self, row: Any) -> str:
        if row.text.strip():
            remedy = (
                f"This record has {row.actual_columns} fields, the header {row.expected_columns}; "
                "look for a missing quotation mark or a stray separator."
            )
            value = row.text[:VALUE_LIMIT]
            self._skipped[row.number] = Refusal(row.number, "row", value, remedy)
        else:
            self._skipped[row.number] = Refusal(row.number, "", "", "")
        if "\n" in row.text:
            self._open_ended = max(self._open_ended, row.number)
        return "error" if len(self._skipped) > _MAX_BROKEN else "skip"

    def _number(self, first: int, n_rows: int) -> NDArray[np.int64]:
        """Number good records, leaving out the numbers of those skipped between them."""
        taken = [line for line in self._skipped if line >= first]
        span = np.arange(first, first + n_rows + len(taken), dtype=np.int64)
        return span[~np.isin(span, taken)][:n_rows]

    def _raw(self, batch: pa.RecordBatch, lines: NDArray[np.int64]) -> RawChunk:
        texts = {
            name: _text(batch.column(batch.schema.get_field_index(str(place))))
            for name, place in self.header.positions.items()
        }
        refused = self._take_skipped(int(lines[-1]))
        n_broken = len(refused)
        filled = _any_filled(texts, len(lines))
        keep = filled.copy()
        for name, values in texts.items():
            if values.null_count < len(lines) and pc.any(pc.match_substring(values, "\0")).as_py():
                holed = pc.fill_null(pc.match_substring(values, "\0"), False).to_numpy(False)
                refused += [
                    Refusal(
                        int(lines[row]),
                        self.header.spelling(name),
                        str(values[row].as_py()).replace("\0", "\\0")[:VALUE_LIMIT],
                        "Remove the NUL character.",
                    )
                    for row in np.flatnonzero(holed)
                ]
                keep &= ~holed
        n_read = int(filled.sum()) + n_broken
        if not keep.all():
            mask = pa.array(keep)
            texts = {name: values.filter(mask) for name, values in texts.items()}
            lines = lines[keep]
        return RawChunk(texts, lines, refused, n_read)


def _open(path: Path) -> BinaryIO:
    stream = path.open("rb")
    zipped = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if zipped else stream


def _text(values: pa.Array) -> pa.Array:
    """Read bytes as UTF-8, and those that are not as Windows-1252; trim; empty becomes null."""
    # Most columns of a wide file are empty for thousands of rows; its offsets say so at once.
    ends = np.frombuffer(values.buffers()[1], np.int32)[values.offset :][: len(values) + 1]
    if len(values) == 0 or ends[0] == ends[-1]:
        return pa.nulls(len(values), pa.string())
    try:
        texts = values.cast(pa.string())
    except pa.ArrowInvalid:
        texts = pa.array([_decode(value.as_py()) for value in values], pa.string())
    texts = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace")


def _any_filled(texts: dict[str, pa.Array], n_rows: int) -> NDArray[np.bool_]:
    filled = np.zeros(n_rows, dtype=np.bool_)
    for values in texts.values():
        if values.null_count == 0:
            return np.ones(n_rows, dtype=np.bool_)
        filled |= values.is_valid().to_numpy(False)
    return filled


__all__ = ["Column", "CsvSource", "RawChunk"]
