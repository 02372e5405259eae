"""Enrolments as monthly counts: read from a file's rows, small ones left out, patients refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from entente.foundation.errors import UserError

SMALLEST = 11
COLUMNS = ("programme", "region", "month", "enrolled")
_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-01)?")


@dataclass(frozen=True)
class Count:
    """A cell; ``n`` is None where it is too small to be kept."""

    line: int
    programme: str
    region: str
    month: date
    n: int | None


@dataclass(frozen=True)
class Wrong:
    """A row that is not taken, and the remedy."""

    line: int
    field: str
    value: str
    remedy: str


def kept(n: int) -> int | None:
    """Give a count as it is kept: not at all below eleven.

    Examples
    --------
    >>> kept(10), kept(11)
    (None, 11)
    """
    return n if n >= SMALLEST else None


def check_columns(given: Iterable[str]) -> None:
    """Refuse a file whose columns are not the four: one row per patient has more.

    Raises
    ------
    UserError
    """
    names = [name.strip().lower() for name in given]
    more = [name for name in names if name not in COLUMNS]
    if more:
        raise UserError(
            f"only {', '.join(COLUMNS)} are taken; leave out {', '.join(more)}: nothing about"
            " single patients comes in"
        )
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise UserError(f"the file lacks {', '.join(missing)}")


def read_counts(rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[list[Count], list[Wrong]]:
    """Read cells, one per programme, region and month.

    A cell that stands twice is refused both times: rows that repeat are patients, not counts.
    """
    found: dict[tuple[str, str, date], list[Count]] = {}
    wrong: list[Wrong] = []
    for line, row in rows:
        read = _read(line, row)
        if isinstance(read, Wrong):
            wrong.append(read)
        else:
            key = (read.programme.casefold(), read.region.casefold(), read.month)
            found.setdefault(key, []).append(read)
    good = []
    for cells in found.values():
        if len(cells) == 1:
            good += cells
        else:
            wrong += [
                Wrong(c.line, "row", c.region, "This cell stands twice; give one sum per month.")
                for c in cells
            ]
    return good, sorted(wrong, key=lambda each: each.line)


def _read(line: int, row: Mapping[str, str]) -> Count | Wrong:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name, longest in (("programme", 200), ("region", 40)):
        if not 0 < len(values[name]) <= longest:
            return Wrong(line, name, values[name], f"Write the {name}, at most {longest} letters.")
    month = _MONTH.fullmatch(values["month"])
    if month is None or not 1 <= int(month[2]) <= 12 or int(month[1]) < 1990:
        return Wrong(line, "month", values["month"], "Write a month as 2026-11.")
    if not (values["enrolled"].isascii() and values["enrolled"].isdecimal()
            and len(values["enrolled"]) < 10):  # fmt: skip
        return Wrong(line, "enrolled", values["enrolled"], "Write a whole number from 0.")
    day = date(int(month[1]), int(month[2]), 1)
    return Count(line, values["programme"], values["region"], day, kept(int(values["enrolled"])))
