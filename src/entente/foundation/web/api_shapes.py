"""Shapes that all rooms' operations share: strict input, bounded text, lists in parts."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Query, Schema
from pydantic import ConfigDict, Field, StringConstraints

from entente.foundation.web.lists import MOST, part_of

Item = TypeVar("Item")

Text = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
LongText = Annotated[str, StringConstraints(max_length=10_000)]
Minor = Annotated[int, Field(ge=-(10**15), le=10**15)]


class In(Schema):
    """Input: fields that are not declared are refused."""

    model_config = ConfigDict(extra="forbid")


class Listing(Schema, Generic[Item]):
    """A part of a list; ``next`` is the ``after`` of the following part, null at the end."""

    items: list[Item]
    next: str | None


class Asked(In):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=MOST)
    after: Annotated[str, StringConstraints(max_length=400)] = ""


# For parameters whose defaults no other form of ninja can say.
InQuery: Any = Query(...)  # type: ignore[type-arg]


def listing(rows: QuerySet[Any], order: tuple[str, ...], asked: Asked) -> dict[str, Any]:
    """Give one part of a list in the shape of ``Listing``."""
    part = part_of(rows, order, {"after": asked.after}, limit=asked.limit)
    return {"items": part.rows, "next": part.after or None}
