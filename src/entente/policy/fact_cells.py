"""Turn Arrow columns of facts into the kernel's columns, naming the first cell that is wrong."""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .domain.columns import Coder, Column
from .domain.facts import LARGEST, Fact, share_millionths

_REMEDY = {
    "boolean": "Write true or false, or leave it empty",
    "integer": "Write a whole number, or leave it empty",
    "money": "Write whole minor units (12.50 EUR is 1250), or leave it empty",
    "share": "Write a decimal from 0 to 1 with at most six places, or leave it empty",
    "date": "Write a day as YYYY-MM-DD, or leave it empty",
    "time": "Write minutes since midnight, 0 to 1439, or leave it empty",
    "text": "Write a text, or leave it empty",
    "list": "Write texts joined by ;",
}
_BOOLEANS = {"true": 1, "false": 0, "TRUE": 1, "FALSE": 0, "True": 1, "False": 0}


class BadCell(ValueError):
    """A cell that does not fit its fact; `row` counts from 0 within the batch."""

    def __init__(self, row: int, column: str, value: str, remedy: str) -> None:
        super().__init__(f"{column} is {value!r}. {remedy}")
        self.row = row
        self.column = column
        self.value = value
        self.remedy = remedy


def _booleans(fact: Fact, texts: pa.Array) -> list[int | None]:
    return [_BOOLEANS.get(text) for text in texts.to_pylist()]


def _shares(fact: Fact, texts: pa.Array) -> list[int | None]:
    numbers: list[int | None] = []
    for text in texts.to_pylist():
        try:
            numbers.append(share_millionths(fact, text))
        except ValueError:
            numbers.append(None)
    return numbers


def _whole(fact: Fact, texts: pa.Array) -> pa.Array:
    plain = pc.match_substring_regex(texts, r"^-?[0-9]{1,16}$")
    numbers = pc.cast(pc.if_else(plain, texts, None), pa.int64())
    low, high = (0, 1439) if fact.type == "time" else (-LARGEST, LARGEST)
    inside = pc.and_(pc.greater_equal(numbers, low), pc.less_equal(numbers, high))
    return pc.if_else(pc.fill_null(inside, False), numbers, None)


def _days(fact: Fact, texts: pa.Array) -> pa.Array | list[int | None]:
    """Read days; the calendar is checked value by value only where Arrow finds a wrong one."""
    shaped = pc.if_else(
        pc.match_substring_regex(texts, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), texts, None
    )
    try:
        return pc.cast(pc.cast(pc.cast(shaped, pa.date32()), pa.int32()), pa.int64())
    except pa.ArrowInvalid:
        return [_day(text) for text in shaped.to_pylist()]


def _day(text: str | None) -> int | None:
    try:
        return None if text is None else int(np.datetime64(text, "D").astype(np.int64))
    except ValueError:
        return None


_READERS: dict[str, Callable[[Fact, pa.Array], Any]] = {
    "boolean": _booleans,
    "integer": _whole,
    "money": _whole,
    "time": _whole,
    "share": _shares,
    "date": _days,
}


def _as_text(fact: Fact, array: pa.Array) -> pa.Array:
    """Bring a typed (Parquet) column to the texts that CSV would hold; refuses other types."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _as_text(fact, array.dictionary_decode())
    if pa.types.is_string(kind) or pa.types.is_null(kind):
        return array.cast(pa.string())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return array.cast(pa.string())
    if fact.type == "boolean" and pa.types.is_boolean(kind):
        return array.cast(pa.string())
    numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    if fact.type in ("integer", "money", "time", "share") and numeric:
        return pa.array([_plain(value) for value in array.to_pylist()], pa.string())
    if fact.type == "date" and (pa.types.is_date(kind) or pa.types.is_timestamp(kind)):
        return pa.array([None if v is None else _midnight(v) for v in array.to_pylist()])
    raise BadCell(0, fact.name, str(kind), f"The column must be {fact.type}. {_REMEDY[fact.type]}")


def _plain(value: Any) -> str | None:
    """Write a number as text; 5.0 is 5, since tables with gaps store whole numbers so."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    number = Decimal(str(value))
    return str(int(number)) if number == int(number) else format(number, "f")


