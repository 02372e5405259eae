"""Which types may meet: the checks that turn parsed pieces into nodes of the typed tree."""

from typing import cast

from .tokens import Refused, Token
from .tree import (
    Among,
    Compare,
    Comparison,
    Contains,
    Lit,
    Operand,
    Param,
    Ref,
    Sum,
    Truth,
    ValueType,
    walk,
)

_ORDERED = ("integer", "money", "share", "date", "time")


def _refuse(why: str, token: Token) -> Refused:
    return Refused("COND-010", why, token.column)


def fit(operand: Operand, wanted: ValueType, token: Token) -> Operand:
    """Give an operand the type that its place asks for, or refuse it.

    A whole-number literal fits money (minor units) and time (minutes), 0 and 1 fit a share; a
    parameter whose pack is not known takes any type. Facts never change their type.
    """
    if operand.type == wanted:
        return operand
    if isinstance(operand, Param) and operand.type == "unsettled":
        return Param(operand.name, wanted, operand.key)
    if isinstance(operand, Lit) and operand.type == "integer" and isinstance(operand.value, int):
        if wanted in ("money", "time"):
            return Lit(operand.value, wanted)
        if wanted == "share" and operand.value in (0, 1):
            return Lit(operand.value * 1_000_000, "share")
    raise _refuse(f"{wanted} meets {operand.type}", token)


def _common(left: Operand, right: Operand, token: Token) -> tuple[Operand, Operand]:
    """Bring both sides to one type, led by the side whose type cannot change."""
    fixed = right if isinstance(left, Lit | Param) and not isinstance(right, Lit) else left
    if fixed.type == "unsettled":
        fixed = right if fixed is left else left
    wanted = fixed.type
    return fit(left, wanted, token), fit(right, wanted, token)


def _asks_a_fact(*operands: Operand) -> bool:
    return any(isinstance(node, Ref) for operand in operands for node in walk(operand))


def compare(op: str, left: Operand, right: Operand, token: Token) -> Compare:
    """Check and build a comparison."""
    if not _asks_a_fact(left, right):
        raise Refused("COND-009", "a comparison must ask about a fact", token.column)
    if left == right:
        raise Refused("COND-009", "a fact is compared with itself", token.column)
    left, right = _common(left, right, token)
    if "list" in (left.type, right.type):
        raise _refuse("a list is asked with contains(list, text)", token)
    if op not in ("=", "<>") and left.type not in _ORDERED:
        raise _refuse(f"{left.type} is not ordered", token)
    return Compare(cast(Comparison, op), left, right)


def among(item: Operand, values: tuple[Lit, ...], token: Token) -> Among:
    """Check and build `item IN (values)`."""
    if not _asks_a_fact(item) or item.type in ("boolean", "list"):
        raise _refuse("IN asks a fact of text, number or day", token)
    return Among(item, tuple(cast(Lit, fit(value, item.type, token)) for value in values))


def truth(operand: Operand, token: Token) -> Truth:
    """Check a fact that stands alone as a condition."""
    if not isinstance(operand, Ref) or operand.type != "boolean":
        raise _refuse(f"{operand.type} stands alone; only a boolean fact may", token)
    return Truth(operand)


def contains(column: Operand, item: Operand, token: Token) -> Contains:
    """Check and build `contains(list, text)`."""
    if not isinstance(column, Ref) or column.type != "list":
        raise _refuse("contains() asks a list fact first", token)
    if not isinstance(item, Ref | Lit) or item.type != "text":
        raise _refuse("contains() looks for a text", token)
    return Contains(column, item)


def add(sign: str, left: Operand, right: Operand, token: Token) -> Sum:
    """Check and build a sum: like with like; days move by whole numbers; days differ by days."""
    same = ("integer", "money")
    result: ValueType
    if left.type == "date" and right.type == "date" and sign == "-":
        result = "integer"
    elif left.type == "date":
        right, result = fit(right, "integer", token), "date"
    elif left.type in same or right.type in same:
        left, right = _common(left, right, token)
        result = left.type
    else:
        raise _refuse(f"{left.type} {sign} {right.type} has no meaning", token)
    if result not in (*same, "date"):
        raise _refuse(f"{result} is not added", token)
    return Sum("+" if sign == "+" else "-", left, right, result)
