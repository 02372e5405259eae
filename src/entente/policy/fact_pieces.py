"""Cut a file of facts where a row ends, so that many machines read one file side by side."""

# mypy: disable-error-code="untyped-decorator"

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numba as nb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .fact_files import BATCH_ROWS, FactFile, csv_batches

PIECE_BYTES = 32 << 20
_START, _INSIDE, _QUOTED, _QUOTE_SEEN = range(4)
_COMMA, _QUOTE, _FEED, _RETURN = b',"\n\r'


@dataclass(frozen=True)
class Piece:
    """A span of a file, up to before `last`: row groups of Parquet, bytes of CSV.

    Without `last` it is all of a compressed file, which cannot be entered in the middle.
    """

    first: int
    last: int | None


@nb.njit(cache=True, nogil=True)
def _last_row_end(letters: Any, state: int) -> tuple[int, int]:
    """Find the last row end in a block (0 if none) and the state in which the block ends.

    As Arrow reads CSV: only a quote at the start of a cell opens one that may hold line breaks.
    """
    end = 0
    for i in range(letters.shape[0]):
        letter = letters[i]
        if state == _QUOTED:
            if letter == _QUOTE:
                state = _QUOTE_SEEN
        elif letter == _QUOTE and state != _INSIDE:
            state = _QUOTED
        elif letter == _FEED:
            state = _START
            end = i + 1
        elif letter in (_COMMA, _RETURN):
            state = _START
        else:
            state = _INSIDE
    return end, state


def _csv_pieces(file: FactFile, piece_bytes: int) -> Iterator[Piece]:
    first, read, state = 0, 0, _START
    with file.path.open("rb") as raw:
        while block := raw.read(piece_bytes):
            end, state = _last_row_end(np.frombuffer(block, np.uint8), state)
            if end:
                yield Piece(first, read + end)
                first = read + end
            read += len(block)
    if first < read:
        yield Piece(first, read)


def _parquet_pieces(file: FactFile, piece_bytes: int) -> Iterator[Piece]:
    groups = pq.ParquetFile(file.path).metadata
    first, held = 0, 0
    for group in range(groups.num_row_groups):
        held += groups.row_group(group).total_byte_size
        if held >= piece_bytes or group == groups.num_row_groups - 1:
            yield Piece(first, group + 1)
            first, held = group + 1, 0


def pieces_of(file: FactFile, piece_bytes: int = PIECE_BYTES) -> list[Piece]:
    """Cut a file into pieces of whole rows, in its order, of about `piece_bytes` each."""
    if file.is_parquet:
        return list(_parquet_pieces(file, piece_bytes))
    if file.path.suffix.lower() == ".gz":
        return [Piece(0, None)]
    return list(_csv_pieces(file, piece_bytes))


def batches_of(file: FactFile, names: Sequence[str], piece: Piece) -> Iterator[pa.RecordBatch]:
    """Yield the rows of one piece as `FactFile.batches` yields those of the file.

    Raises
    ------
    pa.ArrowException, OSError
        As they come; `FactFile.located` finds the line.
    """
    if file.is_parquet:
        groups = list(range(piece.first, piece.last or 0))
        yield from pq.ParquetFile(file.path).iter_batches(BATCH_ROWS, row_groups=groups)
    elif piece.last is None:
        with pa.input_stream(str(file.path), compression="detect") as stream:
            yield from csv_batches(stream, names)
    else:
        with file.path.open("rb") as raw:
            raw.seek(piece.first)
            letters = raw.read(piece.last - piece.first)
        # The reader skips one line: in the first piece that is the header.
        head = b"\n" if piece.first else b""
        yield from csv_batches(pa.BufferReader(head + letters), names)
