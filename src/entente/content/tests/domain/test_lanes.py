"""The review lane: computed from facts, never below what any one fact asks for."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.content.domain.lanes import Lane, LaneFacts, LaneRule, due_on, lane_of

# The slow twin: the table of workflows, section 3, written out as it stands there.
TABLE = [
    ("words_outside_modules", "red"),
    ("modules_changed", "red"),
    ("modules_unapproved", "red"),
    ("modules_out_of_date", "red"),
    ("outside_their_scope", "red"),
    ("new_claims", "red"),
    ("new_indications", "red"),
    ("comparative", "red"),
    ("cobrand_first_use", "red"),
    ("balance_changed", "red"),
    ("interactive_changed", "red"),
    ("resequenced", "amber"),
    ("resized", "amber"),
    ("translated", "amber"),
]
CELLS = [
    LaneRule(Lane.AMBER, channel="social", reason="Social media is looked at twice."),
    LaneRule(Lane.RED, country="GB", audience="hcp", reason="Every British item is certified."),
    LaneRule(Lane.AMBER, claim_type="economic", reason="Figures are checked."),
    LaneRule(Lane.GREEN, country="US", reason="Asks for nothing."),
]


def twin(facts: LaneFacts, cells: list[LaneRule], suspended: str) -> str:
    """Go through the table line by line and remember the strictest lane."""
    lane = "green"
    for name, asks in TABLE:
        if getattr(facts, name):
            lane = "red" if "red" in (lane, asks) else asks
    for audience in facts.audiences:
        if audience in ("patient", "public"):
            lane = "red"
    for cell in cells:
        for audience in facts.audiences:
            for channel in facts.channels:
                for country in facts.markets:
                    for kind in facts.claim_types or [None]:
                        if (
                            cell.audience in ("", audience)
                            and cell.channel in ("", channel)
                            and cell.country in ("", country)
                            and cell.claim_type in ("", kind)
                            and (cell.lane == "red" or (cell.lane == "amber" and lane == "green"))
                        ):
                            lane = cell.lane.value
    if suspended and lane == "green":
        lane = "amber"
    return lane


def some(chance: random.Random, values: list[str], least: int = 0) -> list[str]:
    return sorted(chance.sample(values, chance.randint(least, min(3, len(values)))))


def random_facts(chance: random.Random) -> LaneFacts:
    flags = {
        name: chance.random() < 0.06
        for name, _ in TABLE
        if name not in ("new_claims", "new_indications")
    }
    return LaneFacts(
        kind=chance.choice(["promo", "educational", "service"]),
        audiences=some(chance, ["hcp", "payer", "hco", "patient"] if chance.random() < 0.2
                       else ["hcp", "payer", "hco"], 1),
        channels=some(chance, ["email", "web", "social"], 1),
        markets=some(chance, ["US", "DE", "GB", "FR"], 1),
        claim_types=some(chance, ["efficacy", "economic", "safety"]),
        new_claims=["Heals."] if chance.random() < 0.06 else [],
        new_indications=["Gout"] if chance.random() < 0.06 else [],
        **flags,
    )  # fmt: skip


@pytest.mark.feature("content/risk-lanes")
def test_the_lane_of_10_000_random_items_is_the_tables_and_always_has_a_reason():
    chance = random.Random(5)
    seen = {"green": 0, "amber": 0, "red": 0}
    for _ in range(10_000):
        facts = random_facts(chance)
        cells = chance.sample(CELLS, chance.randint(0, len(CELLS)))
        suspended = "A sample missed." if chance.random() < 0.1 else ""
        found = lane_of(facts, cells, green_suspended=suspended)
        assert found.lane == twin(facts, cells, suspended)
        assert any(each.lane == found.lane and each.words for each in found.reasons)
        seen[found.lane] += 1
    assert min(seen.values()) > 500


CLEAN = LaneFacts("promo", ["hcp"], ["email"], ["US"], ["efficacy"], False)


@pytest.mark.feature("content/risk-lanes")
@given(st.sets(st.sampled_from([f.name for f in fields(LaneFacts) if f.type == "bool"])))
def test_one_more_fact_against_it_never_lowers_a_lane(names):
    order = list(Lane)
    facts = CLEAN
    before = order.index(lane_of(facts).lane)
    for name in sorted(names):
        facts = replace(facts, **{name: True})
        now = order.index(lane_of(facts).lane)
        assert now >= before
        before = now


def test_a_cell_of_the_matrix_raises_and_never_lowers():
    lower = LaneRule(Lane.AMBER, reason="Look twice.")
    assert lane_of(CLEAN, [lower]).lane == Lane.AMBER
    assert lane_of(replace(CLEAN, comparative=True), [lower]).lane == Lane.RED


def test_an_urgent_safety_update_is_due_the_next_day_even_on_a_weekend():
    friday = date(2026, 11, 27)
    assert due_on(Lane.RED, friday, is_urgent=True) == date(2026, 11, 28)
    assert due_on(Lane.RED, friday) == date(2026, 12, 11)
    assert due_on(Lane.GREEN, friday) == date(2026, 11, 30)
