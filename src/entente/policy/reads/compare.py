"""Compare two versions of a pack, rule by rule and figure by figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from entente.policy.domain.packs import DatedValue, Pack, Parameter, Rule

Way = Literal["added", "removed", "changed"]
_RULE_PARTS = {
    "title": "Title",
    "citation": "Clause",
    "start": "In force from",
    "end": "In force until",
    "severity": "What it does",
    "role": "Who decides",
    "basis": "Basis",
    "certainty": "How sure we are",
    "applies_text": "Asked when",
    "requires_text": "Passes if",
    "forbid_if_missing": "Forbids if a fact is missing",
    "overridable_by": "May be waived by",
    "messages": "Message",
}


@dataclass(frozen=True)
class Difference:
    """One thing that differs: a rule or a figure, and each part with both values."""

    kind: Literal["rule", "figure"]
    name: str
    title: str
    way: Way
    parts: tuple[tuple[str, str, str], ...] = ()


def differences(before: Pack | None, after: Pack) -> list[Difference]:
    """List what differs between two versions; against none, everything is added.

    Returns
    -------
    list of Difference
        Figures first, each kind by name.
    """
    old_figures = before.parameters if before else {}
    old_rules = {rule.id: rule for rule in before.rules} if before else {}
    new_rules = {rule.id: rule for rule in after.rules}
    found = [
        _of_figure(name, old_figures.get(name), after.parameters.get(name))
        for name in sorted({*old_figures, *after.parameters})
    ]
    found += [
        _of_rule(rule_id, old_rules.get(rule_id), new_rules.get(rule_id))
        for rule_id in sorted({*old_rules, *new_rules})
    ]
    return [one for one in found if one is not None]


def _of_rule(rule_id: str, old: Rule | None, new: Rule | None) -> Difference | None:
    if old is None or new is None:
        one = new or old
        assert one is not None
        return Difference("rule", rule_id, one.title, "removed" if new is None else "added")
    parts = tuple(
        (words, _said(getattr(old, name)), _said(getattr(new, name)))
        for name, words in _RULE_PARTS.items()
        if getattr(old, name) != getattr(new, name)
    )
    return Difference("rule", rule_id, new.title, "changed", parts) if parts else None


def _of_figure(name: str, old: Parameter | None, new: Parameter | None) -> Difference | None:
    if old is None or new is None:
        one = new or old
        assert one is not None
        return Difference("figure", name, one.meaning, "removed" if new is None else "added")
    before = {value.start: value for value in old.values}
    after = {value.start: value for value in new.values}
    parts = tuple(
        (f"From {day}", _figure(before.get(day)), _figure(after.get(day)))
        for day in sorted({*before, *after})
        if before.get(day) != after.get(day)
    )
    return Difference("figure", name, new.meaning, "changed", parts) if parts else None


def _figure(value: DatedValue | None) -> str:
    if value is None:
        return "–"
    if value.keyed:
        return ", ".join(f"{key}: {amount}" for key, amount in value.keyed)
    return str(value.value)


def _said(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {text}" for key, text in sorted(value.items()))
    return "–" if value in (None, "") else str(value)
