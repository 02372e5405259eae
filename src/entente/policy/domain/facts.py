"""The fact table: everything a rule may ask about, with type, unit, grain and supplier."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args

from . import fact_rows_acts, fact_rows_codes, fact_rows_matters

FactType = Literal["boolean", "integer", "money", "share", "date", "time", "text", "list"]
FactValue = bool | int | Decimal | str | date | list[str] | tuple[str, ...] | None

EPOCH = date(1970, 1, 1)
SHARE_SCALE = 1_000_000
# Sums of any admitted condition over such values stay far from the edge of int64.
LARGEST = 10**15
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?\Z")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what it is called, what it holds, and which room supplies it.

    Parameters
    ----------
    name : str
        Dotted name, as rules and files spell it.
    type : FactType
        ``money`` is in minor units; ``share`` is a fraction held in millionths; ``date`` a day;
        ``time`` minutes since midnight; ``text`` a code; ``list`` codes.
    unit, grain, room, meaning : str
        Unit of the values; whose property it is; who supplies it; one plain sentence.
    codes : tuple of str
        The closed list of values, where there is one; rules may compare with no other.
    """

    name: str
    type: FactType
    unit: str
    grain: str
    room: str
    meaning: str
    codes: tuple[str, ...] = ()


def _read_rows(text: str) -> Iterable[Fact]:
    for line in text.strip().splitlines():
        name, kind, unit, grain, room, meaning, codes = (part.strip() for part in line.split("|"))
        if kind not in get_args(FactType) or not _NAME.match(name):
            raise ValueError(f"fact table: {name!r} has type {kind!r}")
        yield Fact(name, kind, unit, grain, room, meaning, tuple(codes.split()))  # type: ignore[arg-type]


def _assemble() -> dict[str, Fact]:
    table: dict[str, Fact] = {}
    parts = (fact_rows_acts.ROWS, fact_rows_matters.ROWS, fact_rows_codes.ROWS)
    for fact in (fact for part in parts for fact in _read_rows(part)):
        if fact.name in table:
            raise ValueError(f"fact table: {fact.name} stands there twice")
        table[fact.name] = fact
    return table


FACTS: dict[str, Fact] = _assemble()


def day_number(day: date) -> int:
    """Count the days since 1970-01-01, the form in which days are compared.

    >>> day_number(date(1970, 1, 2))
    1
    """
    return (day - EPOCH).days


def _wrong(fact: Fact, value: Any, wanted: str) -> ValueError:
    return ValueError(f"{fact.name} is {value!r}; it must be {wanted} ({fact.unit}) or null")


def _bounded(fact: Fact, value: int) -> int:
    if not -LARGEST <= value <= LARGEST:
        raise _wrong(fact, value, f"between -{LARGEST} and {LARGEST}")
    return value


def share_millionths(fact: Fact, value: Any) -> int:
    """Turn a fraction between 0 and 1 into whole millionths.

    Raises
    ------
    ValueError
        If it is no decimal, lies outside 0 to 1, or has more than six decimals.

    Examples
    --------
    >>> share_millionths(FACTS["revshare.share"], "0.15")
    150000
    """
    try:
        scaled = Decimal(str(value)) * SHARE_SCALE
    except InvalidOperation:
        raise _wrong(fact, value, "a decimal from 0 to 1") from None
    if not scaled.is_finite() or not 0 <= scaled <= SHARE_SCALE or scaled != int(scaled):
        raise _wrong(fact, value, "a decimal from 0 to 1 with at most six places")
    return int(scaled)


def number_of(fact: Fact, value: Any) -> int:
    """Turn one non-text, non-null value into the integer that the kernel compares.

    Raises
    ------
    ValueError
        If the value has another type than the fact, naming fact, value and what is wanted.

    Examples
    --------
    >>> number_of(FACTS["action.promotional"], True), number_of(FACTS["action.amount_minor"], 2500)
    (1, 2500)
    """
    if fact.type == "boolean":
        if not isinstance(value, bool):
            raise _wrong(fact, value, "true or false")
        return int(value)
    if fact.type == "date":
        # A datetime is a date to isinstance, yet its day depends on a zone nobody named.
        if type(value) is not date:
            raise _wrong(fact, value, "a day")
        return day_number(value)
    if fact.type == "share":
        if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal):
            raise _wrong(fact, value, "a decimal from 0 to 1, not binary floating point")
        return share_millionths(fact, value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(fact, value, "a whole number")
    if fact.type == "time" and not 0 <= value < 24 * 60:
        raise _wrong(fact, value, "from 0 to 1439")
    return _bounded(fact, value)


def column_value_problem(fact: Fact, value: Any) -> int | str | None:
    """Check one value of any type; a number for the kernel, None for a text or list, else why not.

    >>> column_value_problem(FACTS["action.promotional"], "yes")
    "action.promotional is 'yes'; it must be true or false (-) or null"
    """
    try:
        if fact.type == "text":
            if not isinstance(value, str):
                raise _wrong(fact, value, "a text")
            return None
        if fact.type == "list":
            if not isinstance(value, list | tuple) or not all(isinstance(x, str) for x in value):
                raise _wrong(fact, value, "a list of texts")
            return None
        return number_of(fact, value)
    except ValueError as error:
        return str(error)


def facts_markdown() -> str:
    """Write the reference page of all facts, as docs/reference/facts.md holds it."""
    lines = [
        "# Facts",
        "",
        "Everything a rule may ask about. An unknown fact is null and never permits.",
        "Generated by `entente gate facts --markdown`; change `policy/domain/fact_rows_*.py`.",
        "",
        "| name | type | unit | grain | room | meaning | codes |",
        "|---|---|---|---|---|---|---|",
    ]
    for fact in FACTS.values():
        codes = " ".join(f"`{code}`" for code in fact.codes)
        lines.append(
            f"| `{fact.name}` | {fact.type} | {fact.unit} | {fact.grain} | {fact.room} "
            f"| {fact.meaning} | {codes} |"
        )
    return "\n".join(lines) + "\n"
