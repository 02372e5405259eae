"""What a rule pack is: dated parameters, cited rules, and scenarios that a reviewer can read."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from .facts import FactType
from .tree import Condition

Severity = Literal["block", "approve", "warn", "record"]
Basis = Literal["law", "code", "company"]
State = Literal["pass", "refused", "undecided"]
SEVERITIES: tuple[Severity, ...] = ("block", "approve", "warn", "record")
BASES: tuple[Basis, ...] = ("law", "code", "company")
STATES: tuple[State, ...] = ("pass", "refused", "undecided")


class BadPack(ValueError):
    """A pack that is refused: where (file, rule, column), what is wrong, and the remedy."""

    def __init__(self, code: str, where: str, why: str, remedy: str) -> None:
        super().__init__(f"{code}: {where}: {why}. {remedy}")
        self.code = code
        self.where = where
        self.why = why
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value from a day on, with its source; `keyed` holds values per code."""

    start: date
    value: int | str | None
    source: str
    end: date | None = None
    keyed: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of a code or law, dated; amounts are whole minor units."""

    name: str
    type: FactType
    unit: str
    meaning: str
    values: tuple[DatedValue, ...]

    def on(self, day: date) -> DatedValue | None:
        """Return the value in force on a day, or None before the first and after the last."""
        found = None
        for value in self.values:
            if value.start <= day:
                found = value
        # A value that has ended leaves none behind, not the one before it.
        return None if found is None or (found.end and day > found.end) else found


@dataclass(frozen=True, slots=True)
class Scenario:
    """Facts of one case and what the rule must say of it on the day `on`."""

    name: str
    on: date
    facts: dict[str, Any]
    expect: State
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; both days of its life are days on which it holds."""

    id: str
    pack_id: str
    title: str
    citation: str
    start: date
    end: date | None
    severity: Severity
    basis: Basis
    certainty: str
    applies: Condition
    requires: Condition
    applies_text: str
    requires_text: str
    messages: dict[str, str]
    role: str | None = None
    forbid_if_missing: bool = False
    overridable_by: str | None = None
    scenarios: tuple[Scenario, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """What no machine can check: a question that a named role answers, with its source."""

    id: str
    title: str
    ask: str
    role: str
    citation: str
    certainty: str
    on: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of the source that is neither rule nor checklist item, and why."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A versioned set of rules and parameters from one instrument."""

    id: str
    version: str
    title: str
    jurisdiction: str
    content_hash: str
    notice: str
    reviewed_by: str
    reviewed_on: date | None
    changelog: tuple[tuple[str, date, str], ...]
    rules: tuple[Rule, ...]
    parameters: dict[str, Parameter] = field(default_factory=dict)
    checklist: tuple[ChecklistItem, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    source_file: str = ""
