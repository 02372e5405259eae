"""The page of edge cases names tests, and each of them exists."""

from __future__ import annotations

import re

from tests.architecture.source import ENTENTE, ROOT

PAGE = ROOT / "docs" / "reference" / "edge-cases.md"
ROW = re.compile(r"^\| (?!case \|)(?!---)(.+?) \| .+ \| (.+) \|$", re.MULTILINE)


def rows() -> list[tuple[str, list[str]]]:
    """Give each case with the tests that show it."""
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return [(case, re.findall(r"`(\w+)`", named)) for case, named in found if case[0] != "-"]


def test_every_edge_case_names_a_test_that_exists():
    files = [*ENTENTE.rglob("tests/**/test_*.py"), *(ROOT / "tests").rglob("test_*.py")]
    known = {
        name
        for path in files
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    missing = {case: sorted(set(tests) - known) for case, tests in rows() if set(tests) - known}
    assert len(rows()) > 60
    assert missing == {}
    assert [case for case, tests in rows() if not tests] == []


def test_no_edge_case_stands_twice():
    cases = [case for case, _ in rows()]
    assert sorted(cases) == sorted(set(cases))
