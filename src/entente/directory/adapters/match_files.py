"""Files of records to be matched, of the truth, and of the pairs found."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from entente.directory.adapters.chunks import CHUNK_ROWS, Refusal, RegistryFileError
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column, header_names
from entente.directory.domain.matching.truth import Pair, pairs_of_groups


def read_records(path: Path, id_column: str) -> tuple[pa.Table, list[Refusal]]:
    """Read a CSV whole, every column as text.

    Returns
    -------
    pyarrow.Table
        Columns named as the header names them, trimmed.
    list of Refusal
        Records that could not be taken: broken ones, and those without an id.

    Raises
    ------
    RegistryFileError
        If the file cannot be read, or has no such column.
    """
    names = [name for name in header_names(path) if name]
    if id_column not in names:
        raise RegistryFileError(
            f"MATCH-001: {path.name} has no column {id_column!r}; it has "
            f"{', '.join(repr(name) for name in names[:12])}."
        )
    source = CsvSource(path, [Column(name, (name,)) for name in names], CHUNK_ROWS)
    parts, refused = [], []
    for chunk in source:
        refused += chunk.refused
        rows = pa.table({name: chunk.columns[name].cast(pa.string()) for name in names})
        has_id = pc.is_valid(rows[id_column])
        if not pc.all(has_id).as_py():
            refused += [
                Refusal(int(line), id_column, "", "Give this record an id.")
                for line, known in zip(chunk.lines, has_id.to_pylist(), strict=True)
                if not known
            ]
            rows = rows.filter(has_id)
        parts.append(rows)
    empty = pa.table({name: pa.array([], pa.string()) for name in names})
    return pa.concat_tables([empty, *parts]), refused


def read_truth(path: Path, left_ids: set[str], right_ids: set[str] | None) -> set[Pair]:
    """Read which records are the same: pairs of ids, or ids with the group they belong to.

    A column whose header speaks of a match, a label or a score says which pairs are true (0.5 or
    more).

    Raises
    ------
    RegistryFileError
        If no two columns can be read so.
    """
    names = [name for name in header_names(path) if name]
    source = CsvSource(path, [Column(name, (name,)) for name in names], CHUNK_ROWS)
    columns: dict[str, list[str | None]] = {name: [] for name in names}
    for chunk in source:
        for name in names:
            columns[name] += chunk.columns[name].to_pylist()
    lefts = [name for name in names if _are_ids(columns[name], left_ids)]
    rights = [name for name in names if _are_ids(columns[name], right_ids or left_ids)]
    two = next(((a, b) for a in lefts for b in rights if a != b), None)
    if two is not None:
        said = [n for n in names if any(w in n.casefold() for w in ("match", "label", "score"))]
        rows = zip(columns[two[0]], columns[two[1]], strict=True)
        true = _true_rows(columns[said[0]]) if said else None
        return {
            (left, right)
            for place, (left, right) in enumerate(rows)
            if left
            and right
            and (right_ids is not None or left != right)
            and (true is None or true[place])
        }
    group = next((n for n in names if n not in {*lefts[:1], *rights[:1]}), None)
    if group is None or not (lefts or rights):
        raise RegistryFileError(
            f"MATCH-002: {path.name} does not hold the truth; give two columns of ids, or a column "
            "of ids and one of the group each belongs to."
        )
    grouped = [
        (a, b)
        for a, b in zip(columns[(lefts or rights)[0]], columns[group], strict=True)
        if a and b
    ]
    return _pairs(grouped, left_ids, right_ids)


def _pairs(
    rows: list[tuple[str, str]], left_ids: set[str], right_ids: set[str] | None
) -> set[Pair]:
    if right_ids is None:
        return pairs_of_groups(rows)
    members: dict[str, tuple[set[str], set[str]]] = {}
    for record, group in rows:
        ours, theirs = members.setdefault(group, (set(), set()))
        if record in left_ids:
            ours.add(record)
        if record in right_ids:
            theirs.add(record)
    return {(a, b) for ours, theirs in members.values() for a in ours for b in theirs}


def _are_ids(values: list[str | None], ids: set[str]) -> bool:
    known = [value for value in values if value]
    return bool(known) and sum(value in ids for value in known) > 0.9 * len(known)


def _true_rows(values: list[str | None]) -> list[bool]:
    words = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}
    found = []
    for value in values:
        text = (value or "0").strip().casefold()
        try:
            found.append(words.get(text, 0.0) >= 0.5 if text in words else float(text) >= 0.5)
        except ValueError:
            found.append(False)
    return found


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Give a file beside the target that takes its place only when all went well."""
    handle, name = tempfile.mkstemp(prefix=".match-", suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def write_pairs(pairs: pa.Table, target: Path) -> None:
    """Write pairs as CSV, gzip or Parquet, as the suffix says; all of them or nothing."""
    rounded = pairs.set_column(
        pairs.schema.get_field_index("score"), "score", pc.round(pairs["score"], 6)
    )
    with _whole(target) as part:
        if target.suffix == ".parquet":
            pq.write_table(rounded, part)
            return
        options = pa_csv.WriteOptions(quoting_style="needed")
        if target.suffix == ".gz":
            with gzip.open(part, "wb") as stream:
                pa_csv.write_csv(rounded, stream, options)
        else:
            pa_csv.write_csv(rounded, part, options)
