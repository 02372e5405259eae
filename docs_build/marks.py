"""The pages of features and promises, from the marks that tests carry."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _marks_of(node: ast.AST, kind: str) -> list[str]:
    found = []
    for decorator in getattr(node, "decorator_list", []):
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Attribute)
            and decorator.func.attr == kind
        ):
            found += [a.value for a in decorator.args if isinstance(a, ast.Constant)]
    return found


def marked(kind: str) -> dict[str, list[tuple[str, str]]]:
    """Give, per mark, the file and the sentence of each test that carries it."""
    tests: dict[str, list[tuple[str, str]]] = defaultdict(list)
    files = [*ROOT.glob("src/entente/**/tests/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")]
    for path in sorted(files):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_file = [
            argument.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)
            for call in ast.walk(node.value)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == kind
            for argument in call.args
            if isinstance(argument, ast.Constant)
        ]
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                sentence = node.name.removeprefix("test_").replace("_", " ")
                for mark in [*of_file, *_marks_of(node, kind)]:
                    tests[mark].append((path.relative_to(ROOT).as_posix(), sentence))
    return tests


def _page(title: str, words: str, kind: str) -> str:
    found = marked(kind)
    parts = [f"# {title}\n\n{words}\n"]

    def order(mark: str) -> tuple[int, str]:
        digits = mark.lstrip("P")
        return (int(digits) if digits.isdigit() else 0, mark)

    for mark in sorted(found, key=order):
        parts.append(f"## {mark}\n")
        by_file: dict[str, list[str]] = defaultdict(list)
        for file, sentence in found[mark]:
            by_file[file].append(sentence)
        for file, sentences in by_file.items():
            parts.append(f"- `{file}`")
            parts += [f"    - {sentence}" for sentence in dict.fromkeys(sentences)]
        parts.append("")
    return "\n".join(parts)


def features_page() -> str:
    """Give the page of features and the tests that accept them."""
    return _page(
        "Features",
        "Capabilities that a test accepts, by the name the test carries. What is not listed here is"
        " not claimed.",
        "feature",
    )


def promises_page() -> str:
    """Give the page of promises and the tests that keep them."""
    return _page(
        "Promises",
        "What is promised about reliability and safety, by number, and the tests that keep each"
        " promise.",
        "promise",
    )
