"""The page of actions and jobs, from the first lines of their documentation."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src" / "entente"


def _functions(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            doc = ast.get_docstring(node) or ""
            yield node.name, doc.split("\n\n")[0].replace("\n", " ")


def _of_room(room: Path, floor: str) -> list[tuple[str, str]]:
    files = [*room.glob(f"{floor}/*.py"), *room.glob(f"{floor}.py")]
    return [each for path in sorted(files) for each in _functions(path)]


def page() -> str:
    """Give the page of what each room does."""
    parts = [
        "# Actions and jobs\n\nWhat can be done, room by room. An action is one transaction and leaves"
        " one ledger entry or more; a job is an action that a worker performs and may repeat.\n"
    ]
    for room in sorted(path for path in ROOT.iterdir() if (path / "apps.py").exists()):
        rows = [(name, words, "action") for name, words in _of_room(room, "actions")]
        rows += [(name, words, "job") for name, words in _of_room(room, "jobs")]
        if not rows:
            continue
        parts += [f"## {room.name}\n", "| name | | purpose |", "|---|---|---|"]
        parts += [f"| `{name}` | {kind} | {words} |" for name, words, kind in rows]
        parts.append("")
    return "\n".join(parts)
