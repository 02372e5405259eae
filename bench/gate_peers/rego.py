"""Rego by regopy, for 500 candidates or 10 seconds.

One partial rule that collects the ids of all rules in the way of an act.

Left out: the same as for Cedar, since the set of stopping rules says allow or deny and no more.
A missing attribute is undefined in Rego and fails the body that reads it, which the two rails
account for.
"""

import importlib.util
import json
import time

import numpy as np

from .rails import Rails


class RegoRails(Rails):
    def __init__(self, compiled, day):
        super().__init__(compiled, day)
        self.helpers = []
        self.named = {}

    def fact(self, name):
        return f'input["{name}"]'

    def truth(self, name):
        return f"{self.fact(name)} == true", f"{self.fact(name)} == false"

    def has(self, name):
        return self.helper([f"{self.fact(name)} == {self.fact(name)}"])

    def lacks(self, name):
        return f"not {self.has(name)}"

    def helper(self, bodies):
        key = tuple(bodies)
        if key not in self.named:
            self.named[key] = f"h{len(self.named)}"
            self.helpers += [f"{self.named[key]} if {{ {body} }}" for body in bodies]
        return self.named[key]

    def every(self, parts):
        return "; ".join(parts)

    def either(self, parts):
        return self.helper(parts)

    def member(self, item, texts):
        inside = f"{item} in {{{', '.join(texts)}}}"
        return inside, f"not {self.helper([inside])}"

    def held(self, column, item):
        return f"{item} in {column}", f"not {self.helper([f'{item} in {column}'])}"

    def lookup(self, key, table):
        pairs = ", ".join(f'"{code}": {amount}' for code, amount in table.items())
        return f"{{{pairs}}}[{key}]"


def module(compiled, day):
    rails = RegoRails(compiled, day)
    rules = []
    for _, rule, (on, off, met, unmet) in rails.rules():
        if rails.stopping(rule):
            body = [f"not {rails.helper([off, met])}"]
            if rule.severity == "warn":
                body.append(f"not {rails.helper([rails.every([on, unmet])])}")
            rules.append(f'stops contains "{rule.id}" if {{ {"; ".join(body)} }}')
    return "\n".join(["package gate", "import rego.v1", *rails.helpers, *rules])


def run(compiled, day, sample, n_rows=500, most_seconds=10):
    if importlib.util.find_spec("regopy") is None:
        return "not installed"
    import regopy

    n_rows = min(n_rows, sample.n_rows)
    rego = regopy.Interpreter()
    rego.add_module("gate", module(compiled, day))
    bundle = rego.build("x = data.gate.stops")
    rows = np.random.default_rng(4).permutation(sample.spread(n_rows))
    seconds, done, differences = 0.0, 0, 0
    for row, facts in zip(rows, sample.known(compiled, rows), strict=True):
        if seconds > most_seconds:
            break
        done += 1
        start = time.perf_counter()
        rego.set_input(regopy.Input(facts))
        answer = rego.query_bundle(bundle)
        seconds += time.perf_counter() - start
        found = set(json.loads(answer.binding("x").json()))
        differences += found != sample.stopped_by(compiled, row)
    return {
        "candidates": done,
        "per_second": round(done / seconds, 1),
        "differences": differences,
    }
