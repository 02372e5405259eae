"""Every rule is turned around in turn, whole and part by part; its own cases have to notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from entente.policy.domain.compile import compile_packs
from entente.policy.domain.packs import Pack, Rule
from entente.policy.domain.scenarios import _try_one
from entente.policy.domain.tree import Condition, Either, Every, Not
from entente.policy.packs import load_packs

PACKS = load_packs()
RULES = [(pack, rule) for pack in PACKS for rule in pack.rules]


def turned(node: Condition) -> Iterator[Condition]:
    """Yield a condition with one of its parts turned around, each part in turn."""
    yield Not(node)
    match node:
        case Every(parts) | Either(parts):
            for n, part in enumerate(parts):
                for mutant in turned(part):
                    yield type(node)((*parts[:n], mutant, *parts[n + 1 :]))
        case Not(part):
            yield from (Not(mutant) for mutant in turned(part))


def mutants(rule: Rule) -> Iterator[Rule]:
    yield from (replace(rule, requires=mutant) for mutant in turned(rule.requires))
    yield from (replace(rule, applies=mutant) for mutant in turned(rule.applies))


def unnoticed(pack: Pack, rule: Rule) -> list[int]:
    """Give the numbers of the mutants that every case of the rule lets pass."""
    found = []
    for n, mutant in enumerate(mutants(rule)):
        alone = compile_packs([replace(pack, rules=(mutant,))])
        if all(_try_one(alone, mutant, scenario).ok for scenario in rule.scenarios):
            found.append(n)
    return found


@pytest.mark.slow
def test_every_part_of_every_rule_turned_around_is_noticed_by_its_cases():
    survivors = {rule.id: numbers for pack, rule in RULES if (numbers := unnoticed(pack, rule))}
    assert survivors == {}


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_a_rule_turned_around_as_a_whole_is_noticed(pack, rule):
    for mutant in (
        replace(rule, requires=Not(rule.requires)),
        replace(rule, applies=Not(rule.applies)),
    ):
        alone = compile_packs([replace(pack, rules=(mutant,))])
        assert not all(_try_one(alone, mutant, scenario).ok for scenario in rule.scenarios)
