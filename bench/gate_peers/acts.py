"""Invent a batch of acts: facts per grain, and candidates that point into them.

A batch is what production judges at once: acts of one kind in one country, which differ in
recipient, channel, content, actor, partner, contract and event. Facts start from a profile that
most rules permit, and a few cells in each hundred are made unknown or moved to a value at which
some rule turns, so that verdicts of every kind occur.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from entente.policy.domain.columns import FactTables, Table
from entente.policy.domain.evaluate import judge
from entente.policy.domain.facts import FACTS, day_number
from entente.policy.domain.tree import Lit, Param, Ref, walk

from .coded import Coded, Facts

DAY = dt.date(2026, 3, 2)
ACTS = (("email", "US"), ("meal", "FR"), ("fee", "DE"), ("sample", "IN"), ("invitation", "GB"))
SHARED = ("action", "campaign", "deal")
OWN = ("action.amount_minor", "action.local_time")
CHUNK = 5_000_000
CHANNELS = 6
UNKNOWN_SHARE, MOVED_SHARE = 0.015, 0.05
ALL_ACTS = range(len(ACTS))
LISTS = ([], ["CA"], ["NJ", "NY"])


def pools(compiled):
    """List per fact the values worth trying: those that rules compare with, and neighbours."""
    found = {name: set(FACTS[name].codes) for name in compiled.facts}
    parameters = {pack.id: pack.parameters for pack in compiled.packs}
    for rule in compiled.rules:
        for top in (rule.applies, rule.requires):
            for node in walk(top):
                parts = list(walk(node)) if type(node).__name__ in ("Compare", "Among") else []
                values = {part.value for part in parts if isinstance(part, Lit)}
                for part in parts:
                    if isinstance(part, Param):
                        now = parameters[rule.pack_id][part.name].on(DAY)
                        values |= {now.value, *(v for _, v in now.keyed)} if now else set()
                for part in parts:
                    if isinstance(part, Ref):
                        found[part.name] |= values
    return {name: _pool(FACTS[name].type, values - {None}) for name, values in found.items()}


def _pool(kind, values):
    if kind == "boolean":
        return [True, False]
    if kind == "list":
        return list(LISTS)
    if kind == "text":
        return [*sorted(v for v in values if isinstance(v, str)), "other"]
    numbers = {v for v in values if isinstance(v, int)}
    if kind == "date":
        near = (-800, -400, -90, -31, -1, 0, 1, 30, 400)
        return sorted({v for v in numbers if v > 10_000} | {day_number(DAY) + d for d in near})
    if kind == "time":
        return sorted({540, 900, *numbers})
    return sorted({0, 1, 3} | {max(0, v + d) for v in numbers for d in (-1, 0, 1)})


@dataclass
class Chunk:
    """Candidates of one act: their keys, counted from `first` row of each table, and own facts."""

    act: int
    keys: dict
    own: Facts
    first: dict
    last: dict

    def __len__(self):
        return self.own.n_rows

    def reordered(self, order):
        """Return the same candidates in another order."""
        keys = {grain: np.ascontiguousarray(key[order]) for grain, key in self.keys.items()}
        own = {name: picks[order] for name, picks in self.own.picks.items()}
        return replace(self, keys=keys, own=Facts(own, len(order)))


class World:
    """The facts of a run, made for so many candidates."""

    def __init__(self, compiled, n_candidates, seed=1):
        self.rng = np.random.default_rng(seed)
        self.pools = pools(compiled)
        self.n_candidates = n_candidates
        self.profile, self.shared = Climb(self, compiled).best()
        n_recipients = min(1_000_000, max(1000, n_candidates // 100))
        sizes = {
            "recipient": n_recipients,
            "recipient_channel": n_recipients * CHANNELS,
            "content_market": 2000,
            "actor": 5000,
            "partner": 200,
            "contract": 5000,
            "event": 1000,
        }
        self.grains = {
            grain: self._facts([n for n in self.profile if FACTS[n].grain == grain], size)
            for grain, size in sizes.items()
        }

    def _facts(self, names, n_rows):
        picks = {}
        for name in names:
            column = np.full(n_rows, self.profile[name], np.int16)
            for share, top in ((MOVED_SHARE, len(self.pools[name])), (UNKNOWN_SHARE, 0)):
                at = self.rng.integers(0, n_rows, self.rng.binomial(n_rows, share))
                column[at] = self.rng.integers(0, top, len(at)) if top else -1
            picks[name] = column
        return Facts(picks, n_rows)

    @property
    def n_slices(self):
        """Number of slices of the recipients that a stream in their order passes through."""
        return max(1, -(-self.n_candidates // (CHUNK * len(ACTS))))

    def chunks(self, in_order: bool) -> Iterator[Chunk]:
        """Yield all candidates, chunk by chunk; sorted by recipient, or in random order.

        A stream in the order of recipients carries with each chunk only their slice of the tables.
        """
        edges = np.linspace(0, self.grains["recipient"].n_rows, self.n_slices + 1).astype(np.int64)
        done, n_chunks = 0, self.n_slices * len(ACTS)
        for index in range(n_chunks):
            size = self.n_candidates * (index + 1) // n_chunks - done
            done += size
            at = index // len(ACTS)
            span = (edges[at], edges[at + 1]) if in_order else (0, edges[-1])
            yield self._chunk(index % len(ACTS), size, int(span[0]), int(span[1]), in_order)

    def _chunk(self, act, size, low, high, in_order):
        recipients = self.rng.integers(0, high - low, size)
        if in_order:
            recipients.sort()
        keys = {
            "recipient": recipients,
            "recipient_channel": recipients * CHANNELS + self.rng.integers(0, CHANNELS, size),
        }
        for grain, facts in self.grains.items():
            if grain not in keys:
                keys[grain] = self.rng.integers(0, facts.n_rows, size)
        first = {"recipient": low, "recipient_channel": low * CHANNELS}
        last = {"recipient": high, "recipient_channel": high * CHANNELS}
        return Chunk(act, keys, self._facts(OWN, size), first, last)


class Climb:
    """Climbs to facts that as many rules as possible permit, one fact after another."""

    def __init__(self, world, compiled):
        self.pools, self.compiled = world.pools, compiled
        self.coded = Coded(world.pools, compiled)
        self.weigh = np.bitwise_or.reduce(compiled.weights, axis=0)
        fixed = {"action.type": [a for a, _ in ACTS], "action.country": [c for _, c in ACTS]}
        fixed["action.date"] = [day_number(DAY)] * len(ACTS)
        self.fixed = frozenset(fixed)
        names = [n for n in self.pools if FACTS[n].grain in SHARED and n not in OWN]
        self.profile = {n: 0 for n in self.pools if n not in names}
        self.shared = [dict.fromkeys(names, 0) for _ in ACTS]
        for name, values in fixed.items():
            for act, value in enumerate(values):
                self.shared[act][name] = self.pools[name].index(value)

    def best(self):
        for _ in range(4):
            moved = [self._improve(name) for name in self._asked()]
            if not any(moved):
                break
        return self.profile, self.shared

    def _improve(self, name):
        """Move one fact to where the fewest rules stop its acts; tell whether it moved."""
        moved = False
        places = [(self.profile, ALL_ACTS)]
        if name not in self.profile:
            places = [(self.shared[act], [act]) for act in ALL_ACTS]
        for holder, acts in places:
            costs = sum(self._costs(name, self.shared[act]) for act in acts)
            if costs.min() < costs[holder[name]]:
                holder[name] = int(costs.argmin()) if costs.argmin() < len(costs) - 1 else -1
                moved = True
        return moved

    def _judged(self, one, varied, picks):
        rest = {n: np.array([p]) for n, p in (self.profile | one).items() if n != varied}
        varying = Table({varied: self.coded.column(varied, picks)})
        shared = self.coded.table(Facts(rest, 1))
        return judge(self.compiled, FactTables(varying, self.coded.coder, shared), DAY)

    def _costs(self, name, one):
        """Count the rules in the way per value of one fact; the last is unknown."""
        verdicts = self._judged(one, name, np.append(np.arange(len(self.pools[name])), -1))
        stopping = (verdicts.refused | verdicts.undecided) & self.weigh
        return np.bitwise_count(stopping).sum(axis=1).astype(np.int64)

    def _asked(self):
        """Name the facts of the rules that are in the way."""
        names = set()
        for one in self.shared:
            verdicts = self._judged(one, OWN[0], np.array([self.profile[OWN[0]]]))
            for rule_id in verdicts.rule_ids(0):
                names |= self.compiled.reads[self.compiled.rules.index(self.compiled.rule(rule_id))]
        return sorted(names - self.fixed)
