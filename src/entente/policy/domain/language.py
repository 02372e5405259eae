"""The language of conditions: boolean, typed, spelled like SQL, and never run as text.

Admitted are AND, OR, NOT, = <> < <= > >=, IN (literals), BETWEEN, IS [NOT] NULL,
`contains(list, text)`, + and - on whole numbers, money and days, `DATE '2026-01-31'`,
`TIME '08:00'`, facts, and the pack's parameters as `:name` or `param('name', fact)`.
The parser below is the whole grammar; there is nothing else behind it to reach.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from . import typing_rules as typing
from .facts import FACTS, SHARE_SCALE, Fact, FactType, day_number
from .tokens import DEEPEST, Refused, Token, tokens_of
from .tree import (
    Condition,
    Either,
    Every,
    Lit,
    Not,
    Operand,
    Param,
    Ref,
    Unknown,
    facts_read,
)

__all__ = ["Refused", "admit", "parse_condition"]
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_MANY = 200


class _Parser:
    """Recursive descent; every descent is counted, so that no input exhausts the stack."""

    def __init__(
        self, text: str, facts: Mapping[str, Fact], parameters: Mapping[str, FactType] | None
    ) -> None:
        self.tokens = tokens_of(text)
        self.at = 0
        self.depth = 0
        self.facts = facts
        self.parameters = parameters

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def taken(self, *kinds: str) -> bool:
        if self.token.kind in kinds or (self.token.kind == "op" and self.token.text in kinds):
            self.at += 1
            return True
        return False

    def want(self, kind: str) -> Token:
        token = self.token
        if not self.taken(kind):
            seen = token.text or "the end"
            raise Refused("COND-004", f"expected {kind}, found {seen}", token.column)
        return token

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > 2 * DEEPEST:
            raise Refused("COND-002", f"nests deeper than {DEEPEST}", self.token.column)

    def either(self) -> Condition:
        self.deeper()
        parts = [self.every()]
        while self.taken("OR"):
            parts.append(self.every())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def every(self) -> Condition:
        parts = [self.negation()]
        while self.taken("AND"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def negation(self) -> Condition:
        if self.taken("NOT"):
            self.deeper()
            inner = Not(self.negation())
            self.depth -= 1
            return inner
        if self.token.text == "(" and self.brackets_hold_condition():
            self.next()
            inside = self.either()
            self.want(")")
            return inside
        return self.predicate()

    def brackets_hold_condition(self) -> bool:
        """Tell `(a = b)` from `(a + b) = c`: only the latter goes on with an operator."""
        depth, ahead = 0, self.at
        while True:
            token = self.tokens[ahead]
            depth += (token.text == "(") - (token.text == ")")
            ahead += 1
            if depth == 0:
                break
            if token.kind == "end":
                raise Refused("COND-004", "a bracket is not closed", self.token.column)
        after = self.tokens[ahead]
        follows = after.kind == "op" and after.text not in (")", ",")
        return not (follows or after.kind in ("IN", "BETWEEN", "IS"))

    def predicate(self) -> Condition:
        start = self.token
        if start.kind == "word" and start.text == "contains":
            return self.contains()
        left = self.operand()
        token = self.token
        if token.kind == "op" and token.text in _COMPARISONS:
            self.next()
            return typing.compare(token.text, left, self.operand(), start)
        negated = self.taken("NOT")
        if self.taken("IN"):
            found: Condition = self.among(left, start)
        elif self.taken("BETWEEN"):
            low = typing.compare(">=", left, self.operand(), start)
            self.want("AND")
            found = Every((low, typing.compare("<=", left, self.operand(), start)))
        elif negated:
            raise Refused("COND-004", "after NOT expected IN or BETWEEN", token.column)
        elif self.taken("IS"):
            return self.null_test(left, start)
        else:
            return typing.truth(left, start)
        return Not(found) if negated else found

    def null_test(self, left: Operand, start: Token) -> Condition:
        negated = self.taken("NOT")
        self.want("NULL")
        if not isinstance(left, Ref):
            raise Refused("COND-010", "IS NULL may be asked of a fact only", start.column)
        return Not(Unknown(left)) if negated else Unknown(left)

    def among(self, item: Operand, start: Token) -> Condition:
        self.want("(")
        values = [self.literal()]
        while self.taken(","):
            values.append(self.literal())
            if len(values) > _MANY:
                raise Refused("COND-002", f"more than {_MANY} values in a list", start.column)
        self.want(")")
        return typing.among(item, tuple(values), start)

    def contains(self) -> Condition:
        start = self.next()
        self.want("(")
        column = self.primary()
        self.want(",")
        item = self.primary()
        self.want(")")
        return typing.contains(column, item, start)

    def operand(self) -> Operand:
        left, terms = self.primary(), 1
        while self.token.kind == "op" and self.token.text in ("+", "-"):
            sign, terms = self.next(), terms + 1
            if terms > DEEPEST:
                raise Refused("COND-002", f"a sum of more than {DEEPEST} terms", sign.column)
            left = typing.add(sign.text, left, self.primary(), sign)
        return left

    def primary(self) -> Operand:
        token = self.token
        if self.taken("("):
            self.deeper()
            inside = self.operand()
            self.want(")")
            self.depth -= 1
            return inside
        if token.kind == "param":
            self.next()
            return self.parameter(token.text[1:], None, token)
        if token.kind == "word":
            return self.keyed_parameter() if token.text == "param" else self.fact()
        return self.literal()

    def fact(self) -> Ref:
        token = self.want("word")
        if self.token.text == "(":
            raise Refused("COND-006", f"there is no function {token.text}", token.column)
        fact = self.facts.get(token.text)
        if fact is None:
            raise Refused("COND-005", f"there is no fact {token.text}", token.column)
        return Ref(fact.name, fact.type)

    def keyed_parameter(self) -> Param:
        start = self.next()
        self.want("(")
        name = self.want("text").text[1:-1]
        self.want(",")
        key = self.fact()
        self.want(")")
        if key.type != "text":
            raise Refused("COND-010", f"{key.name} is no text, so it is no key", start.column)
        return self.parameter(name, key, start)

    def parameter(self, name: str, key: Ref | None, token: Token) -> Param:
        if self.parameters is None:
            return Param(name, "unsettled", key)
        if name not in self.parameters:
            raise Refused("COND-007", f"the pack has no parameter {name}", token.column)
        return Param(name, self.parameters[name], key)

    def literal(self) -> Lit:
        minus = self.taken("-")
        token = self.next()
        if token.kind == "integer":
            return Lit(-int(token.text) if minus else int(token.text), "integer")
        if minus:
            raise Refused("COND-004", "a minus stands before whole numbers only", token.column)
        if token.kind == "decimal":
            return Lit(int(Decimal(token.text) * SHARE_SCALE), "share")
        if token.kind == "text":
            return Lit(token.text[1:-1], "text")
        if token.kind in ("TRUE", "FALSE"):
            return Lit(int(token.kind == "TRUE"), "boolean")
        if token.kind in ("DATE", "TIME"):
            return self.dated(token)
        seen = token.text or "the end"
        raise Refused(
            "COND-004", f"expected a fact, parameter or value, found {seen}", token.column
        )

    def dated(self, token: Token) -> Lit:
        text = self.want("text").text[1:-1]
        try:
            if token.kind == "DATE" and len(text) == 10:
                return Lit(day_number(date.fromisoformat(text)), "date")
            hours, minutes = (int(part) for part in text.split(":"))
            if token.kind == "TIME" and len(text) == 5 and hours < 24 and minutes < 60:
                return Lit(60 * hours + minutes, "time")
        except ValueError:
            pass
        wanted = "DATE 'YYYY-MM-DD'" if token.kind == "DATE" else "TIME 'HH:MM'"
        raise Refused("COND-008", f"{text!r} is not {wanted}", token.column)


def parse_condition(
    text: str,
    parameters: Mapping[str, FactType] | None = None,
    facts: Mapping[str, Fact] = FACTS,
) -> Condition:
    """Read a condition into its typed tree, or refuse it.

    Parameters
    ----------
    text : str
        The condition, at most 2,000 characters, brackets at most 25 deep.
    parameters : mapping of str to FactType, optional
        The pack's parameters and their types. Without it any parameter is taken, with the type
        that its place asks for.
    facts : mapping of str to Fact
        The fact table.

    Raises
    ------
    Refused
        With a code, the reason and the character where it was noticed.

    Examples
    --------
    >>> parse_condition("action.type = 'email' AND tally.emails_30d < 4").parts[1].op
    '<'
    >>> parse_condition("action.country > 5")
    Traceback (most recent call last):
    entente.policy.domain.tokens.Refused: COND-010: text meets integer (character 1)
    """
    try:
        parser = _Parser(text, facts, parameters)
        condition = parser.either()
        parser.want("end")
    except RecursionError:
        raise Refused("COND-002", "nests too deep") from None
    if not facts_read(condition):
        raise Refused("COND-009", "a condition must ask about at least one fact")
    return condition


def admit(text: object) -> tuple[bool, str]:
    """Say whether a condition would be admitted to a pack, and why not.

    >>> admit("recipient.licence_active AND action.country IN ('US', 'DE')")
    (True, 'admitted')
    >>> admit("1 = 1; DROP TABLE hcp")
    (False, "COND-003: '; DROP TABLE' is not part of the language (character 6)")
    """
    if not isinstance(text, str):
        return False, "COND-000: expr must be a text"
    try:
        parse_condition(text)
    except Refused as refused:
        return False, str(refused)
    return True, "admitted"
