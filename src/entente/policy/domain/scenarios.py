"""Run the scenarios of packs through the same judge as any act."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .compile import Compiled, compile_packs
from .evaluate import judge_one
from .packs import Pack, Rule, Scenario
from .verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Tried:
    """One scenario run: what was expected and what was seen."""

    rule_id: str
    name: str
    on: date
    expected: str
    seen: str

    @property
    def ok(self) -> bool:
        """Whether the rule said what the scenario expects."""
        return self.expected == self.seen


def state_of(verdict: Verdict, rule_id: str) -> str:
    """Tell what one rule said: pass, refused or undecided."""
    for finding in verdict.findings:
        if finding.rule_id == rule_id:
            return "refused" if finding.complete else "undecided"
    return "pass"


def _try_one(compiled: Compiled, rule: Rule, scenario: Scenario) -> Tried:
    verdict = judge_one(compiled, scenario.facts, scenario.on)
    seen, expected = state_of(verdict, rule.id), str(scenario.expect)
    if scenario.outcome is not None:
        seen, expected = f"{seen} {verdict.outcome}", f"{expected} {scenario.outcome}"
    return Tried(rule.id, scenario.name, scenario.on, expected, seen)


def _date_sides(compiled: Compiled, rule: Rule) -> Iterator[Tried]:
    """Try a refusal on both sides of the days on which the rule begins and ends to hold.

    The rule is taken alone; a fact of the scenario that depends on the day may turn the refusal
    into another answer, but outside its days the rule must say nothing at all.
    """
    refusal = next(scenario for scenario in rule.scenarios if scenario.expect == "refused")
    sides = [(rule.start - timedelta(days=1), "the day before it holds")]
    if rule.end is not None:
        sides.append((rule.end + timedelta(days=1), "the day after it held"))
    for day, name in sides:
        verdict = judge_one(compiled, {**refusal.facts, "action.date": day}, day)
        yield Tried(rule.id, name, day, "pass", state_of(verdict, rule.id))
    undated = replace(refusal, on=rule.start, facts={**refusal.facts, "action.date": rule.start})
    seen = state_of(judge_one(compiled, undated.facts, rule.start), rule.id)
    dated = compiled.dated[[r.id for r in compiled.rules].index(rule.id)]
    if not dated and "action.date" not in _day_facts(rule):
        yield Tried(rule.id, "the first day it holds", rule.start, "refused", seen)


def _day_facts(rule: Rule) -> set[str]:
    return {"action.date"} if "action.date" in rule.applies_text + rule.requires_text else set()


def run_scenarios(packs: Sequence[Pack]) -> list[Tried]:
    """Run every scenario of every rule, and both sides of the days between which it holds.

    Parameters
    ----------
    packs : sequence of Pack
        Each rule is judged within its own pack, so that a scenario needs only the facts that
        the rule reads.

    Returns
    -------
    list of Tried
        In the order of packs, rules and scenarios.
    """
    tried = []
    for pack in packs:
        for rule in pack.rules:
            alone = compile_packs([replace(pack, rules=(rule,))])
            tried += [_try_one(alone, rule, scenario) for scenario in rule.scenarios]
            tried += list(_date_sides(alone, rule))
    return tried
