"""The fields of a pack's TOML: wanted, known, of the right type, and dated figures."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, get_args

from .facts import FACTS, FactType, column_value_problem
from .packs import BadPack, DatedValue, Parameter

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


class Reader:
    """Reads one file; `where` always names file and rule, so that every refusal does."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.where = file

    def bad(self, code: str, why: str, remedy: str) -> BadPack:
        """Make the refusal for what is being read."""
        return BadPack(f"PACK-{code}", self.where, why, remedy)

    def want(self, table: Mapping[str, Any], key: str, kind: type, *, default: Any = ...) -> Any:
        """Take a field that must be there, unless it has a default, and be of a type."""
        value = table.get(key, default)
        if value is ...:
            raise self.bad("002", f"{key} is missing", f"Add {key} = ...")
        if value is not default and (
            not isinstance(value, kind) or isinstance(value, datetime) or value == ""
        ):
            raise self.bad(
                "003", f"{key} is {value!r}", f"Give a {kind.__name__} that is not empty"
            )
        return value

    def known(self, table: Mapping[str, Any], allowed: frozenset[str]) -> None:
        """Refuse fields that nobody reads, since a misspelt one would be ignored."""
        for key in table:
            if key not in allowed:
                raise self.bad("004", f"{key} is unknown here", f"Use {', '.join(sorted(allowed))}")

    def one_of(self, table: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> Any:
        """Take a field whose values are a closed list."""
        value = self.want(table, key, str)
        if value not in allowed:
            raise self.bad("005", f"{key} is {value!r}", f"Use one of {', '.join(allowed)}")
        return value


def _amount(reader: Reader, kind: FactType, value: Any) -> int | str:
    """Take a figure in the kernel's own units: whole numbers, or a text code."""
    if kind == "text" and isinstance(value, str) and value:
        return value
    if kind == "boolean" and isinstance(value, bool):
        return int(value)
    if kind == "share" and isinstance(value, str):
        problem = column_value_problem(FACTS["revshare.share"], value)
        if isinstance(problem, int):
            return problem
    if (
        kind in ("integer", "money", "time")
        and isinstance(value, int)
        and not isinstance(value, bool)
    ):
        return value
    raise reader.bad(
        "006",
        f"value {value!r} is no {kind}",
        'Money is whole minor units, a share a quoted decimal such as "0.15"',
    )


def read_parameter(reader: Reader, name: str, table: Mapping[str, Any]) -> Parameter:
    """Read one dated parameter; refuses figures of another type, and one without a source."""
    kind = reader.one_of(table, "type", tuple(t for t in get_args(FactType) if t != "list"))
    values = []
    for key, entry in table.items():
        if key in ("type", "unit", "meaning"):
            continue
        if not _DAY.match(key) or not isinstance(entry, dict):
            raise reader.bad("007", f"{key} is no day", "Write 2026-01-01 = { value, source }")
        reader.known(entry, frozenset(("value", "source", "to")))
        given = reader.want(entry, "value", object)
        if isinstance(given, dict) and kind == "text":
            raise reader.bad("006", "a text has no values by key", "Use a figure of another type")
        keyed = (
            tuple((k, int(_amount(reader, kind, v))) for k, v in given.items())
            if isinstance(given, dict)
            else ()
        )
        values.append(
            DatedValue(
                start=date.fromisoformat(key),
                value=None if isinstance(given, dict) else _amount(reader, kind, given),
                source=reader.want(entry, "source", str),
                end=reader.want(entry, "to", date, default=None),
                keyed=keyed,
            )
        )
    if not values:
        raise reader.bad("008", "it has no value", "Add 2026-01-01 = { value = ..., source = ... }")
    return Parameter(
        name=name,
        type=kind,
        unit=reader.want(table, "unit", str),
        meaning=reader.want(table, "meaning", str),
        values=tuple(sorted(values, key=lambda value: value.start)),
    )
