"""Load a registry file: read in columns, stage, merge with set-based statements, record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import connection, transaction

from entente.directory.actions.judging import bar_of, judge_rows, why_not_used
from entente.directory.actions.refused import RefusedRows
from entente.directory.actions.staging import Cursor, copy_rows, make_staging
from entente.directory.adapters.chunks import Chunk
from entente.directory.models import SourceLoad
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.locks import lock
from entente.foundation.models import new_id

Progress = Callable[[int], None]
_BLOCK = 1 << 20
_ROOM = (
    "SELECT set_config('work_mem', '128MB', true),"
    " set_config('gin_pending_list_limit', '64MB', true)"
)


@dataclass
class ImportCounts:
    """What a load did, or in a dry run would do, by row of the file.

    ``notes`` are further counts, for example of affiliations whose hospital is not known.
    ``not_used`` says why the file changed no record, where too many of its rows were refused.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    read: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    dry_run: bool = False
    not_used: str = ""

    def add(self, fates: Mapping[str, int]) -> None:
        """Add counts by fate."""
        self.new += fates.get("new", 0)
        self.changed += fates.get("changed", 0)
        self.unchanged += fates.get("unchanged", 0)

    def note(self, name: str, n: int) -> None:
        """Add a further count, unless it is zero."""
        if n:
            self.notes[name] = self.notes.get(name, 0) + n

    def include(self, part: ImportCounts) -> None:
        """Add the counts of a part of the same file."""
        self.new += part.new
        self.changed += part.changed
        self.unchanged += part.unchanged
        self.refused += part.refused
        self.read += part.read
        for name, n in part.notes.items():
            self.note(name, n)


@dataclass(frozen=True)
class Place:
    """Where in a file a load begins; a file that is loaded at once is one part.

    Parameters
    ----------
    part : int
        From one on.
    rows_before : int
        Rows of the file that earlier parts have read.
    is_last : bool
        Whether nothing of the file is left after it.
    """

    part: int = 1
    rows_before: int = 0
    is_last: bool = True


@dataclass
class Load:
    """A load under way, as the merge of a kind of file sees it."""

    id: UUID
    org_id: UUID
    at: datetime
    dry_run: bool
    cursor: Cursor
    counts: ImportCounts
    refused: RefusedRows
    absent: frozenset[str] = frozenset()
    n_judged: int = 0
    n_complete: int = 0


@dataclass(frozen=True)
class FileKind:
    """A kind of file: how it is read, staged and merged.

    Parameters
    ----------
    name, capability : str
        The word after ``entente import``, and what a person needs to load it.
    staged : mapping
        Table of the reader to the schema of its staging table.
    read : callable
        From a path, and the rows to pass over where ``in_parts``, to chunks.
    merge : callable
        Brings what was staged into the tables, or only counts in a dry run.
    computed : mapping
        Table to the function that adds computed columns to its rows.
    in_parts : bool
        Whether a long file may be loaded part by part, because its rows stand alone.
    """

    name: str
    capability: str
    staged: Mapping[str, pa.Schema]
    read: Callable[..., Iterable[Chunk]]
    merge: Callable[[Load], None]
    computed: Mapping[str, Callable[[pa.Table], pa.Table]] = field(default_factory=dict)
    in_parts: bool = False

    def prepare(self, table: str, rows: pa.Table) -> pa.Table:
        """Add computed columns to the rows of a table."""
        compute = self.computed.get(table)
        return compute(rows) if compute else rows


def file_hash(path: Path) -> str:
    """Give the SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def run_load(
    kind: FileKind,
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load a file of a kind, wholly or not at all.

    Writes the rows, one ``SourceLoad`` with the counts and one ledger entry; a dry run
    writes nothing but the refused file. Loads of one kind wait for each other. A file of which
    more rows are refused than the bar of its source lets through changes no record; its load is
    kept and says why.

    Parameters
    ----------
    path : pathlib.Path
        Plain or gzip.
    progress : callable, optional
        Called with the number of rows read so far.
    refused_path : pathlib.Path, optional
        Gets what was not taken, with line, field, value and remedy.

    Raises
    ------
    RegistryFileError
        If the file cannot be read at all.
    """
    scope = current_scope()
    scope.require(kind.capability)
    lock(f"directory.load:{kind.name}")
    refused = RefusedRows(refused_path)
    try:
        counts = _run(kind, path, at, refused, dry_run=dry_run, progress=progress)
    except BaseException:
        refused.abandon()
        raise
    refused.close()
    return counts


