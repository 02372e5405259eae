"""The language of a calculator's formulas: closed, exact, and never run as text.

Numbers, the calculator's own inputs, ``+ - * /``, a whole power such as ``height ^ 2``,
``if(condition, then, else)``, ``min``, ``max``, ``abs``, ``floor``, ``ceil``,
``round(value, decimals)``, ``sqrt``, comparisons, ``and``, ``or``, ``not``. Values are exact
fractions, so nothing is lost before the one rounding at the end.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

LONGEST = 1000
DEEPEST = 20
# Nested sums and brackets together; well below what the stack bears.
HIGHEST_TREE = 100
HIGHEST_POWER = 12
ROOT_DECIMALS = 20
MOST_DIGITS = 200
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)|(?P<number>[0-9]{1,15}(?:\.[0-9]{1,10})?(?![0-9A-Za-z_.]))"
    r"|(?P<word>[a-z][a-z0-9_]{0,31}(?![A-Za-z0-9_.]))|(?P<sign><=|>=|<>|[-+*/^(),<>=])"
)
_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
# How many arguments each function takes: fewest and most.
FUNCTIONS = {
    "abs": (1, 1), "ceil": (1, 1), "floor": (1, 1), "if": (3, 3), "max": (2, 8), "min": (2, 8),
    "round": (2, 2), "sqrt": (1, 1),
}  # fmt: skip
WORDS = frozenset([*FUNCTIONS, "and", "or", "not"])


class BadFormula(ValueError):
    """A formula that is not admitted, or that has no value for what was entered."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula: what it does, to which parts; leaves hold a name or a number."""

    kind: str
    parts: tuple[Node, ...] = ()
    name: str = ""
    value: Fraction = Fraction(0)
    height: int = 1

    @property
    def is_condition(self) -> bool:
        """Whether it is true or false, and no number."""
        return self.kind in _COMPARE or self.kind in ("and", "or", "not")


def _tokens(text: str) -> list[tuple[str, str]]:
    if len(text) > LONGEST:
        raise BadFormula(f"a formula has at most {LONGEST} characters")
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadFormula(f"{text[at : at + 12]!r} is not part of the language")
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match.group()))
        at = match.end()
    return [*found, ("end", "")]


