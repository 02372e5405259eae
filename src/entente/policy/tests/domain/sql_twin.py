"""Spell a typed tree as DuckDB SQL: the second, independent way to judge a column of facts."""

import datetime as dt

from entente.policy.domain.facts import EPOCH, FACTS
from entente.policy.domain.tree import (
    Among,
    Compare,
    Contains,
    Either,
    Every,
    Lit,
    Not,
    Param,
    Ref,
    Sum,
    Truth,
    Unknown,
)

TYPES = {"boolean": "BOOLEAN", "date": "DATE", "text": "VARCHAR", "list": "VARCHAR[]"}


def column_type(name):
    return TYPES.get(FACTS[name].type, "BIGINT")


def quoted(name):
    return '"' + name + '"'


def literal(value, kind):
    if value is None:
        return "NULL"
    if kind == "text":
        return f"'{value}'"
    if kind == "boolean":
        return "TRUE" if value else "FALSE"
    if kind == "date":
        return f"DATE '{EPOCH + dt.timedelta(days=value)}'"
    return str(value)


def spell(node, parameters, day):
    def go(part):
        return spell(part, parameters, day)

    match node:
        case Truth(ref):
            return go(ref)
        case Ref(name):
            return quoted(name)
        case Lit(value, kind):
            return literal(value, kind)
        case Param(name, kind, key):
            found = parameters[name].on(day)
            if key is None:
                return literal(None if found is None else found.value, kind)
            cases = " ".join(
                f"WHEN '{k}' THEN {literal(v, kind)}" for k, v in (found.keyed if found else ())
            )
            return f"(CASE {go(key)} {cases} END)" if cases else "NULL"
        case Sum(sign, left, right):
            return f"({go(left)} {sign} {go(right)})"
        case Compare(op, left, right):
            return f"({go(left)} {op} {go(right)})"
        case Among(item, values):
            return f"({go(item)} IN ({', '.join(go(v) for v in values)}))"
        case Unknown(ref):
            return f"({go(ref)} IS NULL)"
        case Contains(column, item):
            return f"list_contains({go(column)}, {go(item)})"
        case Not(part):
            return f"(NOT {go(part)})"
        case Every(parts):
            return "(" + " AND ".join(go(p) for p in parts) + ")"
        case Either(parts):
            return "(" + " OR ".join(go(p) for p in parts) + ")"


def rule_sql(rule, parameters, day):
    """0 pass, 1 refused, 2 undecided; a rule not in force passes."""
    if day < rule.start or (rule.end and day > rule.end):
        return "0"
    applies = spell(rule.applies, parameters, day)
    requires = spell(rule.requires, parameters, day)
    return (
        f"CASE WHEN ({applies}) IS FALSE OR ({requires}) IS TRUE THEN 0 "
        f"WHEN ({applies}) IS TRUE AND ({requires}) IS FALSE THEN 1 ELSE 2 END"
    )


def query(compiled, day, table="facts"):
    parameters = {pack.id: pack.parameters for pack in compiled.packs}
    columns = ", ".join(
        f"{rule_sql(rule, parameters[rule.pack_id], day)} AS {quoted(rule.id)}"
        for rule in compiled.rules
    )
    return f"SELECT {columns} FROM {table}"
