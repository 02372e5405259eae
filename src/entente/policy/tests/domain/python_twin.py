"""A slow, obvious judge: reads the packs' TOML itself, parses conditions with sqlglot, walks them.

Shares nothing with the evaluator but the files of rules and the names of facts.
"""

import datetime as dt
import operator
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import sqlglot
from sqlglot import exp

OPS = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
}


def figure(name, value):
    """Take shares as decimals; all else compares in Python as the field means it."""
    share = name in ("revshare.share", "tally.samples_value_share")
    return Decimal(value) if share and value is not None else value


@dataclass
class Twin:
    """One rule as its TOML says it."""

    data: dict
    parameters: dict

    def parameter(self, name, key, day):
        table = self.parameters[name]
        best = None
        for start, entry in sorted((k, v) for k, v in table.items() if isinstance(v, dict)):
            if start <= day.isoformat() and day <= entry.get("to", dt.date.max):
                best = entry["value"]
        if isinstance(best, dict):
            best = best.get(key)
        return Decimal(best) if table["type"] == "share" and best is not None else best


@lru_cache(maxsize=4096)
def parsed(text):
    # Quoted, because to SQL some rooms' words (grant) are keywords.
    return sqlglot.parse_one(re.sub(r"\b([a-z]\w*\.[a-z]\w*)\b", r'"\1"', text))


def value_of(node, facts, rule, day):
    """Return (value or None, names of the absent facts that make it None)."""
    match node:
        case exp.Paren():
            return value_of(node.this, facts, rule, day)
        case exp.Column():
            name = node.name
            value = figure(name, facts.get(name))
            return value, set() if value is not None else {name}
        case exp.Neg():
            value, absent = value_of(node.this, facts, rule, day)
            return (None if value is None else -value), absent
        case exp.Literal():
            if node.is_string:
                return node.this, set()
            return (Decimal(node.this) if "." in node.this else int(node.this)), set()
        case exp.Boolean():
            return bool(node.this), set()
        case exp.Cast():
            text = node.this.this
            if node.to.is_type("date"):
                return dt.date.fromisoformat(text), set()
            hours, minutes = text.split(":")
            return 60 * int(hours) + int(minutes), set()
        case exp.Placeholder():
            return rule.parameter(node.name, None, day), set()
        case exp.Anonymous() if node.name.lower() == "param":
            key, absent = value_of(node.expressions[1], facts, rule, day)
            if key is None:
                return None, absent
            return rule.parameter(node.expressions[0].this, key, day), set()
        case exp.Add() | exp.Sub():
            left, a = value_of(node.this, facts, rule, day)
            right, b = value_of(node.expression, facts, rule, day)
            if left is None or right is None:
                return None, a | b
            if isinstance(left, dt.date) and isinstance(right, dt.date):
                return (left - right).days, set()
            if isinstance(left, dt.date):
                ordinal = left.toordinal() + (right if isinstance(node, exp.Add) else -right)
                return dt.date.fromordinal(ordinal), set()
            return (left + right if isinstance(node, exp.Add) else left - right), set()
    return truth_of(node, facts, rule, day)


def joined(node, facts, rule, day, decisive):
    left, a = truth_of(node.this, facts, rule, day)
    right, b = truth_of(node.expression, facts, rule, day)
    if left is decisive or right is decisive:
        return decisive, set()
    if left is None or right is None:
        return None, (a if left is None else set()) | (b if right is None else set())
    return not decisive, set()


def truth_of(node, facts, rule, day):
    match node:
        case exp.And():
            return joined(node, facts, rule, day, False)
        case exp.Or():
            return joined(node, facts, rule, day, True)
        case exp.Not():
            value, absent = truth_of(node.this, facts, rule, day)
            return (None if value is None else not value), absent
        case exp.Is():
            value, _ = value_of(node.this, facts, rule, day)
            return value is None, set()
        case exp.In():
            value, absent = value_of(node.this, facts, rule, day)
            if value is None:
                return None, absent
            return value in [value_of(x, facts, rule, day)[0] for x in node.expressions], set()
        case exp.Between():
            value, a = value_of(node.this, facts, rule, day)
            low, b = value_of(node.args["low"], facts, rule, day)
            high, c = value_of(node.args["high"], facts, rule, day)
            if None not in (value, low, high):
                return low <= value <= high, set()
            above = None if value is None or low is None else value >= low
            below = None if value is None or high is None else value <= high
            if above is False or below is False:
                return False, set()
            return None, a | (b if above is None else set()) | (c if below is None else set())
        case exp.Contains() | exp.ArrayContains():
            return listed(node.this, node.expression, facts, rule, day)
        case exp.Anonymous() if node.name.lower() == "contains":
            return listed(*node.expressions, facts, rule, day)
    if type(node) in OPS:
        left, a = value_of(node.this, facts, rule, day)
        right, b = value_of(node.expression, facts, rule, day)
        if left is None or right is None:
            return None, a | b
        return OPS[type(node)](left, right), set()
    return value_of(node, facts, rule, day)


def listed(column, item, facts, rule, day):
    values, a = value_of(column, facts, rule, day)
    one, b = value_of(item, facts, rule, day)
    if values is None or one is None:
        return None, a | b
    return one in values, set()


def state_of(applies, requires, facts, rule, day):
    """Return (pass, refused or undecided; absent facts that left it undecided)."""
    on, a = truth_of(parsed(applies), facts, rule, day)
    met, b = truth_of(parsed(requires), facts, rule, day)
    if on is False or met is True:
        return "pass", set()
    if on is True and met is False:
        return "refused", set()
    return "undecided", a | b


class Judge:
    """Judges one act by reading the rule files."""

    def __init__(self, folder):
        self.rules = []
        for file in sorted(Path(folder).rglob("*.toml")):
            data = tomllib.loads(file.read_text())
            for rule in data.get("rules", []):
                self.rules.append(Twin(rule, data.get("parameters", {})))
        self.rules.sort(key=lambda rule: rule.data["id"])

    def judge(self, facts, on):
        facts = {"action.date": on} | {k: v for k, v in facts.items() if v is not None}
        day = facts["action.date"]
        worst, ids, missing = 0, [], set()
        for rule in self.rules:
            data = rule.data
            if not data["from"] <= day <= data.get("to", dt.date.max):
                continue
            state, absent = state_of(data["applies"], data["requires"], facts, rule, day)
            if state == "pass":
                continue
            ids.append(data["id"])
            missing |= absent
            severity, forbids = data["severity"], data.get("missing") == "forbid"
            if severity == "block":
                worst = max(worst, 2 if state == "refused" or forbids else 1)
            elif severity == "approve" or (severity == "warn" and state == "undecided"):
                worst = max(worst, 1)
        return ("PERMIT", "REFER", "FORBID")[worst], ids, sorted(missing)
