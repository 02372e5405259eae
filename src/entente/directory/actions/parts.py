"""Load a long file part by part, each wholly or not at all, and go on where a load was left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from entente.directory.actions.loading import (
    FileKind,
    ImportCounts,
    Place,
    Progress,
    begin,
    bring_in,
    keep_record,
)
from entente.directory.actions.refused import RefusedRows
from entente.directory.adapters.chunks import Chunk
from entente.directory.models import SourceLoad
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

PART_ROWS = 250_000


class Ahead:
    """Chunks of which one can tell whether there is another."""

    def __init__(self, chunks: Iterator[Chunk]) -> None:
        self._chunks = chunks
        self._next = next(chunks, None)

    @property
    def is_empty(self) -> bool:
        """Whether no chunk is left."""
        return self._next is None

    def take(self, n_rows: int) -> Iterator[Chunk]:
        """Yield chunks until so many rows were read or none is left."""
        n_read = 0
        while self._next is not None and n_read < n_rows:
            chunk, self._next = self._next, next(self._chunks, None)
            n_read += chunk.n_read
            yield chunk


def place_to_go_on(kind: FileKind, digest: str) -> Place:
    """Tell where a load of this very file was left; at its beginning if none was."""
    scope = current_scope()
    scope.require(kind.capability)
    last = (
        SourceLoad.objects.filter(org_id=scope.org_id, kind=kind.name, file_hash=digest)
        .order_by("-id")
        .first()
    )
    if last is None or last.is_last:
        return Place()
    if last.outcome != SourceLoad.Outcome.USED:
        # The part changed no record; its source may have a lower bar by now.
        return Place(part=last.part, rows_before=last.rows_before)
    return Place(part=last.part + 1, rows_before=last.rows_before + last.n_read)


def load_part(
    kind: FileKind,
    file_name: str,
    digest: str,
    chunks: Ahead,
    place: Place,
    *,
    at: datetime,
    progress: Progress | None = None,
    refused_path: Path | None = None,
    part_rows: int = PART_ROWS,
) -> ImportCounts:
    """Load the next part of a file.

    Writes the rows, one ``SourceLoad`` and one ledger entry, in one transaction.

    Raises
    ------
    UserError
        If another process has loaded this part meanwhile.
    """
    scope = current_scope()
    scope.require(kind.capability)
    lock(f"directory.load:{kind.name}")
    now = place_to_go_on(kind, digest)
    if (now.part, now.rows_before) != (place.part, place.rows_before):
        raise UserError(
            f"{file_name} is being loaded by another process; wait until that one has ended"
        )
    refused = RefusedRows(refused_path)
    try:
        load = begin(at, refused)
        bring_in(kind, load, chunks.take(part_rows), progress)
    except BaseException:
        refused.abandon()
        raise
    refused.close()
    through = Place(place.part, place.rows_before, is_last=chunks.is_empty)
    keep_record(kind, load, file_name, digest, through)
    return load.counts