class _Parser:
    """Recursive descent; every descent is counted, so that no input exhausts the stack."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.tokens, self.at, self.depth = _tokens(text), 0, 0
        self.names = names

    def taken(self, *texts: str) -> str:
        kind, text = self.tokens[self.at]
        if kind != "end" and text in texts:
            self.at += 1
            return text
        return ""

    def want(self, text: str) -> None:
        if not self.taken(text):
            raise BadFormula(f"expected {text}, found {self.tokens[self.at][1] or 'the end'}")

    def chain(self, signs: tuple[str, ...], below: Callable[[], Node], *, truth: bool) -> Node:
        left = below()
        while sign := self.taken(*signs):
            left = _typed(sign, (left, below()), truth=truth)
        return left

    def whole(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadFormula(f"nests deeper than {DEEPEST}")
        found = self.chain(("or",), self.every, truth=True)
        self.depth -= 1
        return found

    def every(self) -> Node:
        return self.chain(("and",), self.negation, truth=True)

    def negation(self) -> Node:
        times = 0
        while self.taken("not"):
            times += 1
        inner = self.comparison()
        for _ in range(min(times, DEEPEST)):
            inner = _typed("not", (inner,), truth=True)
        return inner

    def comparison(self) -> Node:
        left = self.sum()
        sign = self.taken(*_COMPARE)
        return _typed(sign, (left, self.sum()), truth=False) if sign else left

    def sum(self) -> Node:
        return self.chain(("+", "-"), self.product, truth=False)

    def product(self) -> Node:
        return self.chain(("*", "/"), self.signed, truth=False)

    def signed(self) -> Node:
        if self.taken("-"):
            return _typed("minus", (self.power(),), truth=False)
        return self.power()

    def power(self) -> Node:
        base = self.leaf()
        if not self.taken("^"):
            return base
        kind, text = self.tokens[self.at]
        if kind != "number" or "." in text or int(text) > HIGHEST_POWER:
            raise BadFormula(f"a power is a whole number up to {HIGHEST_POWER}")
        self.at += 1
        return _typed("^", (base, Node("number", value=Fraction(text))), truth=False)

    def leaf(self) -> Node:
        if self.taken("("):
            inside = self.whole()
            self.want(")")
            return inside
        kind, text = self.tokens[self.at]
        self.at += kind != "end"
        if kind == "number":
            return Node("number", value=Fraction(text))
        if kind == "word" and text in FUNCTIONS:
            return self.call(text)
        if kind == "word" and text in self.names:
            return Node("input", name=text)
        known = ", ".join(sorted(self.names)) or "none"
        raise BadFormula(f"there is no input {text or '(nothing)'}; the inputs are {known}")

    def call(self, name: str) -> Node:
        self.want("(")
        parts = [self.whole()]
        while self.taken(","):
            parts.append(self.whole())
        self.want(")")
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(parts) <= most:
            raise BadFormula(f"{name} takes {fewest} to {most} values, not {len(parts)}")
        first = parts[:1] if name == "if" else []
        if any(not part.is_condition for part in first):
            raise BadFormula("the first part of if is a condition, such as age >= 65")
        if any(part.is_condition for part in parts[len(first) :]):
            raise BadFormula(f"{name} takes numbers, not a condition")
        return _joined(name, tuple(parts))


def _joined(kind: str, parts: tuple[Node, ...]) -> Node:
    height = 1 + max(part.height for part in parts)
    if height > HIGHEST_TREE:
        raise BadFormula("the formula is too long; give parts of it to several results")
    return Node(kind, parts, height=height)


def _typed(kind: str, parts: tuple[Node, ...], *, truth: bool) -> Node:
    if any(part.is_condition != truth for part in parts):
        raise BadFormula(f"{kind} takes {'conditions' if truth else 'numbers'}")
    return _joined(kind, parts)


def parse_formula(text: str, names: Collection[str]) -> Node:
    """Read a formula into its tree, or refuse it.

    Parameters
    ----------
    text : str
        At most 1,000 characters, nested at most 20 deep.
    names : collection of str
        The calculator's inputs.

    Raises
    ------
    BadFormula

    Examples
    --------
    >>> evaluate(parse_formula("weight / (height / 100) ^ 2", {"weight", "height"}),
    ...          {"weight": Fraction(81), "height": Fraction(180)})
    Fraction(25, 1)
    """
    parser = _Parser(text, names)
    found = parser.whole()
    if parser.tokens[parser.at][0] != "end":
        raise BadFormula(f"{parser.tokens[parser.at][1]} is one too many")
    if found.is_condition:
        raise BadFormula("a formula gives a number; put the condition into if(condition, 1, 0)")
    return found


def evaluate(node: Node, values: Mapping[str, Fraction]) -> Fraction:
    """Give the exact value of a formula.

    Raises
    ------
    BadFormula
        If something is divided by zero, the root of a negative number is asked, or a number
        grows beyond 200 digits.
    """
    if node.kind == "number":
        return node.value
    if node.kind == "input":
        return values[node.name]
    if node.kind == "if":
        # Only the branch that counts is worked out: it may guard a division.
        return evaluate(node.parts[1 if _holds(node.parts[0], values) else 2], values)
    made = _applied(node.kind, [evaluate(part, values) for part in node.parts])
    if max(abs(made.numerator), made.denominator) >= 10**MOST_DIGITS:
        raise BadFormula("a number in the formula grows beyond what can be shown")
    return made


def _holds(node: Node, values: Mapping[str, Fraction]) -> bool:
    if node.kind == "and":
        return _holds(node.parts[0], values) and _holds(node.parts[1], values)
    if node.kind == "or":
        return _holds(node.parts[0], values) or _holds(node.parts[1], values)
    if node.kind == "not":
        return not _holds(node.parts[0], values)
    left, right = (evaluate(part, values) for part in node.parts)
    return _COMPARE[node.kind](left, right)


def _applied(kind: str, given: list[Fraction]) -> Fraction:
    if kind == "/" and given[1] == 0:
        raise BadFormula("with these values something would be divided by zero")
    return _WORKS[kind](*given)


def _rounded_to(value: Fraction, decimals: Fraction) -> Fraction:
    if decimals.denominator != 1:
        raise BadFormula("round to a whole number of decimals")
    return rounded(value, int(decimals))


def _root(value: Fraction) -> Fraction:
    if value < 0:
        raise BadFormula("with these values the root of a negative number would be taken")
    # Down to the twentieth decimal: a root has no end, and far fewer are ever shown.
    scale = 10**ROOT_DECIMALS
    return Fraction(math.isqrt(value.numerator * scale**2 // value.denominator), scale)


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Round half away from zero, as people do.

    Examples
    --------
    >>> rounded(Fraction("2.25"), 1), rounded(Fraction("-2.25"), 1)
    (Fraction(23, 10), Fraction(-23, 10))
    """
    if not 0 <= decimals <= 10:
        raise BadFormula("round to 0 to 10 decimals")
    scaled = abs(value) * 10**decimals
    whole = math.floor(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


def written(value: Fraction, decimals: int) -> str:
    """Write a number with so many decimals.

    Examples
    --------
    >>> written(Fraction(1, 3), 2), written(Fraction(-1, 200), 1), written(Fraction(7), 0)
    ('0.33', '0.0', '7')
    """
    scaled = rounded(value, decimals) * 10**decimals
    digits = str(abs(int(scaled))).rjust(decimals + 1, "0")
    sign = "-" if scaled < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


_WORKS: dict[str, Callable[..., Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: Fraction(a ** int(b)),
    "minus": lambda a: -a,
    "abs": abs,
    "floor": lambda a: Fraction(math.floor(a)),
    "ceil": lambda a: Fraction(math.ceil(a)),
    "round": _rounded_to,
    "sqrt": _root,
    "min": min,
    "max": max,
}
