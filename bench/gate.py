"""Measure the gate beside its peers, on the same facts and in one run; print JSON.

Run: python bench/gate.py [CANDIDATES]   (1,000,000 unless said)

Five batches of acts (`gate_peers/acts.py`) are judged over grain tables, for 60 rules and for
all, sorted by recipient and in random order, on one thread and on two: medians of three, without
making the columns. Above 5 million candidates per act they stream in chunks, so memory stays
bounded. Peers: DuckDB, plain Python, Cedar, Rego; each file in `gate_peers/` says what it leaves
out. Every answer of a peer is compared with the kernel's, SQL on all candidates up to 10 million;
one difference ends the run with status 1. A peer that is not installed is skipped.
"""

import json
import resource
import statistics
import sys
import time
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
from gate_peers import cedar, naive_sql, plain_python, rego
from gate_peers.acts import DAY, World
from gate_peers.coded import Coded
from gate_peers.sample import Sample, python_facts

from entente.policy.domain.compile import compile_packs
from entente.policy.domain.evaluate import judge, judge_one
from entente.policy.packs import load_packs

SAMPLE = 200_000
MIXED = 50_000
COMPARED = 10_000_000
ONE_THREAD_SQL = 200_000


def sixty(packs):
    """Keep the rules every act meets, and of the codes as many, evenly, as make sixty."""
    own = [rule.id for pack in packs if pack.id.startswith("platform/") for rule in pack.rules]
    rest = sorted(rule.id for pack in packs for rule in pack.rules if rule.id not in own)
    some = np.linspace(0, len(rest) - 1, 60 - len(own)).astype(int)
    kept = {*own, *(rest[index] for index in some)}
    return [replace(p, rules=tuple(r for r in p.rules if r.id in kept)) for p in packs]


