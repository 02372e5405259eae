"""Put facts, figures and conditions into words."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from .facts import EPOCH, FACTS, SHARE_SCALE
from .packs import Parameter
from .tree import Among, Compare, Condition, Contains, Lit, Operand, Param, Ref, Sum, Truth, Unknown

_NO_CENTS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_MILS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
PLACEHOLDER = re.compile(r"\{(:?[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")
_WORDS = {"=": "must be", "<>": "must not be", "<": "must be below", "<=": "must be at most",
          ">": "must be above", ">=": "must be at least"}  # fmt: skip
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def money(amount_minor: int, currency: str | None) -> str:
    """Write minor units as an amount with its currency.

    >>> money(1382, "USD"), money(500, "JPY"), money(1382, None)
    ('13.82 USD', '500 JPY', '1382 minor units')
    """
    if currency is None:
        return f"{amount_minor} minor units"
    places = 0 if currency in _NO_CENTS else 3 if currency in _MILS else 2
    sign, digits = "-" if amount_minor < 0 else "", str(abs(amount_minor)).rjust(places + 1, "0")
    whole = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"{sign}{whole} {currency}"


def _plain(kind: str, value: Any) -> str:
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value).replace("_", " ") if kind == "text" else str(value)


def show(kind: str, value: Any, facts: Mapping[str, Any]) -> str:
    """Write one value as a person reads it; unknown is said to be unknown."""
    if value is None:
        return "not known"
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "money":
        return money(int(value), facts.get("action.currency"))
    if kind == "time":
        return f"{value // 60:02}:{value % 60:02}"
    if kind == "list":
        return ", ".join(value) if value else "empty"
    return _plain(kind, value)


def _parameter(
    name: str, key: Ref | None, facts: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> Any:
    dated = parameters[name].on(facts["action.date"])
    if dated is None:
        return None
    return dated.value if key is None else dict(dated.keyed).get(str(facts.get(key.name)))


def fill_in(text: str, facts: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> str:
    """Fill a message's `{fact.name}` and `{:parameter}` places."""

    def replaced(found: re.Match[str]) -> str:
        name = found.group(1)
        if name.startswith(":"):
            parameter = parameters[name[1:]]
            return show(parameter.type, _parameter(name[1:], None, facts, parameters), facts)
        return show(FACTS[name].type, facts.get(name), facts)

    return PLACEHOLDER.sub(replaced, text)


def _literal(lit: Lit, facts: Mapping[str, Any]) -> str:
    if lit.type == "date":
        return show("date", date.fromordinal(EPOCH.toordinal() + int(lit.value)), facts)
    if lit.type == "share":
        return str(int(lit.value) / SHARE_SCALE)
    return show(lit.type, lit.value, facts)


def _meaning(name: str) -> str:
    """Write what a fact is, so that it can stand inside a sentence."""
    meaning = FACTS[name].meaning.partition(";")[0]
    # A name such as FDA keeps its capitals.
    return meaning if meaning[1:2].isupper() else meaning[:1].lower() + meaning[1:]


def _side(operand: Operand, facts: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> str:
    match operand:
        case Ref(name, kind):
            return f"{_meaning(name)} ({show(kind, facts.get(name), facts)})"
        case Lit():
            return _literal(operand, facts)
        case Param(name, kind, key):
            return show(kind, _parameter(name, key, facts, parameters), facts)
        case Sum(sign, left, right):
            return f"{_side(left, facts, parameters)} {sign} {_side(right, facts, parameters)}"


def sentence(
    leaf: Condition, wanted: bool, facts: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> str:
    """Say what a leaf asks, with the value it met: what would change the answer.

    >>> leaf = Compare("<", Ref("tally.calls_year", "integer"), Lit(4, "integer"))
    >>> sentence(leaf, True, {"tally.calls_year": 4}, {})
    'Unsolicited calls this calendar year (4) must be below 4'
    >>> sentence(Truth(Ref("meal.takeaway", "boolean")), False, {"meal.takeaway": True}, {})
    'It must not be so that food is dropped off or taken away'
    """
    text = _of_leaf(leaf, wanted, facts, parameters)
    return text[:1].upper() + text[1:]


def _of_leaf(
    leaf: Condition, wanted: bool, facts: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> str:
    no = "" if wanted else "not "
    match leaf:
        case Truth(ref):
            said = _meaning(ref.name).removeprefix("whether ")
            return f"it must {no}be so that {said}"
        case Compare(op, left, right):
            word = _WORDS[op if wanted else _OPPOSITE[op]]
            return f"{_side(left, facts, parameters)} {word} {_side(right, facts, parameters)}"
        case Among(item, values):
            listed = ", ".join(_literal(value, facts) for value in values)
            return f"{_side(item, facts, parameters)} must {no}be one of: {listed}"
        case Unknown(ref):
            there = "must not be there" if wanted else "must be known"
            return f"{_side(ref, facts, parameters)} {there}"
        case Contains(column, item):
            return (
                f"{_side(column, facts, parameters)} must {no}contain "
                f"{_side(item, facts, parameters)}"
            )
        case _:
            raise TypeError(f"{leaf} is no leaf")
