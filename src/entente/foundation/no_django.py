"""Blocks Django's import, so that calculations prove they do not need it.

Loaded by ``make test-domain`` with ``-p entente.foundation.no_django``.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import Any


class Blocked(MetaPathFinder):
    """Refuses to find Django."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        """Raise for Django and its parts."""
        if fullname.partition(".")[0] in {"django", "procrastinate", "ninja", "allauth"}:
            raise ImportError(f"{fullname} is blocked: the domain floor does without Django")


sys.meta_path.insert(0, Blocked())
