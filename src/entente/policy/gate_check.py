"""Judge a file of facts, batch by batch in bounded memory, and write answers all or nothing."""

import gzip
import os
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .domain.bit_names import joined_names
from .domain.columns import Coder, FactTables, Table
from .domain.compile import Compiled
from .domain.evaluate import absent, judge
from .domain.facts import FACTS
from .domain.ids import hash_texts
from .domain.tree import Compare, Contains, Ref, walk
from .domain.verdicts import OUTCOMES, Verdicts
from .fact_cells import BadCell, column_from_arrow
from .fact_files import BadFile, FactFile

SCHEMA = pa.schema([(n, pa.string()) for n in ("id", "outcome", "rule_ids", "missing_facts")])


@dataclass
class Summary:
    """What a check found: rows, rows per outcome, rows per rule that did not pass."""

    rows: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    rules: dict[str, int] = field(default_factory=dict)


def facts_compared(compiled: Compiled) -> frozenset[str]:
    """Name the text facts that some rule compares with another fact."""
    names: set[str] = set()
    for rule in compiled.rules:
        for node in (*walk(rule.applies), *walk(rule.requires)):
            match node:
                case Compare(_, Ref() as left, Ref() as right):
                    names |= {left.name, right.name}
                case Contains(_, Ref() as item):
                    names.add(item.name)
    return frozenset(names)


@dataclass(frozen=True)
class Checker:
    """Judges Arrow batches of facts; every engine asks it, wherever its rows come from."""

    compiled: Compiled
    on: date
    compared: frozenset[str]

    def judge_batch(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, Any, Verdicts]:
        """Return answers, hashes of ids, and verdicts; BadCell counts rows within the batch."""
        coder = Coder(self.compiled.vocabulary)
        columns = {}
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            if name != "id":
                compared = name in self.compared
                columns[name] = column_from_arrow(FACTS[name], array, coder, compared=compared)
        ids = batch.column("id").cast(pa.string())
        if ids.null_count:
            row = int(np.argmin(ids.is_valid().to_numpy(zero_copy_only=False)))
            raise BadCell(row, "id", "", "Give every row an id")
        tables = FactTables(Table(columns, n_rows=batch.num_rows), coder)
        verdicts = judge(self.compiled, tables, self.on)
        return self._answers(ids, verdicts), hash_texts(ids), verdicts

    def _answers(self, ids: pa.Array, verdicts: Verdicts) -> pa.RecordBatch:
        names = np.array(OUTCOMES, dtype=object)
        rules = joined_names(
            verdicts.refused | verdicts.undecided, [rule.id for rule in self.compiled.rules]
        )
        missing = joined_names(absent(verdicts), self.compiled.facts)
        texts = [_strings(*rules), _strings(*missing)]
        outcome = pa.array(names[verdicts.outcome], pa.string())
        return pa.RecordBatch.from_arrays([ids, outcome, *texts], schema=SCHEMA)


def _strings(offsets: npt.NDArray[np.int32], letters: npt.NDArray[np.uint8]) -> pa.Array:
    """Wrap offsets and letters as Arrow texts; empty ones become null, so that CSV stays bare."""
    filled = np.packbits(offsets[1:] > offsets[:-1], bitorder="little")
    return pa.StringArray.from_buffers(
        len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(letters), pa.py_buffer(filled)
    )