def timed(work, times=3):
    """Return the median seconds and the last result."""
    seconds, result = [], None
    for _ in range(times):
        result = None
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def without(n_rows, spent, planning):
    """Return the rate but for planning; None where planning is nearly all, so none can be told."""
    return round(n_rows / (spent - planning)) if planning < 0.8 * spent else None


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Run:
    """One run: seconds and differences so far, per set of rules."""

    def __init__(self, n_candidates):
        packs = load_packs()
        self.compile_seconds, everything = timed(lambda: compile_packs(packs), 5)
        self.sets = {"60_rules": compile_packs(sixty(packs)), "all_rules": everything}
        self.everything = everything
        self.world = World(everything, n_candidates)
        self.coded = {name: Coded(self.world.pools, c) for name, c in self.sets.items()}
        self.sample = Sample(self.world, min(1, SAMPLE / n_candidates))
        self.sql = naive_sql.NaiveSql(self.world) if naive_sql.installed() else None
        self.seconds = defaultdict(float)
        self.judged = Counter()
        self.compared, self.differences, self.outcomes = 0, Counter(), Counter()
        self.planning, self.n_asked = {}, 0

    def kernel(self, name, order, chunk):
        compiled, facts = self.sets[name], self.coded[name].batch(self.world, chunk)
        for threads in (1, 2):
            seconds, verdicts = timed(lambda t=threads: judge(compiled, facts, DAY, threads=t))
            self._count((name, "kernel", order, threads), seconds, chunk)
        return verdicts

    def _count(self, key, seconds, chunk):
        self.seconds[key] += seconds
        self.judged[key] += len(chunk)

    def sorted_chunks(self):
        for chunk in self.world.chunks(in_order=True):
            verdicts = {name: self.kernel(name, "sorted", chunk) for name in self.sets}
            self.sample.add(chunk, [(self.sets[name], v) for name, v in verdicts.items()])
            self.outcomes.update(verdicts["all_rules"].counts())
            if self.sql is not None and self.compared < COMPARED:
                self.sql.load(chunk)
                for name, judged in verdicts.items():
                    self.ask_sql(name, chunk, judged)
                self.compared += len(chunk)
                self.n_asked += 1
            if self.world.n_slices == 1:
                self.shuffled(chunk, verdicts)

    def ask_sql(self, name, chunk, verdicts):
        compiled, table = self.sets[name], self.sql.joined(chunk.act)

        def compare(answer):
            found = naive_sql.differences(answer, verdicts.refused, verdicts.undecided)
            self.differences[f"sql_{name}"] += found

        key = (name, "sql", "sorted")
        if self.judged[*key, 1] < ONE_THREAD_SQL:
            seconds = self.sql.run(compiled, DAY, table, 1, lambda answer: None)
            self._count((*key, 1), seconds, chunk)
        self._count((*key, 2), self.sql.run(compiled, DAY, table, 2, compare), chunk)
        for threads in (1, 2):
            if (name, threads) not in self.planning:
                self.planning[name, threads] = self.sql.planning(compiled, DAY, threads)

    def shuffled(self, chunk, verdicts):
        """Judge the same candidates in random order; each must get the same bits."""
        order = self.world.rng.permutation(len(chunk))
        mixed = chunk.reordered(order)
        for name, before in verdicts.items():
            after = self.kernel(name, "random", mixed)
            for one, other in (
                (before.refused, after.refused),
                (before.undecided, after.undecided),
            ):
                self.differences["random_order"] += int(np.count_nonzero(one[order] != other))

    def random_chunks(self):
        if self.world.n_slices > 1:
            for chunk in self.world.chunks(in_order=False):
                for name in self.sets:
                    self.kernel(name, "random", chunk)

    def rates(self, name, peer):
        found = {}
        for (of, who, order, threads), seconds in sorted(self.seconds.items()):
            if (of, who) == (name, peer):
                n_judged = self.judged[of, who, order, threads]
                found[f"{order}_{threads}_threads"] = round(n_judged / seconds)
        return found

    def sql_report(self, name):
        if self.sql is None:
            return "not installed"
        rates = self.rates(name, "sql")
        planning = self.planning[name, 2]
        spent = self.seconds[name, "sql", "sorted", 2]
        return {
            "per_second": rates,
            "per_second_without_planning": without(self.compared, spent, self.n_asked * planning),
            "planning_seconds_per_batch": round(planning, 2),
            "compared": self.compared,
            "differences": self.differences[f"sql_{name}"],
        }

    def mixed(self, name):
        """Judge acts of all kinds in one batch, all facts joined beforehand: the kernel's worst."""
        compiled = self.sets[name]
        n_rows = min(MIXED, self.sample.n_rows)
        rows = np.random.default_rng(2).permutation(self.sample.n_rows)[:n_rows]
        facts = self.sample.wide(compiled, rows)
        seconds, verdicts = timed(lambda: judge(compiled, facts, DAY, threads=2))
        _, refused, undecided = self.sample.answers[id(compiled)]
        same = (verdicts.refused == refused[rows]) & (verdicts.undecided == undecided[rows])
        self.differences["mixed_kernel"] += int(np.count_nonzero(~same))
        found = {"candidates": n_rows, "kernel": round(n_rows / seconds)}
        if self.sql is not None:

            def compare(answer):
                self.differences["mixed_sql"] += naive_sql.differences(
                    answer, verdicts.refused, verdicts.undecided
                )

            self.sql.load_wide(self.sample.facts(rows))
            spent = self.sql.run(compiled, DAY, "wide", 2, compare)
            found["naive_sql"] = round(n_rows / spent)
            found["naive_sql_without_planning"] = without(n_rows, spent, self.planning[name, 2])
        return found

    def rules(self, name):
        """Report one set of rules: the kernel, each peer, and how they compare."""
        compiled = self.sets[name]
        kernel, sql = self.rates(name, "kernel"), self.sql_report(name)
        peers = {
            "naive_sql": sql,
            "plain_python": plain_python.run(compiled, DAY, self.sample),
            "cedarpy": cedar.run(compiled, DAY, self.sample),
            "regopy": rego.run(compiled, DAY, self.sample),
        }
        for peer in ("plain_python", "cedarpy", "regopy"):
            if isinstance(peers[peer], dict):
                self.differences[f"{peer}_{name}"] += peers[peer]["differences"]
        ratios = {
            f"kernel_to_{peer}_{threads}_threads": round(
                kernel[f"sorted_{threads}_threads"] / peers[peer]["per_second"], 1
            )
            for peer in ("plain_python", "cedarpy", "regopy")
            for threads in (1, 2)
            if isinstance(peers[peer], dict)
        }
        if isinstance(sql, dict):
            two = kernel["sorted_2_threads"]
            ratios["kernel_to_naive_sql_2_threads"] = round(
                two / sql["per_second"]["sorted_2_threads"], 1
            )
            bare = sql["per_second_without_planning"]
            ratios["kernel_to_naive_sql_2_threads_without_planning"] = bare and round(two / bare, 1)
        return {
            "rules": len(compiled.rules),
            "kernel_per_second": kernel,
            "peers": peers,
            "mixed_acts_2_threads_per_second": self.mixed(name),
            "ratios": ratios,
        }

    def single(self):
        """Time one decision that permits, and one that refuses and is explained."""
        outcomes = self.sample.answers[id(self.everything)][0]
        found = {}
        for label, outcome in (("permitted", 0), ("refused_and_explained", 2)):
            rows = np.flatnonzero(outcomes == outcome)[:1]
            for facts in map(python_facts, self.sample.known(self.everything, rows)):
                seconds, _ = timed(lambda f=facts: judge_one(self.everything, f, DAY), 200)
                found[f"{label}_us"] = round(seconds * 1e6)
        return found


def main():
    n_candidates = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 1_000_000
    run = Run(n_candidates)
    for name, compiled in run.sets.items():
        judge(compiled, run.coded[name].batch(run.world, next(run.world.chunks(True))), DAY)
    run.sorted_chunks()
    run.random_chunks()
    run.sample.close()
    streaming = peak_mb()
    report = {
        "candidates": n_candidates,
        "rows": {grain: facts.n_rows for grain, facts in run.world.grains.items()},
        "outcomes_all_rules": dict(run.outcomes),
        **{name: run.rules(name) for name in run.sets},
        "single_decision": run.single(),
        "compile_ms": round(run.compile_seconds * 1e3, 2),
        "differences": dict(run.differences),
        "peak_memory_mb": {"kernel_and_sql": streaming, "with_all_peers": peak_mb()},
    }
    print(json.dumps(report, indent=1))
    if sum(run.differences.values()):
        raise SystemExit("a peer and the kernel differ; see differences")


if __name__ == "__main__":
    main()