def _run(
    kind: FileKind,
    path: Path,
    at: datetime,
    refused: RefusedRows,
    *,
    dry_run: bool,
    progress: Progress | None,
) -> ImportCounts:
    load = begin(at, refused, dry_run=dry_run)
    bring_in(kind, load, kind.read(path), progress)
    if not dry_run:
        keep_record(kind, load, path.name, file_hash(path), Place())
    return load.counts


def begin(at: datetime, refused: RefusedRows, *, dry_run: bool = False) -> Load:
    """Give a load that has read nothing yet."""
    counts = ImportCounts(dry_run=dry_run)
    return Load(new_id(), current_scope().org_id, at, dry_run, connection.cursor(), counts, refused)


def bring_in(
    kind: FileKind, load: Load, chunks: Iterable[Chunk], progress: Progress | None
) -> None:
    """Stage chunks and merge them; in a dry run only count."""
    cursor, counts, refused = load.cursor, load.counts, load.refused
    # Sorting and indexing what was staged happens in memory; it is given back at the end.
    cursor.execute(_ROOM)
    for table, schema in kind.staged.items():
        make_staging(cursor, f"stage_{table}", schema)
    for chunk in chunks:
        load.absent = chunk.absent
        refused.refuse(chunk.refused)
        refused.blank(chunk.blanked)
        for table in kind.staged:
            copy_rows(cursor, f"stage_{table}", kind.prepare(table, chunk.tables[table]))
        counts.read += chunk.n_read
        if progress is not None:
            progress(counts.read)
    for table in kind.staged:
        cursor.execute(f"ANALYZE stage_{table}")
    judge_rows(load, kind.staged)
    _merge_if_good(kind, load)
    counts.note("values_left_out", refused.n_values_left_out)


def _merge_if_good(kind: FileKind, load: Load) -> None:
    """Merge unless too many rows are refused; the merge may refuse more, and is then undone."""
    counts, bar_bp = load.counts, bar_of(kind.name)
    counts.refused = load.refused.n_rows
    counts.not_used = why_not_used(counts.read, counts.refused, bar_bp)
    if counts.not_used:
        return
    point = transaction.savepoint()
    kind.merge(load)
    counts.refused = load.refused.n_rows
    counts.not_used = why_not_used(counts.read, counts.refused, bar_bp)
    if counts.not_used:
        transaction.savepoint_rollback(point)
        counts.new = counts.changed = counts.unchanged = 0
        counts.notes.clear()
    else:
        transaction.savepoint_commit(point)


def keep_record(kind: FileKind, load: Load, file_name: str, digest: str, place: Place) -> None:
    """Write what a load did: one ``SourceLoad`` and one ledger entry."""
    counts = load.counts
    details: dict[str, Any] = {
        "kind": kind.name,
        "file_hash": digest,
        "read": counts.read,
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "refused": counts.refused,
        "notes": counts.notes,
        "part": place.part,
        "is_last": place.is_last,
        "used": not counts.not_used,
    }
    SourceLoad.objects.create(
        id=load.id,
        org_id=load.org_id,
        kind=kind.name,
        file_name=file_name[:255],
        file_hash=digest,
        loaded_at=load.at,
        actor_name=current_scope().actor_name,
        n_read=counts.read,
        n_new=counts.new,
        n_changed=counts.changed,
        n_unchanged=counts.unchanged,
        n_refused=counts.refused,
        notes=counts.notes,
        refusals=load.refused.summary(),
        part=place.part,
        rows_before=place.rows_before,
        is_last=place.is_last,
        n_judged=load.n_judged,
        n_complete=load.n_complete,
        outcome=SourceLoad.Outcome.NOT_USED if counts.not_used else SourceLoad.Outcome.USED,
        not_used_because=counts.not_used,
    )
    ledger.append(
        ledger.Entry("directory.file.loaded", "directory.source_load", load.id, details),
        at=load.at,
    )


def fates(load: Load, table: str) -> dict[str, int]:
    """Count the rows of a table of fates by what becomes of them."""
    load.cursor.execute(f"SELECT fate, count(*) FROM {table} GROUP BY fate")  # noqa: S608
    return dict(load.cursor.fetchall())
