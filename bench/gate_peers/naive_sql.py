"""DuckDB: the rules as SQL (the tests' twin), one pass over each candidate with all it joins.

`joined` joins the grain tables within the query, as a warehouse would; `wide` reads rows that
were joined beforehand, free of charge. Facts shared by the batch stand in the query as literals.
Answers are one byte per rule and candidate, handed over as Arrow. The rules go in queries of 32,
which favours the peer: planning alone takes seconds for 248 rules at once.
"""

import importlib.util
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from entente.policy.domain.facts import FACTS

GROUP = 32
TESTS = Path(__file__).resolve().parents[2] / "src/entente/policy/tests/domain"


def installed():
    return importlib.util.find_spec("duckdb") is not None


def _twin():
    spec = importlib.util.spec_from_file_location("sql_twin", TESTS / "sql_twin.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def arrow_column(world, name, picks):
    """Turn picks into an Arrow column of the type that the twin's SQL asks for."""
    kind, pool = FACTS[name].type, world.pools[name]
    if kind == "boolean":
        values = pa.array([*pool], pa.bool_())
    elif kind == "text":
        values = pa.array(pool, pa.string())
    elif kind == "list":
        values = pa.array(pool, pa.list_(pa.string()))
    elif kind == "date":
        values = pa.array(pool, pa.int32()).cast(pa.date32())
    else:
        values = pa.array(pool, pa.int64())
    return values.take(pa.array(picks, mask=picks < 0))


def arrow_table(world, facts, extra=()):
    columns = {name: arrow_column(world, name, picks) for name, picks in facts.picks.items()}
    return pa.table({**columns, **dict(extra)})


class NaiveSql:
    """One in-memory DuckDB that holds the world's tables in its own format."""

    def __init__(self, world):
        import duckdb

        self.world, self.twin = world, _twin()
        self.database = duckdb.connect()
        self.database.execute("SET preserve_insertion_order = false")
        for grain, facts in world.grains.items():
            self._store(grain, arrow_table(world, facts, {"row": np.arange(facts.n_rows)}.items()))

    def _store(self, name, table):
        self.database.register("incoming", table)
        self.database.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")
        self.database.unregister("incoming")

    def load(self, chunk):
        """Store a chunk's candidates: not timed, as the kernel's columns are not either."""
        keys = {f"key_{g}": key + chunk.first.get(g, 0) for g, key in chunk.keys.items()}
        rows = np.arange(len(chunk))
        table = arrow_table(self.world, chunk.own, {**keys, "row": rows}.items())
        self._store("candidates", table)

    def load_wide(self, facts):
        rows = {"row": np.arange(facts.n_rows)}
        self._store("wide", arrow_table(self.world, facts, rows.items()))

    def joined(self, act):
        """Spell a chunk's candidates with every fact that they join."""
        quoted = self.twin.quoted
        parts = ["c.row AS row", *(f"c.{quoted(name)}" for name in self._own())]
        for name, pick in self.world.shared[act].items():
            value = None if pick < 0 else self.world.pools[name][pick]
            spelled = self.twin.literal(value, FACTS[name].type)
            parts.append(f"CAST({spelled} AS {self.twin.column_type(name)}) AS {quoted(name)}")
        joins = []
        for grain, facts in self.world.grains.items():
            parts += [f"{grain}.{quoted(name)}" for name in facts.picks]
            joins.append(f"JOIN {grain} ON {grain}.row = c.key_{grain}")
        return f"(SELECT {', '.join(parts)} FROM candidates c {' '.join(joins)}) AS facts"

    def _own(self):
        names = self.database.execute("DESCRIBE candidates").fetchall()
        return [name for name, *_ in names if "." in name]

    def queries(self, compiled, day, table):
        """Spell all rules; few per query, as DuckDB plans longer lists far more slowly."""
        parameters = {pack.id: pack.parameters for pack in compiled.packs}
        columns = [
            f"CAST({self.twin.rule_sql(rule, parameters[rule.pack_id], day)} AS UTINYINT) AS r{bit}"
            for bit, rule in enumerate(compiled.rules)
        ]
        groups = [columns[low : low + GROUP] for low in range(0, len(columns), GROUP)]
        return [f"SELECT row, {', '.join(group)} FROM {table}" for group in groups]

    def planning(self, compiled, day, threads, act=0):
        """Time the queries over a single candidate: what planning costs, whatever the batch."""
        one = "FROM (SELECT * FROM candidates LIMIT 1) c"
        table = self.joined(act).replace("FROM candidates c", one)
        return self.run(compiled, day, table, threads, lambda answer: None)

    def run(self, compiled, day, table, threads, use):
        """Answer all queries, hand each answer to `use`, and return the seconds of answering."""
        self.database.execute(f"SET threads = {threads}")
        seconds = 0.0
        for sql in self.queries(compiled, day, table):
            start = time.perf_counter()
            answer = self.database.sql(sql).to_arrow_table()
            seconds += time.perf_counter() - start
            use(answer)
            del answer
        return seconds


def differences(answer, refused, undecided):
    """Count the cells (candidate and rule) in which SQL and the kernel differ."""
    rows = answer["row"].to_numpy()
    if not np.array_equal(rows, np.arange(len(refused))):
        if not np.array_equal(np.sort(rows), np.arange(len(refused))):
            return len(refused) * (answer.num_columns - 1)
        refused, undecided = refused[rows], undecided[rows]
    count, one = 0, np.uint64(1)
    for name in answer.column_names[1:]:
        word, shift = int(name[1:]) >> 6, np.uint64(int(name[1:]) & 63)
        no, open_ = (refused[:, word] >> shift) & one, (undecided[:, word] >> shift) & one
        count += int(np.count_nonzero((no + 2 * open_) != answer[name].to_numpy()))
    return count
