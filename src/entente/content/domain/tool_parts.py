"""What every interactive item has: fields read from data, and complaints that name a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

LONGEST_TEXT = 4000
LONGEST_LABEL = 200
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class BadTool(ValueError):
    """A definition that is not admitted; the text names the place and the remedy."""


def fields_of(
    value: object, place: str, needed: Sequence[str], optional: Sequence[str] = ()
) -> Mapping[str, Any]:
    """Give an object of the definition, refusing missing and unknown fields.

    Raises
    ------
    BadTool

    Examples
    --------
    >>> fields_of({"titel": 1}, "card 1", ["title"])
    Traceback (most recent call last):
    entente.content.domain.tool_parts.BadTool: card 1: title is missing
    """
    if not isinstance(value, Mapping):
        raise BadTool(f"{place}: write an object with {', '.join(needed)}")
    for name in needed:
        if name not in value:
            raise BadTool(f"{place}: {name} is missing")
    unknown = sorted(str(name) for name in value if name not in (*needed, *optional))
    if unknown:
        raise BadTool(f"{place}: nothing is called {', '.join(unknown)}")
    return value


def words_of_field(value: object, place: str, *, longest: int = LONGEST_TEXT) -> str:
    """Give a text of the definition; empty ones and control characters are refused.

    Raises
    ------
    BadTool

    Examples
    --------
    >>> words_of_field("  Dose ", "title")
    'Dose'
    """
    if not isinstance(value, str) or not value.strip():
        raise BadTool(f"{place}: write some words")
    if len(value) > longest:
        raise BadTool(f"{place}: at most {longest} characters")
    if any(ord(sign) < 32 and sign not in "\n\r\t" for sign in value):
        raise BadTool(f"{place}: holds a character that cannot be shown")
    return value.strip()


def list_of(value: object, place: str, *, fewest: int, most: int) -> Sequence[Any]:
    """Give a list of the definition, of a bearable length.

    Raises
    ------
    BadTool

    Examples
    --------
    >>> list_of([1], "choices", fewest=2, most=9)
    Traceback (most recent call last):
    entente.content.domain.tool_parts.BadTool: choices: 2 to 9 are needed, there are 1
    """
    if not isinstance(value, list):
        raise BadTool(f"{place}: write a list")
    if not fewest <= len(value) <= most:
        raise BadTool(f"{place}: {fewest} to {most} are needed, there are {len(value)}")
    return value


def name_of_field(value: object, place: str) -> str:
    """Give a short name, such as ``weight``.

    Raises
    ------
    BadTool

    Examples
    --------
    >>> name_of_field("body_weight", "input 1")
    'body_weight'
    """
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise BadTool(f"{place}: a name is small letters, digits and _, such as body_weight")
    return value


def claims_of_field(value: object, place: str) -> tuple[UUID, ...]:
    """Give the ids of the claims that a part rests on.

    Raises
    ------
    BadTool
    """
    try:
        return tuple(UUID(str(each)) for each in list_of(value, place, fewest=0, most=20))
    except ValueError as wrong:
        raise (
            wrong if isinstance(wrong, BadTool) else BadTool(f"{place}: name claims by their ids")
        ) from None


def refuse_twice(names: Iterable[str], place: str) -> None:
    """Refuse a name that stands twice.

    Raises
    ------
    BadTool
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadTool(f"{place}: {name} stands there twice")
        seen.add(name)
