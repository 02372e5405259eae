"""The typed tree that remains of a condition once its text has been admitted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .facts import FactType

ValueType = FactType | Literal["unsettled"]
Comparison = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Ref:
    """A fact."""

    name: str
    type: FactType


@dataclass(frozen=True, slots=True)
class Lit:
    """A literal; numbers in the units of the kernel, texts as they are."""

    value: int | str
    type: ValueType


@dataclass(frozen=True, slots=True)
class Param:
    """A dated parameter of the pack; with `key`, the value for that code."""

    name: str
    type: ValueType
    key: Ref | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """`left + right` or `left - right`."""

    sign: Literal["+", "-"]
    left: "Operand"
    right: "Operand"
    type: ValueType


Operand = Ref | Lit | Param | Sum


@dataclass(frozen=True, slots=True)
class Truth:
    """A boolean fact standing alone."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands of one type, compared."""

    op: Comparison
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """`item IN (literals)`."""

    item: Operand
    values: tuple[Lit, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """`fact IS NULL`, the only test that a missing fact answers."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Contains:
    """`contains(list, text)`."""

    list: Ref
    item: Ref | Lit


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; of unknown it is unknown."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Every:
    """AND over its parts."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """OR over its parts."""

    parts: tuple["Condition", ...]


Condition = Truth | Compare | Among | Unknown | Contains | Not | Every | Either
Node = Condition | Operand


def children(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911
    """List what stands directly under a node, left to right."""
    match node:
        case Truth(ref) | Unknown(ref):
            return (ref,)
        case Compare(_, left, right) | Sum(_, left, right):
            return (left, right)
        case Among(item, values):
            return (item, *values)
        case Contains(column, item):
            return (column, item)
        case Not(part):
            return (part,)
        case Every(parts) | Either(parts):
            return parts
        case Param(_, _, key):
            return () if key is None else (key,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all under it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def facts_read(node: Node) -> frozenset[str]:
    """Name the facts that a tree reads.

    >>> sorted(facts_read(Compare("=", Ref("action.type", "text"), Lit("email", "text"))))
    ['action.type']
    """
    return frozenset(part.name for part in walk(node) if isinstance(part, Ref))
