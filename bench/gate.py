"""Measure the gate: rows per second on one and two cores, one single decision, one compile.

The peer in the same run is DuckDB: the same rules, spelled as SQL from the same typed trees,
over the same columns. The answers of both are compared bit by bit before any figure is printed.

Run: python bench/gate.py [ROWS]
"""

import datetime as dt
import importlib.util
import json
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from entente.policy.domain.columns import Coder, Column, FactTables, Table
from entente.policy.domain.compile import compile_packs
from entente.policy.domain.evaluate import absent, judge, judge_one
from entente.policy.domain.facts import FACTS, day_number
from entente.policy.packs import load_packs

DAY = dt.date(2026, 3, 2)
TESTS = Path(__file__).resolve().parents[1] / "src/entente/policy/tests/domain"


def load_sql_twin():
    spec = importlib.util.spec_from_file_location("sql_twin", TESTS / "sql_twin.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def random_columns(compiled, n_rows, rng):
    """Numbers for the kernel and the same facts as an Arrow table for the peer."""
    coder = Coder(compiled.vocabulary)
    columns, arrays = {}, {}
    for name in compiled.facts:
        fact = FACTS[name]
        valid = rng.random(n_rows) > 0.1
        if name == "action.date":
            numbers, valid = np.full(n_rows, day_number(DAY)), np.ones(n_rows, bool)
        elif fact.type == "boolean":
            numbers = rng.integers(0, 2, n_rows)
        elif fact.type == "text":
            texts = list(fact.codes or ("US", "DE", "GB", "FR", "IN"))
            picks = rng.integers(0, len(texts), n_rows)
            numbers = np.array([coder.code(text) for text in texts])[picks]
            codes = pa.DictionaryArray.from_arrays(picks.astype(np.int32), texts)
            masked = pa.array(np.arange(n_rows), mask=~valid)
            arrays[name] = codes.dictionary_decode().take(masked)
        elif fact.type == "date":
            numbers = day_number(DAY) + rng.integers(-400, 400, n_rows)
        elif fact.type == "share":
            numbers = rng.integers(0, 30, n_rows) * 10_000
        else:
            numbers = rng.integers(0, 6 if fact.type == "integer" else 20_000, n_rows)
        numbers = np.ascontiguousarray(numbers, np.int64)
        columns[name] = Column(numbers, np.ascontiguousarray(valid, np.uint8))
        if fact.type != "text":
            kind = {"boolean": pa.bool_(), "date": pa.date32()}.get(fact.type, pa.int64())
            plain = pa.array(numbers, mask=~valid)
            arrays[name] = (
                plain.cast(pa.int32()).cast(kind) if fact.type == "date" else plain.cast(kind)
            )
    return FactTables(Table(columns), coder), pa.table(arrays)


def best(work, times=3):
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def peer(compiled, facts, threads):
    sql = load_sql_twin().query(compiled, DAY)
    with duckdb.connect() as database:
        database.execute(f"SET threads = {threads}")
        database.register("facts_arrow", facts)
        database.execute("CREATE TABLE facts AS SELECT * FROM facts_arrow")
        return best(lambda: database.execute(sql).fetchnumpy())


def same_answers(compiled, verdicts, answers):
    for bit, rule in enumerate(compiled.rules):
        shift, word = np.uint64(bit & 63), bit >> 6
        refused = (verdicts.refused[:, word] >> shift) & np.uint64(1)
        undecided = (verdicts.undecided[:, word] >> shift) & np.uint64(1)
        if not np.array_equal(refused + 2 * undecided, np.asarray(answers[rule.id])):
            raise SystemExit(f"{rule.id}: the kernel and DuckDB differ")


def main():
    n_rows = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    packs = load_packs()
    compile_seconds, compiled = best(lambda: compile_packs(packs), 5)
    rng = np.random.default_rng(1)
    tables, facts = random_columns(compiled, n_rows, rng)
    judge(compiled, tables, DAY)
    one, verdicts = best(lambda: judge(compiled, tables, DAY))
    two, _ = best(lambda: judge(compiled, tables, DAY, threads=2))
    explained, _ = best(lambda: absent(verdicts), 1)
    peer_one, answers = peer(compiled, facts, 1)
    same_answers(compiled, verdicts, answers)
    peer_two, _ = peer(compiled, facts, 2)
    permitted = {"action.type": "deal_registration", "deal.qualification_ok": True}
    refused = {"action.type": "email", "action.promotional": True}
    single, _ = best(lambda: [judge_one(compiled, permitted, DAY) for _ in range(200)])
    worst, _ = best(lambda: [judge_one(compiled, refused, DAY) for _ in range(50)])
    print(
        json.dumps(
            {
                "rules": len(compiled.rules),
                "rows": n_rows,
                "rows_per_second_one_core": round(n_rows / one),
                "rows_per_second_two_cores": round(n_rows / two),
                "duckdb_rows_per_second_one_core": round(n_rows / peer_one),
                "duckdb_rows_per_second_two_cores": round(n_rows / peer_two),
                "ratio_to_duckdb_one_core": round(peer_one / one, 2),
                "ratio_to_duckdb_two_cores": round(peer_two / two, 2),
                "missing_facts_rows_per_second": round(n_rows / explained),
                "single_permitted_us": round(single / 200 * 1e6),
                "single_refused_and_explained_us": round(worst / 50 * 1e6),
                "compile_ms": round(compile_seconds * 1e3, 2),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
