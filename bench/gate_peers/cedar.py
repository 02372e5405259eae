"""Cedar by cedarpy, for 20,000 candidates or some 20 seconds.

One `permit`, and a `forbid` per rule, over the attributes of the context.

Left out, since Cedar answers allow or deny only:
- rules of severity `record`, which never keep an act from going out;
- REFER as against FORBID (both deny), and refused as against undecided, except that a `warn`
  rule stops only where it is undecided;
- dates of force: parameters and rules are folded for one day;
- decimals and days, which go as whole numbers (millionths, days since 1970).
Cedar skips a policy that errs, so every attribute is asked for with `has` before it is read.
"""

import importlib.util
import json
import time

import numpy as np

from .rails import Rails


class CedarRails(Rails):
    def fact(self, name):
        return f'context["{name}"]'

    def truth(self, name):
        return self.every([self.has(name), self.fact(name)]), self.every(
            [self.has(name), f"!{self.fact(name)}"]
        )

    def has(self, name):
        return f'context has "{name}"'

    def lacks(self, name):
        return f"!({self.has(name)})"

    def every(self, parts):
        return "(" + " && ".join(parts) + ")"

    def either(self, parts):
        return "(" + " || ".join(parts) + ")"

    def member(self, item, texts):
        inside = f"[{', '.join(texts)}].contains({item})"
        return inside, f"!{inside}"

    def held(self, column, item):
        return f"{column}.contains({item})", f"!{column}.contains({item})"

    def lookup(self, key, table):
        spelled = "0"
        for code, amount in table.items():
            spelled = f'(if {key} == "{code}" then {amount} else {spelled})'
        return spelled


def policies(compiled, day):
    rails = CedarRails(compiled, day)
    texts = ["permit (principal, action, resource);"]
    for _, rule, (on, off, met, unmet) in rails.rules():
        if rails.stopping(rule):
            but = f" && !({on} && {unmet})" if rule.severity == "warn" else ""
            texts.append(
                f'@id("{rule.id}") forbid (principal, action, resource)\n'
                f"when {{ !({off} || {met}){but} }};"
            )
    return "\n".join(texts)


def run(compiled, day, sample, n_rows=20_000, most_seconds=20):
    if importlib.util.find_spec("cedarpy") is None:
        return "not installed"
    import cedarpy

    n_rows = min(n_rows, sample.n_rows)
    parsed = cedarpy.PolicySet.from_str(policies(compiled, day))
    nothing = cedarpy.Entities.from_json_str("[]")
    seconds, done, differences, errors, allowed = 0.0, 0, 0, 0, 0
    rows = np.random.default_rng(3).permutation(sample.spread(n_rows))
    for low in range(0, n_rows, 2000):
        if seconds > most_seconds:
            break
        some = rows[low : low + 2000]
        requests = [
            {"principal": 'Actor::"a"', "action": 'Action::"act"', "resource": 'Recipient::"r"',
             "context": json.dumps(facts)}
            for facts in sample.known(compiled, some)
        ]  # fmt: skip
        start = time.perf_counter()
        answers = cedarpy.is_authorized_batch(requests, parsed, nothing)
        seconds += time.perf_counter() - start
        done += len(some)
        for row, answer in zip(some, answers, strict=True):
            found = set(answer.diagnostics.id_annotations_by_reason.values())
            wanted = sample.stopped_by(compiled, row)
            differences += found != wanted or answer.allowed != (not wanted)
            differences += answer.allowed != (sample.outcome(compiled, row) == 0)
            errors += bool(answer.diagnostics.errors)
            allowed += answer.allowed
    return {
        "candidates": done,
        "per_second": round(done / seconds),
        "allowed_share": round(allowed / done, 4),
        "differences": differences,
        "policy_errors": errors,
    }
