"""`entente gate check --engine spark`: the local engine's answers, sorted by id."""

import csv
import gzip
import importlib.util
import io
import json
import os
import random
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from entente.policy.commands import gate
from entente.policy.fact_files import FactFile
from entente.policy.fact_pieces import batches_of, pieces_of
from entente.policy.spark_session import session


def neighbour(name):
    """Load another file of tests for its helpers and cases."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"spark_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


checks, properties = neighbour("test_gate_check"), neighbour("test_properties")
HEAD, GOOD, REFUSED, written = checks.HEAD, checks.GOOD, checks.REFUSED, checks.written


@pytest.fixture(scope="module")
def spark():
    """One session for all tests; a command takes the session that runs."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed (pip install 'entente[spark]'): Spark is not tested")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Java is not installed: Spark is not tested")
    with session(threads=2) as running:
        yield running


def run(path, *options):
    return CliRunner().invoke(gate, ["check", str(path), *options])


def on_spark(path, *options):
    return run(path, "--engine", "spark", *options)


def sorted_rows(text):
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    return [head, *sorted(rows)]


def random_file(compiled, tmp_path, name, n_rows=3000):
    rows = properties.random_rows(compiled, n_rows, 5)
    random.Random(6).shuffle(ids := [f"act {n}" for n in range(n_rows)])
    columns = {"id": ids}
    for fact in compiled.facts:
        cells = [row[fact] for row in rows]
        if any(isinstance(cell, list) for cell in cells):
            cells = [None if c is None else ";".join(c) or ";" for c in cells]
        elif any(isinstance(cell, bool) for cell in cells):
            cells = [None if c is None else str(c).lower() for c in cells]
        columns[fact] = pa.array([None if c is None else str(c) for c in cells], pa.string())
    table, path = pa.table(columns), tmp_path / name
    if name.endswith(".parquet"):
        pq.write_table(table, path, row_group_size=700)
    else:
        opened = gzip.open if name.endswith(".gz") else open
        with opened(path, "wb") as file:
            pa_csv.write_csv(table, file)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", ["facts.csv", "facts.csv.gz", "facts.parquet"])
def test_random_facts_are_answered_as_by_the_local_engine(
    spark, compiled, tmp_path, name, monkeypatch
):
    monkeypatch.setattr("entente.policy.fact_pieces.pieces_of.__defaults__", (100_000,))
    path = random_file(compiled, tmp_path, name)
    assert name.endswith(".gz") or len(pieces_of(FactFile(path))) > 3
    local = run(path, "--at", "2026-03-02")
    answered = on_spark(path, "--at", "2026-03-02")
    assert answered.exit_code == 0, answered.stderr
    ids = [row[0] for row in csv.reader(io.StringIO(answered.stdout))][1:]
    assert ids == sorted(ids)
    assert len(ids) == 3000
    assert list(csv.reader(io.StringIO(answered.stdout))) == sorted_rows(local.stdout)


@pytest.mark.slow
def test_counts_equal_those_of_the_local_engine_and_the_suffix_decides_the_format(
    spark, compiled, tmp_path
):
    path = random_file(compiled, tmp_path, "facts.csv", 400)
    told = [
        json.loads(engine(path, "--json", "-o", str(tmp_path / name)).stdout)
        for engine, name in ((run, "local.parquet"), (on_spark, "spark.parquet"))
    ]
    assert told[0] == told[1]
    local = pq.read_table(tmp_path / "local.parquet").sort_by("id")
    assert pq.read_table(tmp_path / "spark.parquet").equals(local)


@pytest.mark.slow
@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_a_bad_file_is_refused_in_the_local_engines_words_and_nothing_is_written(
    spark, tmp_path, text, words
):
    path = written(tmp_path, text)
    result = on_spark(path, "-o", str(tmp_path / "out.csv"))
    assert result.exit_code != 0
    assert result.stderr == run(path).stderr
    assert [file.name for file in tmp_path.iterdir()] == ["facts.csv"]


@pytest.mark.slow
def test_a_bad_cell_and_a_repeated_id_in_a_later_piece_are_named_with_their_line(
    spark, tmp_path, monkeypatch
):
    monkeypatch.setattr("entente.policy.fact_pieces.pieces_of.__defaults__", (20_000,))
    rows = "".join(f"act-{n},call,2026-03-02,,\n" for n in range(5000))
    result = on_spark(written(tmp_path, HEAD + rows + "act-17,call,2026-03-02,,\n"))
    assert "line 5002, column id" in result.stderr
    result = on_spark(written(tmp_path, HEAD + rows + "x,call,2026-3-2,,\n" + GOOD[len(HEAD) :]))
    assert "line 5002, column action.date" in result.stderr
    table = pa.table({"id": list(range(5000)), "tally.emails_30d": [1.0] * 4000 + [1.5] * 1000})
    pq.write_table(table, tmp_path / "facts.parquet", row_group_size=500)
    result = on_spark(tmp_path / "facts.parquet")
    assert "line 4001, column tally.emails_30d" in result.stderr


@pytest.mark.slow
def test_odd_files_are_answered_as_by_the_local_engine(spark, tmp_path):
    odd = HEAD + '"line\nbreak, ""x""",call,,,\nÄ,call,,"true",\n\n1"2,call,,,\n'
    for text in (HEAD, odd, "\ufeff" + odd.replace("\n", "\r\n")):
        path = written(tmp_path, text)
        answered = on_spark(path)
        assert list(csv.reader(io.StringIO(answered.stdout, newline=""))) == sorted_rows(
            run(path).stdout
        )


@pytest.mark.parametrize("n_bytes", [1, 7, 64, 1000])
def test_pieces_hold_every_row_once_and_in_order(tmp_path, n_bytes):
    rng = random.Random(n_bytes)
    cells = ["a", "", '"b,\nc"', '"d ""e"""', 'f"g', '"h"i', '"\r\n"', "\ufeffj"]
    lines = (",".join(rng.choices(cells, k=2)) + rng.choice(["\n", "\r\n"]) for _ in range(300))
    file = FactFile(written(tmp_path, "id,action.type\n" + "".join(lines)))
    names = file.columns()
    pieces = pieces_of(file, n_bytes)
    assert len(pieces) > 3
    rows = [
        row for p in pieces for batch in batches_of(file, names, p) for row in batch.to_pylist()
    ]
    assert rows == [row for batch in file.batches(names) for row in batch.to_pylist()]


def test_without_spark_the_command_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    result = on_spark(written(tmp_path, GOOD), "-o", str(tmp_path / "out.csv"))
    assert result.exit_code != 0
    assert "pip install 'entente[spark]'" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out.csv").exists()
