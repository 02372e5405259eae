"""Plain Python: every rule compiled into one generated function over joined tuples."""

import time

from .rails import Rails

PIECE = 10_000


class PythonRails(Rails):
    never = "False"

    def __init__(self, compiled, day):
        super().__init__(compiled, day)
        self.names = {name: f"f{index}" for index, name in enumerate(compiled.facts)}

    def fact(self, name):
        return self.names[name]

    def literal(self, value, kind):
        return repr(bool(value) if kind == "boolean" else value)

    def truth(self, name):
        return f"{self.fact(name)} is True", f"{self.fact(name)} is False"

    def has(self, name):
        return f"{self.fact(name)} is not None"

    def lacks(self, name):
        return f"{self.fact(name)} is None"

    def every(self, parts):
        return "(" + " and ".join(parts) + ")"

    def either(self, parts):
        return "(" + " or ".join(parts) + ")"

    def member(self, item, texts):
        among = "{" + ", ".join(texts) + "}"
        return f"{item} in {among}", f"{item} not in {among}"

    def held(self, column, item):
        return f"{item} in {column}", f"{item} not in {column}"

    def lookup(self, key, table):
        return f"{table!r}[{key}]"


def generated(compiled, day):
    """Return a function from a tuple of facts to (refused, undecided) as bits."""
    rails = PythonRails(compiled, day)
    lines = ["def judge(row):", "    refused = undecided = 0"]
    lines.append(f"    ({', '.join(rails.names.values())},) = row")
    for bit, _, (on, off, met, unmet) in rails.rules():
        lines += [
            f"    if not ({off} or {met}):",
            f"        if {on} and {unmet}: refused |= {1 << bit}",
            f"        else: undecided |= {1 << bit}",
        ]
    space = {}
    exec("\n".join([*lines, "    return refused, undecided"]), space)
    return space["judge"]


def run(compiled, day, sample):
    """Judge every row of a sample; compare each rule with the kernel's bits."""
    judge_row = generated(compiled, day)
    names, seconds, differences = list(compiled.facts), 0.0, 0
    for low in range(0, sample.n_rows, PIECE):
        high = min(low + PIECE, sample.n_rows)
        rows = list(zip(*(sample.values(name, low, high) for name in names), strict=True))
        start = time.perf_counter()
        answers = [judge_row(row) for row in rows]
        seconds += time.perf_counter() - start
        differences += sum(
            answer != sample.bits(compiled, row) for row, answer in enumerate(answers, low)
        )
    return {
        "candidates": sample.n_rows,
        "per_second": round(sample.n_rows / seconds),
        "differences": differences,
    }
