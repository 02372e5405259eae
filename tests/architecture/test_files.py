"""Files: of a readable size, named for what they know, with what they export explained."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import ENTENTE, ROOT, in_rooms, modules, name_of, tree

MOST_LINES = 400
MOST_FUNCTION_LINES = 60
NAMELESS = {"utils", "helpers", "services", "misc", "common", "manager", "managers", "util", "lib"}
EXPORTING = ("domain", "reads", "actions")
TODO = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|raise NotImplemented")


def test_no_file_is_longer_than_a_reader_bears():
    long = {
        name_of(path): n
        for path in modules()
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen():
    long = {
        f"{name_of(path)}:{node.lineno} {node.name}": n
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (n := lines_of_work(node)) > MOST_FUNCTION_LINES
    }
    assert long == {}


def lines_of_work(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines below the docstring."""
    work = function.body[1:] if ast.get_docstring(function) else function.body
    return function.end_lineno - work[0].lineno + 1 if work else 0


def test_every_file_is_named_for_what_it_knows():
    assert [name_of(path) for path in modules() if path.stem in NAMELESS] == []


def test_nothing_is_left_to_be_done():
    left = [
        f"{name_of(path)}:{n}"
        for path in modules()
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if TODO.search(line)
    ]
    assert left == []


def test_every_exported_function_says_what_it_does():
    silent = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in in_rooms(*EXPORTING)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_module_says_what_it_is():
    silent = [
        name_of(path) for path in modules() if tree(path).body and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_folders_of_tests_are_no_packages():
    inside = [*ENTENTE.rglob("tests/__init__.py"), *(ROOT / "tests").glob("*/__init__.py")]
    assert [name_of(path) for path in inside] == []


def test_a_test_that_names_a_feature_or_promise_names_it_well():
    bad = []
    for path in [*ENTENTE.rglob("tests/**/test_*.py"), *(ROOT / "tests").rglob("test_*.py")]:
        text = path.read_text(encoding="utf-8")
        bad += [
            m for m in re.findall(r'mark\.promise\("([^"]*)"', text) if not re.fullmatch(r"P\d+", m)
        ]
        bad += [
            m
            for m in re.findall(r'mark\.feature\("([^"]*)"', text)
            if not re.fullmatch(r"[a-z_]+(/[a-z0-9-]+)+", m)
        ]
    assert bad == []
