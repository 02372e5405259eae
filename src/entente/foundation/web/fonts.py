"""Serve the typeface from its installed package, so that the repository holds no copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import font_source_sans_pro
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

FOLDER = Path(font_source_sans_pro.font_directory)
PREFIX = "entente/fonts"
WEIGHTS = ("Regular", "It", "Semibold", "Bold")
FILES = tuple(f"SourceSansPro-{weight}.ttf" for weight in WEIGHTS)


class FontFinder(BaseFinder):
    """Static files finder for the four weights in use, at ``entente/fonts/``.

    Named in ``STATICFILES_FINDERS``; the licence of the typeface (SIL OFL) goes along.
    """

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=FOLDER)
        # collectstatic writes each file below this attribute of its storage.
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]

    def check(self, **kwargs: Any) -> list[Any]:
        """Report nothing: the package is a dependency, its files are tested."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file for a static path such as ``entente/fonts/SourceSansPro-It.ttf``."""
        found = [str(FOLDER / name) for name in self._names() if path == f"{PREFIX}/{name}"]
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield each font file with its storage, for ``collectstatic``."""
        for name in self._names():
            yield name, self.storage

    @staticmethod
    def _names() -> tuple[str, ...]:
        return (*FILES, "LICENSE.txt")
