"""Rows and values that a load did not take: to the refused file, and counted."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from entente.directory.adapters.chunks import Refusal
from entente.foundation.web.exports import inert

_LINES_KEPT = 5


class RefusedRows:
    """Collects what was not taken; values go to the file given and nowhere else.

    Parameters
    ----------
    path : pathlib.Path or None
        CSV with columns ``line, field, value, remedy, row``; the last says whether the whole
        row was refused or kept without this value.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stream: IO[str] | None = None
        self._lines: set[int] = set()
        self._reasons: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.n_values_left_out = 0
        if path is not None:
            self._stream = self._part.open("w", newline="", encoding="utf-8")
            self._writer = csv.writer(self._stream)
            self._writer.writerow(["line", "field", "value", "remedy", "row"])

    @property
    def _part(self) -> Path:
        assert self._path is not None
        return self._path.with_name(self._path.name + ".part")

    @property
    def n_rows(self) -> int:
        """Rows refused as a whole; a row with two faults counts once."""
        return len(self._lines)

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Note rows that were left out."""
        for refusal in refusals:
            self._lines.add(refusal.line)
            self._note(refusal, "refused")

    def blank(self, refusals: Iterable[Refusal]) -> None:
        """Note values that were left out of rows that were kept."""
        for refusal in refusals:
            self.n_values_left_out += 1
            self._note(refusal, "kept")

    def _note(self, refusal: Refusal, fate: str) -> None:
        key = (refusal.field, refusal.remedy, fate)
        reason = self._reasons.setdefault(
            key,
            {"field": refusal.field, "remedy": refusal.remedy, "row": fate, "n": 0, "lines": []},
        )
        reason["n"] += 1
        if len(reason["lines"]) < _LINES_KEPT:
            reason["lines"].append(refusal.line)
        if self._stream is not None:
            self._writer.writerow(
                [refusal.line, refusal.field, inert(refusal.value), refusal.remedy, fate]
            )

    def summary(self) -> list[dict[str, Any]]:
        """Give the reasons, most frequent first, with their first lines and without values."""
        return sorted(self._reasons.values(), key=lambda reason: -reason["n"])

    def close(self) -> None:
        """Offer the file under its name, now that it is whole."""
        if self._stream is not None and self._path is not None:
            self._stream.close()
            self._part.replace(self._path)

    def abandon(self) -> None:
        """Leave no half file behind."""
        if self._stream is not None:
            self._stream.close()
            self._part.unlink(missing_ok=True)
