"""Checks and conversions of whole columns; each distinct value is looked at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from entente.directory.adapters.chunks import VALUE_LIMIT, Refusal
from entente.directory.adapters.csv_stream import RawChunk
from entente.directory.adapters.headers import Header
from entente.directory.adapters.values import day_of, moment_of
from entente.directory.domain.search_keys import search_key
from entente.foundation.domain.identifiers import npi_valid_mask

Mask = NDArray[np.bool_]
# Raised whenever readers understand a value differently, so that unchanged rows are read anew.
_HASH_VERSION = "1"
DAY_REMEDY = "Write an existing day as MM/DD/YYYY or YYYY-MM-DD."
MOMENT_REMEDY = "Write the moment in ISO 8601 with its offset, for example 2026-03-01T09:30:00Z."
NPI_REMEDY = "Check the number: an NPI has 10 digits, and its last one is a check digit."
COUNTRY_REMEDY = "Write the country as two capitals of ISO 3166-1, for example GB."


class Reading:
    """One raw chunk on its way to typed columns, and the faults found in it.

    Parameters
    ----------
    raw : RawChunk
    header : Header
    """

    def __init__(self, raw: RawChunk, header: Header) -> None:
        self.lines = raw.lines
        self.refused = list(raw.refused)
        self.blanked: list[Refusal] = []
        self.keep: Mask = np.ones(len(raw.lines), dtype=np.bool_)
        self.n_read = raw.n_read
        self._columns = raw.columns
        self._header = header
        self._nothing = pa.nulls(len(raw.lines), pa.string())

    def text(self, name: str) -> pa.Array:
        """A wanted column as read, or nulls where the file does not have it."""
        return self._columns.get(name, self._nothing)

    def refuse(self, name: str, bad: Mask, remedy: str) -> None:
        """Leave out the rows that ``bad`` marks, because of the named column."""
        self.refused += self._faults(name, bad, remedy)
        self.keep &= ~bad

    def blank(self, name: str, bad: Mask, remedy: str) -> None:
        """Note that the named column of the marked rows was not taken."""
        self.blanked += self._faults(name, bad & self.keep, remedy)

    def require(self, name: str, remedy: str) -> None:
        """Leave out rows without a value in the named column."""
        self.refuse(name, null_mask(self.text(name)), remedy)

    def npi(self, name: str = "npi") -> pa.Array:
        """The column of NPIs; rows with another value are left out."""
        values = self.text(name)
        self.refuse(name, ~npi_valid_mask(values.to_pylist()), NPI_REMEDY)
        return values

    def days(self, name: str) -> pa.Array:
        """A column of days; rows with a value that is no day are left out."""
        values = self.text(name)
        found = map_values(values, day_of, pa.date32())
        self.refuse(name, values.is_valid().to_numpy(False) & null_mask(found), DAY_REMEDY)
        return found

    def moments(self, name: str) -> pa.Array:
        """A column of moments in UTC; rows with a value that is none are left out."""
        values = self.text(name)
        found = map_values(values, moment_of, pa.timestamp("us", tz="UTC"))
        self.refuse(name, ~null_mask(values) & null_mask(found), MOMENT_REMEDY)
        return found

    def one_of(self, name: str, allowed: Sequence[str]) -> pa.Array:
        """A column of words, in small letters; rows with another word, or none, are left out."""
        values = pc.utf8_lower(self.text(name))
        known = pc.fill_null(pc.is_in(values, pa.array(allowed, pa.string())), False)
        self.refuse(name, ~known.to_numpy(False), "Write one of " + ", ".join(allowed) + ".")
        return values

    def _faults(self, name: str, bad: Mask, remedy: str) -> list[Refusal]:
        values, spelling = self.text(name), self._header.spelling(name)
        return [
            Refusal(
                int(self.lines[row]), spelling, (values[row].as_py() or "")[:VALUE_LIMIT], remedy
            )
            for row in np.flatnonzero(bad)
        ]

    def row_hash(self) -> pa.Array:
        """32 hexadecimal digits over everything wanted of each row."""
        return hash_rows([self._columns[name] for name in sorted(self._columns)], len(self.lines))


def null_mask(values: pa.Array) -> Mask:
    """Where a column is null.

    Parameters
    ----------
    values : pyarrow.Array, length n

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    mask: Mask = values.is_null().to_numpy(False)
    return mask


def map_values(
    values: pa.Array, convert: Callable[[str], Any], kind: pa.DataType | None = None
) -> pa.Array:
    """Convert each distinct text once; null stays null.

    Parameters
    ----------
    values : pyarrow.Array of string
    convert : callable
        From a text to a value of ``kind``, or to None.
    kind : pyarrow.DataType, optional
        Text by default.

    Returns
    -------
    pyarrow.Array

    Examples
    --------
    >>> map_values(pa.array(["a", None, "a"]), str.upper).to_pylist()
    ['A', None, 'A']
    """
    coded = values.dictionary_encode()
    converted = pa.array([convert(text) for text in coded.dictionary.to_pylist()], kind or _TEXT)
    return converted.take(coded.indices)


_TEXT = pa.string()


def hash_rows(columns: Sequence[pa.Array], n_rows: int) -> pa.Array:
    """Hash rows, so that a row seen before is known without comparing its columns.

    Parameters
    ----------
    columns : sequence of pyarrow.Array of string
    n_rows : int

    Returns
    -------
    pyarrow.Array of string, length n_rows
        32 hexadecimal digits; null and empty text hash alike.

    Examples
    --------
    >>> first, second = hash_rows([pa.array(["a", "a"]), pa.array(["b", None])], 2).to_pylist()
    >>> len(first), first == second
    (32, False)
    """
    version = pa.array([_HASH_VERSION] * n_rows, pa.string())
    joined = pc.binary_join_element_wise(
        version, *columns, "\x1f", null_handling="replace", null_replacement=""
    )
    blake = hashlib.blake2b
    return pa.array(
        [blake(text.encode(), digest_size=16).hexdigest() for text in joined.to_pylist()], _TEXT
    )


def key_of(*columns: pa.Array) -> pa.Array:
    """Fold columns for search, joined in order (``directory.domain.search_keys``).

    Parameters
    ----------
    *columns : pyarrow.Array of string

    Returns
    -------
    pyarrow.Array of string
    """
    joined = pc.binary_join_element_wise(
        *columns, " ", null_handling="replace", null_replacement=""
    )
    return map_values(joined, search_key)
