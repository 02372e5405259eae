"""Long lists in parts, by key: no counting of the whole, no offset."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from entente.foundation.domain.canonical import canonical

SHOWN = 50
MOST = 200
Kind = TypeVar("Kind", bound=Model)


@dataclass(frozen=True)
class Part:
    """A part of a list, and the keys behind which the next and the previous one stand."""

    rows: list[Any]
    after: str = ""
    before: str = ""

    @property
    def n_shown(self) -> int:
        """How many rows are shown."""
        return len(self.rows)


def _key(row: Model, fields: Sequence[str]) -> str:
    values = [_plain(getattr(row, field.removeprefix("-"))) for field in fields]
    return urlsafe_b64encode(canonical(values).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, int | str) else str(value)


def _values(key: str, n_fields: int) -> list[Any] | None:
    import json

    try:
        values = json.loads(urlsafe_b64decode(key + "=" * (-len(key) % 4)))
    except ValueError:
        return None
    fits = isinstance(values, list) and len(values) == n_fields
    return values if fits and all(isinstance(v, int | str) for v in values) else None


def _behind(fields: Sequence[str], values: Sequence[Any], *, turned: bool) -> Q:
    """Select what stands behind a key: equal in the first fields, further in the next."""
    found, equal = Q(), Q()
    for field, value in zip(fields, values, strict=True):
        name, falls = field.removeprefix("-"), field.startswith("-") != turned
        found |= equal & Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
        equal &= Q(**{name: value})
    return found


def part_of(rows: QuerySet[Kind], order: Sequence[str], asked: Any, *, limit: int = SHOWN) -> Part:
    """Give one part of a list.

    Parameters
    ----------
    rows : QuerySet
    order : sequence of str
        Fields, ``-`` before those that fall; together they name one row.
    asked : mapping
        The address's query: ``after`` and ``before`` are keys that an earlier part gave; a
        key that cannot be read starts at the beginning.
    limit : int
        Rows of a part, at most 200.
    """
    limit = max(1, min(limit, MOST))
    after = _values(asked.get("after") or "", len(order))
    before = None if after else _values(asked.get("before") or "", len(order))
    try:
        found = _fetched(rows, order, after, before, limit)
    except (ValueError, TypeError):
        after = before = None
        found = _fetched(rows, order, None, None, limit)
    more = len(found) > limit
    shown = found[:limit]
    if before:
        shown.reverse()
    if not shown:
        return Part([])
    has_next, has_previous = (True, more) if before else (more, bool(after))
    return Part(
        shown,
        after=_key(shown[-1], order) if has_next else "",
        before=_key(shown[0], order) if has_previous else "",
    )


def _fetched(
    rows: QuerySet[Kind],
    order: Sequence[str],
    after: list[Any] | None,
    before: list[Any] | None,
    limit: int,
) -> list[Kind]:
    from django.core.exceptions import ValidationError

    turned = [f[1:] if f.startswith("-") else f"-{f}" for f in order]
    try:
        if after:
            rows = rows.filter(_behind(order, after, turned=False))
        elif before:
            rows = rows.filter(_behind(order, before, turned=True))
    except ValidationError:
        raise ValueError("the key names no row") from None
    return list(rows.order_by(*(turned if before else order))[: limit + 1])