def _midnight(value: Any) -> str:
    text: str = value.isoformat()
    day, _, clock = text.partition("T")
    return day if clock.split("+")[0] in ("", "00:00:00") else text


def _filled(array: pa.Array, kind: Any) -> npt.NDArray[Any]:
    return np.ascontiguousarray(pc.fill_null(array, 0).to_numpy(zero_copy_only=False), dtype=kind)


def _known(array: pa.Array) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(pc.is_valid(array).to_numpy(zero_copy_only=False), dtype=np.uint8)


def _fast_numbers(fact: Fact, array: pa.Array) -> Column | None:
    """Take integers, booleans and days that Arrow already holds as such."""
    kind = array.type
    if fact.type == "boolean" and pa.types.is_boolean(kind):
        return Column(_filled(pc.cast(array, pa.int64()), np.int64), _known(array))
    if fact.type == "date" and pa.types.is_date32(kind):
        return Column(_filled(pc.cast(array, pa.int32()), np.int64), _known(array))
    if fact.type in ("integer", "money", "time") and pa.types.is_signed_integer(kind):
        numbers = pc.cast(array, pa.int64())
        bounds = pc.min_max(numbers).as_py()
        low, high = (0, 1439) if fact.type == "time" else (-LARGEST, LARGEST)
        if bounds["min"] is None or (low <= bounds["min"] and bounds["max"] <= high):
            return Column(_filled(numbers, np.int64), _known(array))
    return None


def numbers_of(fact: Fact, array: pa.Array) -> Column:
    """Read a column of any type but text and list; see `column_from_arrow`."""
    ready = _fast_numbers(fact, array)
    if ready is not None:
        return ready
    encoded = _as_text(fact, array).dictionary_encode()
    distinct = encoded.dictionary
    numbers = _READERS[fact.type](fact, distinct)
    if isinstance(numbers, list):
        numbers = pa.array(numbers, pa.int64())
    if numbers.null_count:
        wrong = pc.index(pc.is_null(numbers), True).as_py()
        row = pc.index(encoded.indices, pa.scalar(wrong, encoded.indices.type)).as_py()
        raise BadCell(row, fact.name, distinct[wrong].as_py(), _REMEDY[fact.type])
    return Column(_filled(numbers.take(encoded.indices), np.int64), _known(encoded))


def texts_of(fact: Fact, array: pa.Array, coder: Coder, *, compared: bool) -> Column:
    """Read a text column.

    Only facts that a rule compares with another fact need a code for every text; for the others
    a text that no rule names is as good as any such text.
    """
    texts = _as_text(fact, array)
    if not compared:
        known = pa.array(coder.texts(), pa.string())
        codes = pc.fill_null(pc.index_in(texts, value_set=known), -1)
        return Column(_filled(codes, np.int64), _known(texts))
    encoded = texts.dictionary_encode()
    codes = np.array([coder.code(text) for text in encoded.dictionary.to_pylist()], np.int64)
    places = _filled(encoded.indices, np.int64)
    values = codes[places] if len(codes) else np.zeros(len(places), np.int64)
    return Column(values, _known(encoded))


def lists_of(fact: Fact, array: pa.Array, coder: Coder) -> Column:
    """Read a list column: a list of texts, or texts joined by `;` (a lone `;` is an empty list)."""
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        rows = array.to_pylist()
    else:
        rows = [
            None if text is None else [part for part in text.split(";") if part]
            for text in _as_text(fact, array).to_pylist()
        ]
    counts = np.fromiter((len(row or ()) for row in rows), np.int64, len(rows))
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    codes = np.fromiter((coder.code(text) for row in rows for text in row or ()), np.int64)
    valid = np.fromiter((row is not None for row in rows), np.uint8, len(rows))
    return Column(offsets, valid, codes if len(codes) else np.zeros(1, np.int64))


def column_from_arrow(fact: Fact, array: pa.Array, coder: Coder, *, compared: bool) -> Column:
    """Read one column of a file as the kernel's column.

    Raises
    ------
    BadCell
        At the first cell, or column type, that does not fit the fact.
    """
    if fact.type == "list":
        return lists_of(fact, array, coder)
    if fact.type == "text":
        return texts_of(fact, array, coder, compared=compared)
    return numbers_of(fact, array)
