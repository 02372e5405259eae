"""Write the generated reference pages, or check that they are as the program would write them.

Run as ``python -m docs_build.generate [--check]``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from docs_build import actions, checks, commands, marks, policy, roles

ROOT = Path(__file__).resolve().parent.parent
PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands.page,
    "facts.md": policy.facts_page,
    "rules.md": policy.rules_page,
    "checks.md": checks.page,
    "features.md": marks.features_page,
    "promises.md": marks.promises_page,
    "roles.md": roles.page,
    "actions.md": actions.page,
    "components.md": commands.components_page,
}


def main(arguments: list[str]) -> int:
    """Write or check every page; give the exit status."""
    behind = []
    for name, make in PAGES.items():
        path, text = ROOT / "docs" / "reference" / name, make()
        if "--check" in arguments:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                behind.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if behind:
        sys.stderr.write(f"behind the program: {', '.join(behind)}; run make snapshots\n")
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
