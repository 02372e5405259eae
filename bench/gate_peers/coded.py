"""Facts as the evaluator takes them: picks from pools become columns in the codes of a pack."""

from dataclasses import dataclass

import numpy as np

from entente.policy.domain.columns import Coder, Column, FactTables, Table
from entente.policy.domain.facts import FACTS


@dataclass
class Facts:
    """Facts of one grain as picks from pools of values; -1 is unknown."""

    picks: dict
    n_rows: int


class Coded:
    """The facts that one compiled set of rules reads, in its codes."""

    def __init__(self, pools, compiled):
        self.pools = {name: pools[name] for name in compiled.facts}
        self.coder = Coder(compiled.vocabulary)
        self.codes = {name: self._codes(name) for name in self.pools}
        self.tables = {}

    def _codes(self, name):
        kind, pool = FACTS[name].type, self.pools[name]
        if kind == "text":
            return np.array([self.coder.code(text) for text in pool] + [0], np.int64)
        if kind == "list":
            texts = [self.coder.code(text) for values in pool for text in values]
            return np.array(texts, np.int64)
        return np.array([int(value) for value in pool] + [0], np.int64)

    def column(self, name, picks):
        valid = np.ascontiguousarray(picks >= 0, np.uint8)
        if FACTS[name].type != "list":
            return Column(self.codes[name][picks], valid)
        lengths = np.array([len(values) for values in self.pools[name]] + [0])
        padded = np.full((len(lengths), lengths.max()), -1, np.int64)
        padded[np.arange(lengths.max()) < lengths[:, None]] = self.codes[name]
        offsets = np.concatenate([[0], np.cumsum(lengths[picks])]).astype(np.int64)
        codes = padded[picks]
        return Column(offsets, valid, np.ascontiguousarray(codes[codes >= 0]))

    def table(self, facts):
        columns = {n: self.column(n, p) for n, p in facts.picks.items() if n in self.pools}
        return Table(columns, n_rows=facts.n_rows)

    def grains(self, world):
        """Make the grain tables once; chunks take slices of them without copying."""
        if not self.tables:
            self.tables = {grain: self.table(facts) for grain, facts in world.grains.items()}
        return self.tables

    def batch(self, world, chunk):
        """Return a chunk as `judge` takes it."""
        one = {name: np.array([pick]) for name, pick in world.shared[chunk.act].items()}
        tables = {
            grain: _slice(table, chunk.first[grain], chunk.last[grain])
            if grain in chunk.first
            else table
            for grain, table in self.grains(world).items()
        }
        own = self.table(chunk.own)
        return FactTables(own, self.coder, self.table(Facts(one, 1)), tables, chunk.keys)


def _slice(table, start, stop):
    def part(column):
        if column.codes is None:
            return Column(column.values[start:stop], column.valid[start:stop])
        return Column(column.values[start : stop + 1], column.valid[start:stop], column.codes)

    return Table({n: part(c) for n, c in table.columns.items()}, n_rows=stop - start)
