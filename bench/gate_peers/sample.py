"""Joined rows for the peers that take one act at a time, with the kernel's answers beside them."""

import numpy as np

from entente.policy.domain.columns import FactTables
from entente.policy.domain.facts import FACTS
from entente.policy.domain.verdicts import bits_of

from .coded import Coded, Facts


class Sample:
    """Candidates spread evenly over all chunks, every fact on the row itself."""

    def __init__(self, world, share):
        self.world, self.share = world, share
        self.parts, self.answers = [], {}
        self.n_rows = 0

    def add(self, chunk, judged):
        """Take some rows of a chunk; `judged` holds its verdicts per compiled pack."""
        n_rows = max(1, round(len(chunk) * self.share))
        rows = np.unique(np.linspace(0, len(chunk) - 1, n_rows).astype(int))
        picks = {n: np.full(len(rows), p) for n, p in self.world.shared[chunk.act].items()}
        picks |= {name: column[rows] for name, column in chunk.own.picks.items()}
        for grain, facts in self.world.grains.items():
            at = chunk.keys[grain][rows] + chunk.first.get(grain, 0)
            picks |= {name: column[at] for name, column in facts.picks.items()}
        self.parts.append({name: column.astype(np.int16) for name, column in picks.items()})
        for compiled, verdicts in judged:
            kept = (verdicts.outcome[rows], verdicts.refused[rows], verdicts.undecided[rows])
            self.answers.setdefault(id(compiled), []).append(kept)
        self.n_rows += len(rows)

    def close(self):
        """Put the parts together."""
        names = self.parts[0]
        self.picks = {n: np.concatenate([part[n] for part in self.parts]) for n in names}
        self.answers = {
            key: [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
            for key, parts in self.answers.items()
        }
        self.parts = []
        self.objects = {}
        for name, pool in self.world.pools.items():
            self.objects[name] = np.empty(len(pool) + 1, object)
            self.objects[name][: len(pool)] = pool

    def spread(self, n_rows):
        """Choose so many rows, evenly."""
        return np.linspace(0, self.n_rows - 1, n_rows).astype(int)

    def values(self, name, low, high):
        """Read one fact of some rows as Python values; None is unknown."""
        return self.objects[name][self.picks[name][low:high]].tolist()

    def known(self, compiled, rows):
        """Read the known facts of some rows, as a mapping per row."""
        columns = [self.objects[name][self.picks[name][rows]] for name in compiled.facts]
        return [
            {n: v for n, v in zip(compiled.facts, row, strict=True) if v is not None}
            for row in zip(*columns, strict=True)
        ]

    def facts(self, rows):
        """Return some rows as picks."""
        return Facts({n: picks[rows] for n, picks in self.picks.items()}, len(rows))

    def wide(self, compiled, rows):
        """Return some rows as facts that are all the candidate's own."""
        coded = Coded(self.world.pools, compiled)
        return FactTables(coded.table(self.facts(rows)), coded.coder)

    def outcome(self, compiled, row):
        return int(self.answers[id(compiled)][0][row])

    def bits(self, compiled, row):
        """Return the kernel's (refused, undecided) of a row as two whole numbers."""
        _, refused, undecided = self.answers[id(compiled)]
        return _whole(refused[row]), _whole(undecided[row])

    def stopped_by(self, compiled, row):
        """Name the rules that keep a row from going out without a word."""
        _, refused, undecided = self.answers[id(compiled)]
        masks = compiled.weights
        words = refused[row] & (masks[0] | masks[2]) | undecided[row] & (masks[1] | masks[3])
        return {compiled.rules[bit].id for bit in bits_of(words)}


def _whole(words):
    return sum(word << (64 * index) for index, word in enumerate(words.tolist()))


def python_facts(facts):
    """Turn a row's numbers into what `judge_one` takes: days as dates, shares as decimals."""
    import datetime as dt
    from decimal import Decimal

    made = {
        "date": lambda v: dt.date(1970, 1, 1) + dt.timedelta(days=v),
        "share": lambda v: Decimal(v) / 1_000_000,
    }
    return {n: made.get(FACTS[n].type, lambda v: v)(v) for n, v in facts.items()}
