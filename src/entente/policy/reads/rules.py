"""The rules in force, in words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from entente.policy.actions.packs_in_force import in_force, latest
from entente.policy.domain.compile import Compiled
from entente.policy.domain.facts import FACTS, Fact
from entente.policy.domain.packs import Pack, Parameter, Rule
from entente.policy.domain.scenarios import Tried, run_scenarios
from entente.policy.domain.tree import Param, facts_read, walk

SEVERITY_WORDS = {
    "block": "Stops the act",
    "approve": "Needs approval",
    "warn": "Warns",
    "record": "Must be recorded",
}
SEVERITY_TONES = {"block": "bad", "approve": "warn", "warn": "info", "record": ""}
BASIS_WORDS = {"law": "Law", "code": "Code of practice", "company": "Company rule"}


@dataclass(frozen=True)
class Alike:
    """A pack as the key of a cache: its hash, given beside it, tells it apart."""

    pack: Pack = field(compare=False)


class NoRule(LookupError):
    """There is no rule of this id in the packs in force."""


@dataclass(frozen=True)
class RuleLine:
    """A rule as a list shows it."""

    rule: Rule
    pack: Pack

    @property
    def severity(self) -> str:
        """What the rule does when it does not pass."""
        words = SEVERITY_WORDS[self.rule.severity]
        role = (self.rule.role or "").replace("_", " ")
        return f"{words} by {role}" if role else words

    @property
    def tone(self) -> str:
        """The tone of its severity."""
        return SEVERITY_TONES[self.rule.severity]

    @property
    def basis(self) -> str:
        """Whether it is law, a code or the company's own."""
        return BASIS_WORDS[self.rule.basis]

    @property
    def certainty(self) -> str:
        """How sure our reading of the source is."""
        how, _, source = self.rule.certainty.partition(":")
        words = {
            "read": "Read in the source",
            "read2": "Read in second-hand sources",
            "recall": "From memory, to be confirmed",
        }.get(how.split()[0].strip(), how)
        return f"{words}: {source.strip()}" if source.strip() else words

    def holds_on(self, day: date) -> bool:
        """Tell whether the rule is in force on a day."""
        return self.rule.start <= day and (self.rule.end is None or day <= self.rule.end)


def _compiled(on: date | None) -> Compiled:
    return (latest() if on is None else in_force(on)).compiled


def rules(
    *,
    text: str = "",
    pack_id: str = "",
    severity: str = "",
    basis: str = "",
    jurisdiction: str = "",
    on: date | None = None,
) -> list[RuleLine]:
    """Give the rules, by id, narrowed as asked.

    Parameters
    ----------
    on : date, optional
        Of the packs in force on that day; by default of the latest of each pack.
    """
    compiled = _compiled(on)
    packs = {pack.id: pack for pack in compiled.packs}
    words = text.casefold().split()
    return [
        RuleLine(rule, packs[rule.pack_id])
        for rule in compiled.rules
        if (not jurisdiction or packs[rule.pack_id].jurisdiction == jurisdiction)
        and (not pack_id or rule.pack_id == pack_id)
        and (not severity or rule.severity == severity)
        and (not basis or rule.basis == basis)
        and all(w in f"{rule.id} {rule.title} {rule.citation}".casefold() for w in words)
    ]


def titles_of_rules() -> dict[str, str]:
    """Give the title of every rule, as it is at the latest."""
    return {rule.id: rule.title for rule in latest().compiled.rules}


def packs(on: date | None = None) -> tuple[Pack, ...]:
    """Give the packs in force on a day, or the latest of each, by id."""
    return tuple(_compiled(on).packs)


def rule(rule_id: str, on: date | None = None) -> RuleLine:
    """Give one rule, as it was on a day or as it is at the latest.

    Raises
    ------
    NoRule
    """
    for line in rules(on=on):
        if line.rule.id == rule_id:
            return line
    raise NoRule(rule_id)


def parameters_of(line: RuleLine) -> list[Parameter]:
    """Give the dated figures that a rule reads."""
    names = {
        node.name
        for tree in (line.rule.applies, line.rule.requires)
        for part in walk(tree)
        for node in _operands(part)
        if isinstance(node, Param)
    }
    return [line.pack.parameters[name] for name in sorted(names)]


def _operands(node: object) -> list[object]:
    found: list[object] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += [
            value
            for name in getattr(one, "__dataclass_fields__", ())
            if hasattr(value := getattr(one, name), "__dataclass_fields__")
        ]
    return found


def facts_of(line: RuleLine) -> list[Fact]:
    """Give the facts that a rule asks for."""
    names = facts_read(line.rule.applies) | facts_read(line.rule.requires)
    return [FACTS[name] for name in sorted(names)]


@lru_cache(maxsize=512)
def _tried(pack_hash: str, rule_id: str, pack: Alike) -> tuple[Tried, ...]:
    wanted = next(rule for rule in pack.pack.rules if rule.id == rule_id)
    return tuple(run_scenarios([replace(pack.pack, rules=(wanted,))]))


def tried(line: RuleLine) -> tuple[Tried, ...]:
    """Run a rule's scenarios, and both sides of its days."""
    return _tried(line.pack.content_hash, line.rule.id, Alike(line.pack))
