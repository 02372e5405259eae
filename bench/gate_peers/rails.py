"""Spell conditions of three values in languages of two: where surely true, where surely false.

Each condition becomes two expressions that are never in error: one holds where the condition is
TRUE, the other where it is FALSE, neither where it is unknown. A missing attribute therefore
never makes a policy vanish. Parameters and the life of a rule are folded for one day.
"""

from entente.policy.domain.tree import (
    Among,
    Compare,
    Contains,
    Either,
    Every,
    Lit,
    Not,
    Param,
    Ref,
    Sum,
    Truth,
    Unknown,
)

OPS = {"=": ("==", "!="), "<>": ("!=", "=="), "<": ("<", ">="), "<=": ("<=", ">"),
       ">": (">", "<="), ">=": (">=", "<")}  # fmt: skip


class Rails:
    """What the languages share; each peer says how it spells the leaves."""

    never = "false"

    def __init__(self, compiled, day):
        self.compiled, self.day = compiled, day
        self.packs = {pack.id: pack.parameters for pack in compiled.packs}
        self.parameters = {}

    def rules(self):
        """Yield each rule in force with (applies true, applies false, requires true, false)."""
        for bit, rule in enumerate(self.compiled.rules):
            if rule.start <= self.day and (rule.end is None or self.day <= rule.end):
                self.parameters = self.packs[rule.pack_id]
                yield bit, rule, (*self.rails(rule.applies), *self.rails(rule.requires))

    def stopping(self, rule):
        """Tell whether a rule can keep an act from going out at all; records never do."""
        return rule.severity != "record"

    def rails(self, node):
        match node:
            case Truth(ref):
                return self.truth(ref.name)
            case Unknown(ref):
                return self.lacks(ref.name), self.has(ref.name)
            case Not(part):
                true, false = self.rails(part)
                return false, true
            case Every(parts):
                true, false = zip(*map(self.rails, parts), strict=True)
                return self.every(true), self.either(false)
            case Either(parts):
                true, false = zip(*map(self.rails, parts), strict=True)
                return self.either(true), self.every(false)
            case Compare(op, left, right):
                sides = self.value(left), self.value(right)
                both = [f"{sides[0]} {sign} {sides[1]}" for sign in OPS[op]]
                return self.guarded((left, right), both)
            case Among(item, values):
                texts = [self.literal(v.value, v.type) for v in values]
                return self.guarded((item,), self.member(self.value(item), texts))
            case Contains(column, item):
                both = self.held(self.value(column), self.value(item))
                return self.guarded((column, item), both)
        raise TypeError(f"{node} is no condition")

    def guarded(self, operands, both):
        known = [part for operand in operands for part in self.known(operand)]
        if self.never in known:
            return self.never, self.never
        known = list(dict.fromkeys(known))
        return self.every([*known, both[0]]), self.every([*known, both[1]])

    def known(self, node):
        match node:
            case Ref(name):
                return [self.has(name)]
            case Lit(value):
                return [self.never] if value is None else []
            case Sum(_, left, right):
                return [*self.known(left), *self.known(right)]
            case Param(name, _, key):
                now = self.parameters[name].on(self.day)
                if key is None:
                    return [self.never] if now is None or now.value is None else []
                if now is None or not now.keyed:
                    return [self.never]
                texts = [self.literal(code, "text") for code, _ in now.keyed]
                return [*self.known(key), self.member(self.value(key), texts)[0]]
        raise TypeError(f"{node} is no operand")

    def value(self, node):
        match node:
            case Ref(name):
                return self.fact(name)
            case Lit(value, kind):
                return self.literal(value, kind)
            case Sum(sign, left, right):
                return f"({self.value(left)} {sign} {self.value(right)})"
            case Param(name, kind, key):
                now = self.parameters[name].on(self.day)
                if key is None:
                    return self.literal(now.value if now else None, kind)
                return self.lookup(self.value(key), dict(now.keyed) if now else {})
        raise TypeError(f"{node} is no operand")

    def literal(self, value, kind):
        if kind == "text":
            return f'"{value}"'
        if kind == "boolean":
            return "true" if value else "false"
        return str(value)
