"""Small registry files in the real layouts, with invented people."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.registry_rows import WIDE, Row


@pytest.fixture
def nppes(tmp_path: Path) -> Callable[[Sequence[Row]], Path]:
    """Write rows as an NPPES file."""

    def write(rows: Sequence[Row]) -> Path:
        path = tmp_path / "npidata.csv"
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, WIDE, quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write
