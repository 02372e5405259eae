"""One way to write a record as text, so that a hash means something."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def microseconds(moment: datetime) -> int:
    """Give a moment as whole microseconds since 1970, independent of any zone.

    Raises
    ------
    ValueError
        If the moment carries no zone.

    Examples
    --------
    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be recorded; give one in UTC")
    delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be written canonically")


def canonical(record: Any) -> str:
    """Write a record as canonical JSON: sorted keys, no blanks, ASCII, no floats lost to NaN.

    Parameters
    ----------
    record : mapping or list of plain values, UUIDs, dates and aware moments

    Returns
    -------
    str

    Examples
    --------
    >>> canonical({"b": 1, "a": date(2026, 1, 2)})
    '{"a":"2026-01-02","b":1}'
    """
    return json.dumps(
        record,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
        allow_nan=False,
        default=_plain,
    )


def sha256_hex(text: str) -> str:
    """Give the SHA-256 of a text as 64 hexadecimal digits.

    Examples
    --------
    >>> sha256_hex("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode()).hexdigest()
