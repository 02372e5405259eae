"""Who pays what adds up to the minor unit, whatever the rule and the order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.alliances.domain.funding import split_line
from entente.foundation.domain.money import MoneyError

PARTIES = ["a", "b", "c"]
AMOUNTS = st.integers(0, 10**12)
SHARES = st.fixed_dictionaries({p: st.integers(1, 99).map(str) for p in PARTIES})
ENDS = st.lists(st.integers(1, 10**9), max_size=3, unique=True).map(sorted)


@st.composite
def rules(draw):
    rule = draw(st.sampled_from(["equal", "tiered", "fixed", "capped"]))
    if rule == "tiered":
        bands = [{"up_to_minor": end, "shares": draw(SHARES)} for end in draw(ENDS)]
        return rule, {"bands": [*bands, {"up_to_minor": None, "shares": draw(SHARES)}]}
    if rule == "fixed":
        fixed = {p: draw(st.integers(0, 10**9)) for p in draw(st.sets(st.sampled_from(PARTIES)))}
        return rule, {"amounts_minor": fixed, "rest": draw(st.sampled_from(PARTIES))}
    if rule == "capped":
        caps = {p: draw(st.integers(0, 10**9)) for p in draw(st.sets(st.sampled_from(["a", "b"])))}
        return rule, {"shares": draw(SHARES), "caps_minor": caps}
    return rule, {}


@pytest.mark.feature("alliances/joint-campaigns")
@given(AMOUNTS, rules())
def test_the_parts_add_up_and_their_order_changes_nothing(amount, given_rule):
    rule, terms = given_rule
    parts = split_line(amount, rule, terms, PARTIES)
    assert sum(parts.values()) == amount
    assert min(parts.values()) >= 0
    assert split_line(amount, rule, terms, PARTIES[::-1]) == parts


@given(AMOUNTS, SHARES, st.integers(0, 10**9))
def test_nobody_pays_above_a_cap(amount, shares, cap):
    parts = split_line(amount, "capped", {"shares": shares, "caps_minor": {"a": cap}}, PARTIES)
    assert parts["a"] <= cap


def test_a_tiered_line_splits_each_slice_by_its_band():
    bands = [
        {"up_to_minor": 10_000, "shares": {"a": "0.5", "b": "0.5"}},
        {"up_to_minor": None, "shares": {"a": "0.75", "b": "0.25"}},
    ]
    assert split_line(14_000, "tiered", {"bands": bands}, ["a", "b"]) == {"a": 8_000, "b": 6_000}


@pytest.mark.parametrize(
    ("rule", "terms", "words"),
    [
        ("half", {}, "not one of"),
        ("tiered", {"bands": []}, "no upper end"),
        ("tiered", {"bands": [{"up_to_minor": 5, "shares": {"a": "1"}}]}, "no upper end"),
        ("fixed", {"amounts_minor": {}, "rest": "z"}, "carries the rest"),
        ("fixed", {"amounts_minor": {"a": -1}, "rest": "b"}, "not below zero"),
        ("capped", {"shares": {"z": "1"}}, "no side"),
        ("capped", {"shares": {"a": "1"}, "caps_minor": {"a": 1}}, "nobody pays the rest"),
        ("capped", {"shares": {"a": "half"}}, "as a number"),
    ],
)
def test_a_rule_that_does_not_say_who_pays_is_refused(rule, terms, words):
    with pytest.raises(MoneyError, match=words):
        split_line(1_000, rule, terms, ["a", "b"])
