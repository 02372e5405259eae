"""Read JSON strictly: what is ambiguous or cannot be stored is refused before anything acts."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.parser import Parser

DEEPEST = 64


class Strict(Parser):
    """Gives the body as ``take_body`` read it."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Give the body's value."""
        return request.given  # type: ignore[attr-defined]


def take_body(request: HttpRequest) -> None:
    """Read the body before any operation does, so that a refusal can say why.

    Raises
    ------
    HttpError
        415 for another type than application/json, 400 for what is no JSON, 422 for what
        cannot be stored.
    """
    if not request.body:
        return
    if request.content_type != "application/json":
        raise HttpError(415, "send application/json")
    request.given = read_json(request.body)  # type: ignore[attr-defined]


def _no_constant(name: str) -> NoReturn:
    raise HttpError(400, f"{name} is no number of JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise HttpError(400, "a name stands twice in one object")
    return made


def _storable(value: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise HttpError(422, f"nested deeper than {DEEPEST} levels")
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise HttpError(422, "a text holds NUL or half a character")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _storable(name, depth + 1)
            _storable(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _storable(inner, depth + 1)


def read_json(body: bytes) -> Any:
    """Read JSON strictly.

    Examples
    --------
    >>> read_json(b'{"a": [1, "x"]}')
    {'a': [1, 'x']}
    """
    try:
        value = json.loads(body.decode(), parse_constant=_no_constant, object_pairs_hook=_once_each)
    except HttpError:
        raise
    except (ValueError, RecursionError):
        raise HttpError(400, "the body is no JSON in UTF-8") from None
    _storable(value)
    return value
