"""Load a long file in parts, a transaction each; a later run of the same file goes on.

A door like commands and jobs: it opens a scope per part, reads ahead, and says where it goes on.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from entente.directory.actions.loading import FileKind, ImportCounts, Place, Progress, file_hash
from entente.directory.actions.parts import PART_ROWS, Ahead, load_part, place_to_go_on
from entente.directory.adapters.read_ahead import read_ahead
from entente.foundation.access.scope import Scope, act_as


def load_in_parts(
    kind: FileKind,
    path: Path,
    scope: Scope,
    *,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
    refused_path: Path | None = None,
    part_rows: int = PART_ROWS,
) -> ImportCounts:
    """Load a file in parts and give the counts of this run.

    Parameters
    ----------
    kind : FileKind
        One whose rows stand alone (``in_parts``).
    clock : callable
        Gives the moment of each part.
    refused_path : pathlib.Path, optional
        Where refused rows go. Until the file is through, those of each part lie beside it; give
        the same path when going on, and they are brought together.
    part_rows : int
        Rows after which a part ends.

    Returns
    -------
    ImportCounts
        Of this run; ``rows_loaded_before`` among the notes tells what an earlier run had done. A
        part of which too many rows are refused changes no record and ends the run; the next one
        begins with it again.
    """
    if not kind.in_parts:
        raise ValueError(f"files of kind {kind.name} are loaded at once")
    digest = file_hash(path)
    with act_as(scope):
        place = place_to_go_on(kind, digest)
    total = ImportCounts()
    total.note("rows_loaded_before", place.rows_before)

    def told(n_read: int) -> None:
        if progress is not None:
            progress(place.rows_before + n_read)

    with read_ahead(kind.read(path, pass_over=place.rows_before)) as chunks:
        ahead = Ahead(chunks)
        while not ahead.is_empty or place.part == 1:
            with act_as(scope):
                counts = load_part(
                    kind, path.name, digest, ahead, place, at=clock(), progress=told,
                    refused_path=refused_path and _of_part(refused_path, place.part),
                    part_rows=part_rows,
                )  # fmt: skip
            total.include(counts)
            if counts.not_used:
                total.not_used = counts.not_used
                break
            place = Place(place.part + 1, place.rows_before + counts.read)
    if refused_path is not None:
        _bring_together(refused_path, place.part, is_through=not total.not_used)
    return total


def _of_part(path: Path, part: int) -> Path:
    return path.with_name(f"{path.stem}.part-{part}{path.suffix}")


def _bring_together(path: Path, n_parts: int, *, is_through: bool) -> None:
    """Write the refused rows of all parts into one file, under one head.

    The files of the parts stay until the whole file is through: a later run needs them again.
    """
    half = path.with_name(path.name + ".part")
    parts = [each for n in range(1, n_parts + 1) if (each := _of_part(path, n)).exists()]
    with half.open("wb") as whole:
        for n, each in enumerate(parts):
            with each.open("rb") as stream:
                head = stream.readline()
                whole.write(head if n == 0 else b"")
                shutil.copyfileobj(stream, whole)
    half.replace(path)
    if is_through:
        for each in parts:
            each.unlink()