def _in_order(
    checker: Checker, batches: Iterator[pa.RecordBatch], threads: int
) -> Iterator[tuple[pa.RecordBatch, tuple[pa.RecordBatch, Any, Verdicts] | BadCell]]:
    """Judge batches on several threads, a few ahead at most, and yield in the file's order."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[tuple[pa.RecordBatch, Future[Any]]] = deque()
        for batch in batches:
            waiting.append((batch, pool.submit(checker.judge_batch, batch)))
            if len(waiting) > threads:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())


def _result(batch: pa.RecordBatch, future: "Future[Any]") -> tuple[pa.RecordBatch, Any]:
    try:
        return batch, future.result()
    except BadCell as bad:
        return batch, bad


def bad_cell(file: FactFile, row: int, bad: BadCell) -> BadFile:
    """Make the refusal of a file from its bad cell; `row` counts from 0 within the file."""
    return BadFile(
        "008", file.name, f"{bad.value!r} does not fit", bad.remedy,
        line=file.line_of(row), column=bad.column,
    )  # fmt: skip


def refuse_repeated(file: FactFile, names: Sequence[str], hashes: list[Any]) -> None:
    """Refuse a repeated id; ids are compared by hash first, by themselves only on a clash."""
    every = np.sort(np.concatenate(hashes)) if hashes else np.zeros(0, np.uint64)
    clashes = np.unique(every[1:][every[1:] == every[:-1]])
    if not len(clashes):
        return
    seen: set[str] = set()
    row = 0
    for batch in file.batches(names):
        ids = batch.column("id").cast(pa.string())
        for at in np.flatnonzero(np.isin(hash_texts(ids), clashes)):
            text = ids[int(at)].as_py()
            if text in seen:
                raise BadFile(
                    "009", file.name, f"id {text!r} stands there twice",
                    "Give every row its own id",
                    line=file.line_of(row + int(at)), column="id",
                )  # fmt: skip
            seen.add(text)
        row += batch.num_rows


def check(
    compiled: Compiled, file: FactFile, on: date, sink: Any, threads: int | None = None
) -> Summary:
    """Judge every row of a file and hand the answers to `sink.write_batch`.

    Parameters
    ----------
    compiled : Compiled
        The packs.
    file : FactFile
        The facts.
    on : date
        The day of rows without ``action.date``.
    sink : object
        Anything with ``write_batch(RecordBatch)``; it must hold back until this returns.
    threads : int, optional
        As many as there are cores, unless said otherwise.

    Raises
    ------
    BadFile
        With line, column and remedy; what the sink got so far must be thrown away.
    """
    names = file.columns()
    checker = Checker(compiled, on, facts_compared(compiled))
    summary, hashes = Summary(), []
    threads = threads or os.cpu_count() or 1
    for batch, result in _in_order(checker, file.batches(names), threads):
        if isinstance(result, BadCell):
            raise bad_cell(file, summary.rows + result.row, result)
        answers, hashed, verdicts = result
        sink.write_batch(answers)
        hashes.append(hashed)
        summary.rows += batch.num_rows
        for outcome, n_rows in verdicts.counts().items():
            summary.outcomes[outcome] += n_rows
        for rule_id, n_rows in verdicts.counts_by_rule().items():
            summary.rules[rule_id] = summary.rules.get(rule_id, 0) + n_rows
    refuse_repeated(file, names, hashes)
    summary.rules = dict(sorted(summary.rules.items()))
    return summary


class _PlainCsv:
    """Writes CSV that quotes only what needs it; Arrow's own writer quotes every text."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        stream.write((",".join(SCHEMA.names) + "\n").encode())

    def __enter__(self) -> "_PlainCsv":
        return self

    def __exit__(self, *_error: object) -> None:
        self._stream.flush()

    def write_batch(self, batch: pa.RecordBatch) -> None:
        ids = batch.column("id")
        doubled = pc.replace_substring(ids, '"', '""')
        quoted = pc.binary_join_element_wise('"', doubled, '"', "")
        shown = pc.if_else(pc.match_substring_regex(ids, r'[",\r\n]'), quoted, ids)
        cells = [shown, *batch.columns[1:]]
        rows = pc.binary_join_element_wise(
            *cells, ",", null_handling="replace", null_replacement=""
        )
        lines = pc.binary_join_element_wise(rows, "", "\n")
        _, places, letters = lines.buffers()
        if len(lines):
            ends = np.frombuffer(places, np.int32)[lines.offset : lines.offset + len(lines) + 1]
            self._stream.write(memoryview(letters)[ends[0] : ends[-1]])


def _writer(stream: Any, suffixes: str) -> Any:
    if suffixes.endswith((".parquet", ".pq")):
        return pq.ParquetWriter(stream, SCHEMA)
    return _PlainCsv(stream)


@contextmanager
def all_or_nothing(target: Path | None) -> Iterator[Any]:
    """Open a writer of answers whose file appears only when the block ends without an error.

    Without a target the answers go to standard output, at the end as well.
    """
    folder = None if target is None else target.resolve().parent
    handle, name = tempfile.mkstemp(prefix=".gate-", suffix=".part", dir=folder)
    part = Path(name)
    try:
        suffixes = "" if target is None else target.name.lower()
        with os.fdopen(handle, "wb") as raw:
            stream: Any = gzip.GzipFile(fileobj=raw, mode="wb") if suffixes.endswith(".gz") else raw
            with _writer(stream, suffixes.removesuffix(".gz")) as writer:
                yield writer
            if stream is not raw:
                stream.close()
            raw.flush()
            os.fsync(raw.fileno())
        if target is None:
            with part.open("rb") as done:
                shutil.copyfileobj(done, sys.stdout.buffer)
            sys.stdout.flush()
        else:
            part.chmod(0o644)
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)
