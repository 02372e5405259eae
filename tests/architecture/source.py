"""The source of the platform as the architecture tests read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENTENTE = ROOT / "src" / "entente"
STEPS = [
    ["foundation"],
    ["policy"],
    ["directory"],
    ["consent", "content"],
    ["alliances"],
    ["engagement", "deals"],
    ["planning", "disclosures"],
    ["measurement"],
    ["demo"],
]
STEP = {room: step for step, rooms in enumerate(STEPS) for room in rooms}


def name_of(path: Path) -> str:
    """Give a path as the tests print it."""
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """Give the room in which a file lies."""
    return path.relative_to(ENTENTE).parts[0]


def floor_of(path: Path) -> str:
    """Give the floor of a file: its folder inside the room, or its own name."""
    return path.relative_to(ENTENTE).parts[1].removesuffix(".py")


@cache
def modules() -> tuple[Path, ...]:
    """Give every module of the platform that is neither test nor migration."""
    found = [*ENTENTE.rglob("*.py"), *(ROOT / "config").glob("*.py")]
    return tuple(sorted(p for p in found if not {"tests", "migrations"} & set(p.parts)))


def in_rooms(*floors: str) -> list[Path]:
    """Give the modules of these floors in all rooms, or of all floors."""
    inside = [p for p in modules() if ENTENTE in p.parents and p.parent != ENTENTE]
    return [p for p in inside if not floors or floor_of(p) in floors]


@cache
def tree(path: Path) -> ast.Module:
    """Read one module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Give line and full name of everything a module imports, types alone left out."""
    for node in _running(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _running(child)


def templates() -> list[Path]:
    """Give every template."""
    return sorted(ENTENTE.rglob("*.html"))
