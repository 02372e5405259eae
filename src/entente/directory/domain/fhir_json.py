"""JSON of FHIR resources, read strictly and written so that nothing of it is lost."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from typing import Any

Json = Any
Resource = dict[str, Any]

MOST_DEPTH = 60
_LONGEST_NUMBER = 60
_WILD_EXPONENT = re.compile(r"[eE][+-]?\d{4,}")
# Part of a server's bookkeeping, not of what a resource says.
_BOOKKEEPING = ("versionId", "lastUpdated")


class FhirJsonError(ValueError):
    """A text that is no sound JSON; the words say why and never repeat it."""


def _no_constant(text: str) -> Any:
    raise FhirJsonError(f"{text} is no number of JSON")


def _number(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER or _WILD_EXPONENT.search(text):
        raise FhirJsonError(
            f"a number has more than {_LONGEST_NUMBER} characters or a wild exponent"
        )
    return Decimal(text)


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise FhirJsonError(f"a number has more than {_LONGEST_NUMBER} digits")
    return int(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        # Which of the two counts is decided differently by every program.
        raise FhirJsonError("an object names the same element twice")
    return made


def read_json(text: str) -> Json:
    """Read JSON, decimals kept digit by digit.

    Parameters
    ----------
    text : str

    Returns
    -------
    object
        Decimals are ``Decimal``: 1.10 stays 1.10, as FHIR asks.

    Raises
    ------
    FhirJsonError
        If the text is no JSON, names an element twice, is nested more than 60 deep, or holds a
        NUL, half a surrogate pair, or a number that nobody means.

    Notes
    -----
    Source: FHIR R4, 2.6.2 (JSON representation) and 2.24 (decimals keep their precision).

    Examples
    --------
    >>> read_json('{"value": 1.10}')["value"]
    Decimal('1.10')
    """
    try:
        value = json.loads(
            text,
            parse_float=_number,
            parse_int=_integer,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except FhirJsonError:
        raise
    except json.JSONDecodeError as wrong:
        raise FhirJsonError(f"{wrong.msg}, line {wrong.lineno}, column {wrong.colno}") from None
    except RecursionError:
        raise FhirJsonError(f"it is nested more than {MOST_DEPTH} deep") from None
    _check(value)
    return value


def _check(value: Json) -> None:
    """Refuse what no database holds; goes by levels, so that depth cannot exhaust the stack."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            raise FhirJsonError(f"it is nested more than {MOST_DEPTH} deep")
        inner: list[Json] = []
        for each in level:
            if isinstance(each, dict):
                inner.extend(each.keys())
                inner.extend(each.values())
            elif isinstance(each, list):
                inner.extend(each)
            elif isinstance(each, str) and not _is_storable(each):
                raise FhirJsonError("a text holds a NUL or half a surrogate pair")
        level = inner


def _is_storable(text: str) -> bool:
    if text.isascii():
        return "\0" not in text
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def write_json(value: Json, *, in_order: bool = False) -> str:
    """Write JSON on one line, decimals as they were read.

    Parameters
    ----------
    value : object
        As ``read_json`` gives it.
    in_order : bool
        Elements by name, so that equal values give equal texts.

    Returns
    -------
    str

    Examples
    --------
    >>> write_json(read_json('{"b": 1.10, "a": [true, null]}'), in_order=True)
    '{"a":[true,null],"b":1.10}'
    """
    try:
        # Several times as fast, for the many resources without decimals.
        return json.dumps(
            value, ensure_ascii=False, allow_nan=False, sort_keys=in_order, separators=(",", ":")
        )
    except TypeError:
        return _write(value, in_order=in_order)


def _write(value: Json, *, in_order: bool) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        names = sorted(value) if in_order else value
        parts = (f"{_text(name)}:{_write(value[name], in_order=in_order)}" for name in names)
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_write(each, in_order=in_order) for each in value) + "]"
    return _text(value)


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def content_hash(resource: Resource) -> str:
    """Hash what a resource says, apart from a server's bookkeeping.

    Parameters
    ----------
    resource : dict
        Its ``id``, ``meta.versionId`` and ``meta.lastUpdated`` do not count: the same resource
        has others on every server.

    Returns
    -------
    str
        32 hexadecimal digits; the order of elements does not matter, that of lists does.

    Examples
    --------
    >>> one = {"resourceType": "Organization", "id": "1", "name": "Clinic"}
    >>> content_hash(one) == content_hash({"name": "Clinic", "resourceType": "Organization"})
    True
    """
    said = {name: value for name, value in resource.items() if name != "id"}
    meta = said.get("meta")
    if isinstance(meta, dict):
        meta = {name: value for name, value in meta.items() if name not in _BOOKKEEPING}
        said["meta"] = meta
        if not meta:
            del said["meta"]
    text = write_json(said, in_order=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
