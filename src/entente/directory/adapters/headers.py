"""Headers of registry files: which column is which, whatever year the file is of."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from entente.directory.adapters.chunks import RegistryFileError

_HEADER_BYTES = 1 << 20
_MAX_COLUMNS = 2_000
_DELIMITERS = ",;\t|"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ARCHIVE = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Column:
    """A wanted column: our name for it, the headers it goes by, whether a file must have it."""

    name: str
    headers: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Where the wanted columns of a file stand.

    Attributes
    ----------
    delimiter : str
    n_columns : int
    positions : dict of str to int
        Place (from 0) of each wanted column that the file has.
    spellings : dict of str to str
        How the file writes it, trimmed.
    """

    delimiter: str
    n_columns: int
    positions: dict[str, int]
    spellings: dict[str, str]

    def spelling(self, name: str) -> str:
        """The header of a column as the file writes it, or our name where it has none."""
        return self.spellings.get(name, name)

    def has(self, name: str) -> bool:
        """Whether the file has the column."""
        return name in self.positions


def header_key(text: str) -> str:
    """Reduce a header to what does not drift: letters and digits, in lower case.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> header_key(" Ind_PAC_ID"), header_key("Country Code (If outside U.S.)")
    ('ind pac id', 'country code if outside u s')
    """
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


def read_header(path: Path, columns: Sequence[Column]) -> Header:
    """Find the wanted columns in the first record of a file.

    Parameters
    ----------
    path : pathlib.Path
        CSV, plain or gzip.
    columns : sequence of Column

    Returns
    -------
    Header

    Raises
    ------
    RegistryFileError
        If the file is empty or no CSV, has too many columns, names a wanted column twice, or lacks
        a required one.
    """
    names, delimiter = _first_record(path)
    if len(names) > _MAX_COLUMNS:
        raise RegistryFileError(
            f"IMPORT-003: {path.name} has {len(names)} columns; at most {_MAX_COLUMNS} are read. "
            "Check that the line ends of the file are intact."
        )
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(header_key(name), []).append(place)
    positions: dict[str, int] = {}
    for column in columns:
        found = next((key for key in map(header_key, column.headers) if key in places), None)
        if found is None:
            if column.required:
                raise _missing(path, column)
            continue
        if len(places[found]) > 1:
            raise RegistryFileError(
                f"IMPORT-002: {path.name} has the column {column.headers[0]!r} "
                f"{len(places[found])} times; keep one of them."
            )
        positions[column.name] = places[found][0]
    spellings = {name: names[place].strip() for name, place in positions.items()}
    return Header(delimiter, len(names), positions, spellings)


def header_names(path: Path) -> list[str]:
    """Give the names of all columns of a file, trimmed, in their order.

    Raises
    ------
    RegistryFileError
        If the file is empty or no CSV.
    """
    return [name.strip() for name in _first_record(path)[0]]


def _missing(path: Path, column: Column) -> RegistryFileError:
    others = ", ".join(repr(name) for name in column.headers[1:])
    also = f" (or {others})" if others else ""
    return RegistryFileError(
        f"IMPORT-001: {path.name} has no column {column.headers[0]!r}{also}; add it to the header, "
        "or check that the file is of the kind you named."
    )


def _first_record(path: Path) -> tuple[list[str], str]:
    head = _head(path)
    if head.startswith(_UTF16) or b"\0" in head[:4096]:
        raise RegistryFileError(
            f"IMPORT-007: {path.name} is not UTF-8 text; save it as CSV in UTF-8."
        )
    if head.startswith(_ARCHIVE):
        raise RegistryFileError(
            f"IMPORT-007: {path.name} is an archive or a workbook; unpack it, or save it as CSV."
        )
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The cut at the end of the head, or Windows-1252: headers themselves are ASCII in both.
        text = head.decode("cp1252", errors="replace").removeprefix("ï»¿")
    if not text.strip():
        raise RegistryFileError(f"IMPORT-008: {path.name} is empty; it needs a header and rows.")
    best = max((_split(path, text, mark), mark) for mark in _DELIMITERS[:1])
    for mark in _DELIMITERS[1:]:
        names = _split(path, text, mark)
        best = (names, mark) if len(names) > len(best[0]) else best
    return best


def _split(path: Path, text: str, delimiter: str) -> list[str]:
    try:
        record = next(iter(csv.reader(text.splitlines(keepends=True), delimiter=delimiter)), [])
    except csv.Error:
        record = [""] * (_MAX_COLUMNS + 1)
    if not record:
        raise RegistryFileError(
            f"IMPORT-008: {path.name} begins with a blank line; its first line must be the header."
        )
    return record


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            zipped = stream.read(2) == b"\x1f\x8b"
            stream.seek(0)
            source = cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if zipped else stream
            return source.read(_HEADER_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise RegistryFileError(
            f"IMPORT-004: {path.name} breaks off or is damaged inside its compression; "
            "fetch it again."
        ) from None
