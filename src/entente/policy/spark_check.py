"""Judge a file of facts on Spark: it spreads pieces of the file, the local engine judges each.

No rule is translated and no cell is read by Spark. A task gets the bounds of a piece, reads it
with the reader of the local engine and asks the same `Checker`, so both engines answer alike.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .domain.compile import Compiled
from .domain.ids import hash_texts
from .fact_cells import BadCell
from .fact_files import BadFile, FactFile
from .fact_pieces import Piece, batches_of, pieces_of
from .gate_check import SCHEMA, Checker, Summary, bad_cell, facts_compared, refuse_repeated
from .spark_session import session

_JUDGED = SCHEMA.append(pa.field("problem", pa.string()))
_PACKED = pa.schema([("answers", pa.binary())])
# The driver takes answers partition by partition; a JVM of 1 GB loses those of 50 MB and more.
_PARTITION_BYTES = 8 << 20
_SIZE = " + ".join(f"coalesce(octet_length({name}), 0)" for name in SCHEMA.names)


@dataclass(frozen=True)
class _PieceJudge:
    """What a task does: judges pieces, and tells of the first problem instead of raising it."""

    checker: Checker
    file: FactFile
    names: tuple[str, ...]
    pieces: tuple[Piece, ...]

    def __call__(self, numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in numbers:
            for number in batch.column(0).to_pylist():
                yield from self._judged(number)

    def _judged(self, number: int) -> Iterator[pa.RecordBatch]:
        row = 0
        try:
            for batch in batches_of(self.file, self.names, self.pieces[number]):
                answers, _, _ = self.checker.judge_batch(batch)
                columns = [*answers.columns, pa.nulls(len(answers), pa.string())]
                yield pa.RecordBatch.from_arrays(columns, schema=_JUDGED)
                row += batch.num_rows
        except BadCell as bad:
            cell = {"column": bad.column, "value": bad.value, "remedy": bad.remedy}
            yield _problem(piece=number, row=row + bad.row, cell=cell)
        except (pa.ArrowException, OSError) as error:
            malformed = isinstance(error, pa.ArrowException)
            yield _problem(piece=number, why=str(error)[:500], malformed=malformed)


def _problem(**told: Any) -> pa.RecordBatch:
    cells = [*(pa.nulls(1, pa.string()) for _ in SCHEMA), pa.array([json.dumps(told)])]
    return pa.RecordBatch.from_arrays(cells, schema=_JUDGED)


def _packed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Pack each batch into one cell, so that the driver takes batches and not single rows."""
    for batch in batches:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        yield pa.RecordBatch.from_arrays(
            [pa.array([sink.getvalue().to_pybytes()], pa.binary())], schema=_PACKED
        )


def _refuse_problem(judge: _PieceJudge, problems: list[dict[str, Any]]) -> None:
    if not problems:
        return
    file, first = judge.file, min(problems, key=lambda told: int(told["piece"]))
    if "cell" in first:
        before = (batches_of(file, judge.names, piece) for piece in judge.pieces[: first["piece"]])
        row = first["row"] + sum(batch.num_rows for batches in before for batch in batches)
        raise bad_cell(file, row, BadCell(row, **first["cell"]))
    if first["malformed"]:
        raise file.located(ValueError(first["why"]), len(judge.names))
    raise BadFile("001", file.name, f"cannot be read: {first['why']}", "Write the file anew")


def _tally(summary: Summary, answers: pa.RecordBatch) -> None:
    summary.rows += answers.num_rows
    for told in pc.value_counts(answers.column("outcome")).to_pylist():
        summary.outcomes[told["values"]] += told["counts"]
    for told in pc.value_counts(answers.column("rule_ids")).to_pylist():
        for rule_id in (told["values"] or "").split(";"):
            if rule_id:
                summary.rules[rule_id] = summary.rules.get(rule_id, 0) + told["counts"]


def _repeated(ids: pa.Array, previous: str | None) -> pa.Array:
    """Pick the sorted ids that equal the one before them."""
    before = pa.concat_arrays([pa.array([previous], pa.string()), ids.slice(0, len(ids) - 1)])
    return ids.filter(pc.fill_null(pc.equal(ids, before), False))


def _write(parts: Iterator[Any], write_batch: Callable[[Any], None]) -> tuple[Summary, list[Any]]:
    """Hand on sorted answers; return the counts and the hashes of ids that stand there twice."""
    summary, hashes, previous = Summary(), [], None
    for part in parts:
        for batch in pa.ipc.open_stream(part["answers"]):
            if batch.num_rows:
                answers = pa.RecordBatch.from_arrays(batch.columns, schema=SCHEMA)
                ids = answers.column("id")
                hashes.append(hash_texts(_repeated(ids, previous)))
                previous = ids[-1].as_py()
                _tally(summary, answers)
                write_batch(answers)
    summary.rules = dict(sorted(summary.rules.items()))
    return summary, [each for each in hashes if len(each)]


def check_on_spark(
    compiled: Compiled, file: FactFile, on: date, sink: Any, threads: int | None = None
) -> Summary:
    """Judge every row of a file on Spark; hand answers sorted by id to `sink.write_batch`.

    Parameters
    ----------
    compiled, file, on, sink
        As for `gate_check.check`; every node must see the file at its absolute path.
    threads : int, optional
        Cores of this machine, if nothing else configures Spark; all of them unless said.

    Returns
    -------
    Summary
        Equal to that of the local engine.

    Raises
    ------
    BadFile
        With line, column and remedy; what the sink got so far must be thrown away.
    NoSpark
        If Spark is missing or fails.
    """
    names = file.columns()
    checker = Checker(compiled, on, facts_compared(compiled))
    with session(threads) as spark:
        from pyspark import StorageLevel

        file = replace(file, path=file.path.resolve())
        judge = _PieceJudge(checker, file, tuple(names), tuple(pieces_of(file)))
        n_pieces = len(judge.pieces)
        numbers = spark.range(0, n_pieces, 1, max(n_pieces, 1))
        judged = numbers.mapInArrow(judge, ", ".join(f"{n} string" for n in _JUDGED.names))
        judged = judged.persist(StorageLevel.DISK_ONLY)
        told = judged.where("problem IS NOT NULL").select("problem").collect()
        _refuse_problem(judge, [json.loads(row["problem"]) for row in told])
        n_bytes = judged.selectExpr(f"sum({_SIZE})").first()[0] or 0
        ordered = (
            judged.select(*SCHEMA.names)
            .repartitionByRange(1 + n_bytes // _PARTITION_BYTES, "id")
            .sortWithinPartitions("id")
        )
        packed = ordered.mapInArrow(_packed, "answers binary")
        parts = packed.toLocalIterator(prefetchPartitions=True)
        summary, hashes = _write(parts, sink.write_batch)
        judged.unpersist()
    if hashes:
        every = np.concatenate(hashes)
        refuse_repeated(file, names, [every, every])
    return summary
