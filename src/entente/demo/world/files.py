"""Write CSV files as registries do: UTF-8, comma, line feed, every field quoted or none."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], *, quoted: bool = False
) -> Path:
    """Write a CSV file and return its path.

    Parameters
    ----------
    path : pathlib.Path
    header : sequence of str
    rows : iterable of sequence of str
    quoted : bool
        Quote every field, as NPPES does.

    Returns
    -------
    pathlib.Path
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = (
            csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
            if quoted
            else csv.writer(stream, lineterminator="\n")
        )
        writer.writerow(header)
        writer.writerows(rows)
    return path
