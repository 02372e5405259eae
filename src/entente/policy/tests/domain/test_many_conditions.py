"""Thousands of conditions nobody wrote: mutated ones are refused or mean what they say."""

from __future__ import annotations

import datetime as dt
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.policy.domain.compile import compile_packs
from entente.policy.domain.evaluate import judge_one
from entente.policy.domain.facts import FACTS
from entente.policy.domain.language import admit, parse_condition
from entente.policy.domain.tree import facts_read
from entente.policy.packs import load_packs

from .test_language import HOSTILE, PIECES
from .test_twins import CONDITIONS, ROWS, pack_of, rule_of

pytestmark = [pytest.mark.slow, pytest.mark.promise("P20")]

N_MUTANTS, LONGEST_S = 20_000, 0.1
DAY = dt.date(2026, 1, 1)
VALUES = {
    "boolean": [True, False],
    "integer": [0, 1, 5],
    "money": [0, 1, 10_000],
    "share": ["0", "0.15"],
    "date": [DAY, DAY - dt.timedelta(days=400)],
    "time": [0, 480],
    "list": [[], ["NY"]],
}


def texts() -> list[str]:
    """Give the conditions of the packs that read no parameter, which no lone condition has."""
    found = [
        text for pack in load_packs() for r in pack.rules for text in (r.applies_text, r.requires_text)
    ]  # fmt: skip
    return [text for text in found if ":" not in text and "param(" not in text]


def mutated(rng: random.Random, text: str) -> str:
    """Cut, double, swap or replace a few of a condition's words."""
    words = text.split()
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(words))
        way = rng.randrange(5)
        if way == 0 and len(words) > 1:
            del words[at]
        elif way == 1:
            words.insert(at, rng.choice(PIECES))
        elif way == 2:
            words[at] = rng.choice(PIECES)
        elif way == 3:
            words[at] *= rng.choice([2, 40])
        else:
            other = rng.randrange(len(words))
            words[at], words[other] = words[other], words[at]
    return " ".join(words)


def value_for(rng: random.Random, name: str) -> object:
    fact = FACTS[name]
    if rng.random() < 0.25:
        return None
    return rng.choice(list(fact.codes) or ["US"]) if fact.type == "text" else rng.choice(
        VALUES[fact.type]
    )  # fmt: skip


def timed(text: str) -> tuple[bool, str, float]:
    """Ask whether a condition is admitted; give the answer and the seconds of work."""
    began = time.thread_time()
    ok, why = admit(text)
    return ok, why, time.thread_time() - began


def test_twenty_thousand_mutants_are_refused_at_once_or_mean_what_they_say(python_twin):
    rng, sources, slowest, n_admitted = random.Random(20), texts(), 0.0, 0
    for n in range(N_MUTANTS):
        text = rng.choice(HOSTILE) if n % 20 == 0 else mutated(rng, rng.choice(sources))
        ok, why, took = timed(text)
        if took > LONGEST_S:
            # The machine may have been at something else: only what is slow each time is.
            took = min(timed(text)[2] for _ in range(3))
        slowest = max(slowest, took)
        assert ok or why.startswith("COND-")
        if ok:
            n_admitted += 1
        # What a parameter stands for is the pack's to say, so such a condition has no meaning yet.
        if ok and ":p" not in text and "param" not in text:
            _means_the_same(python_twin, rng, text)
    assert slowest < LONGEST_S
    assert n_admitted > 500, "mutants that are all refused would show nothing of those admitted"


def _means_the_same(python_twin, rng: random.Random, text: str) -> None:
    tree = parse_condition(text)
    facts = {name: value_for(rng, name) for name in facts_read(tree)}
    facts |= {"action.type": "email", "action.date": DAY}
    verdict = judge_one(compile_packs([pack_of(rule_of(text))]), facts, DAY)
    state, absent = python_twin.state_of(
        "action.type = 'email'", text, facts, python_twin.Twin({}, {}), None
    )
    seen = [(f.state, set(f.missing_facts)) for f in verdict.findings]
    assert seen == ([] if state == "pass" else [(state, absent)]), text


@settings(max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CONDITIONS, st.lists(ROWS, min_size=1, max_size=3))
def test_five_thousand_random_rules_equal_the_twin_nulls_included(python_twin, condition, rows):
    compiled = compile_packs([pack_of(rule_of(condition))])
    rule = python_twin.Twin({}, {})
    for row in rows:
        facts = {"action.type": "email", "action.date": DAY, **row}
        state, absent = python_twin.state_of("action.type = 'email'", condition, facts, rule, None)
        verdict = judge_one(compiled, facts, DAY)
        seen = [(f.state, set(f.missing_facts)) for f in verdict.findings]
        assert seen == ([] if state == "pass" else [(state, absent)]), condition
