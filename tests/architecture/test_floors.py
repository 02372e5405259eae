"""Floors: calculations without a clock, reads that do not write, doors that hold no queries."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import in_rooms, name_of, tree

CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "time.time",
    "time.monotonic", "now",
}  # fmt: skip
WRITES = {
    "save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete",
    "update",
}  # fmt: skip

# Doors that still ask a table themselves, and how often. A number here may only fall.
QUERIES_IN_DOORS: dict[str, int] = {
    "src/entente/consent/api.py": 3,
    "src/entente/demo/pages.py": 1,
    "src/entente/directory/api.py": 4,
    "src/entente/directory/pages/organisations.py": 2,
    "src/entente/directory/pages/people.py": 4,
    "src/entente/directory/pages/products.py": 1,
    "src/entente/planning/pages.py": 1,
    "src/entente/policy/pages/decisions.py": 1,
}


def calls(path) -> list[tuple[int, str]]:
    return [
        (node.lineno, ast.unparse(node.func))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
    ]


@pytest.mark.parametrize("floor", ["domain", "models", "reads", "actions"])
def test_nothing_below_the_doors_reads_the_clock(floor):
    guilty = [
        f"{name_of(path)}:{line} {called}"
        for path in in_rooms(floor)
        for line, called in calls(path)
        if ".".join(called.split(".")[-2:]) in CLOCKS
    ]
    assert guilty == [], "take the moment as an argument, from the door"


def test_reads_do_not_write():
    guilty = [
        f"{name_of(path)}:{line} {called}"
        for path in in_rooms("reads")
        for line, called in calls(path)
        if ".objects" in called and called.split(".")[-1] in WRITES
    ]
    assert guilty == []


def test_models_decide_nothing_and_call_no_other_floor():
    guilty = [
        f"{name_of(path)}:{node.lineno}"
        for path in in_rooms("models")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and re.search(r"\.(actions|reads|adapters|pages|api|jobs)\b", node.module or "")
    ]
    assert guilty == []


def test_doors_write_no_table():
    guilty = [
        f"{name_of(path)}:{line} {called}"
        for path in in_rooms("pages", "api", "jobs")
        for line, called in calls(path)
        if ".objects" in called and called.split(".")[-1] in WRITES
    ]
    assert guilty == []


def test_doors_ask_tables_no_oftener_than_they_did():
    found = {
        name_of(path): asked
        for path in in_rooms("pages", "api", "jobs")
        if (asked := len(re.findall(r"\b[A-Z]\w+\.objects\b", path.read_text(encoding="utf-8"))))
    }
    more = {name: n for name, n in found.items() if n > QUERIES_IN_DOORS.get(name, 0)}
    assert more == {}, "ask the room's reads instead"
