"""Modules: their rules hold in every arrangement, and what they do not hold is noticed."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.content.domain.modules import (
    Part,
    Rules,
    broken_rules,
    compose,
    unchanged,
    words_outside,
)

IDS = [UUID(int=n) for n in range(1, 6)]
SOME = st.frozensets(st.sampled_from(IDS), max_size=2)
RULES = st.builds(
    Rules, needs=SOME, needs_next=SOME, never_with=SOME, never_next_to=SOME, most=st.integers(1, 2)
)


@st.composite
def arrangements(draw):
    rules = {each: draw(RULES) for each in IDS}
    order = draw(st.lists(st.sampled_from(IDS), max_size=6))
    return [Part(m, m, f"M{m.int}", "body", f"<p>{m.int}</p>", str(m.int), rules[m]) for m in order]


def twin(parts: list[Part]) -> bool:
    """Tell whether an arrangement is allowed, by trying every pair."""
    for i, part in enumerate(parts):
        others = [p.module for j, p in enumerate(parts) if j != i and p.module != part.module]
        if any(need not in others and need != part.module for need in part.rules.needs):
            return False
        if part.module in part.rules.needs:
            return False
        if any(other in part.rules.never_with for other in others):
            return False
        near = [parts[j].module for j in (i - 1, i + 1) if 0 <= j < len(parts)]
        if any(each in part.rules.never_next_to for each in near):
            return False
        follows = parts[i + 1].module if i + 1 < len(parts) else None
        if part.rules.needs_next and follows not in part.rules.needs_next:
            return False
        if sum(p.module == part.module for p in parts) > part.rules.most:
            return False
    return True


@pytest.mark.feature("content/modular-content")
@given(arrangements())
def test_rules_refuse_exactly_the_arrangements_that_a_slow_reading_refuses(parts):
    assert (not broken_rules(parts)) == twin(parts)


@pytest.mark.feature("content/modular-content")
def test_a_claim_without_its_safety_text_is_told_which_one_it_needs():
    body, safety = IDS[:2]
    part = Part(body, body, "Efficacy", "body", "", "", Rules(needs=frozenset([safety])))
    (found,) = broken_rules([part], {safety: "Boxed warning"})
    assert found.words == "Efficacy needs Boxed warning in the same item."


@given(arrangements())
def test_what_is_composed_of_modules_holds_nothing_else(parts):
    html, text = compose(parts)
    assert words_outside(html, text, parts) == ""
    assert all(unchanged(html, parts))


def test_a_word_added_in_either_form_is_noticed():
    part = Part(IDS[0], IDS[0], "A", "body", "<p>Lowers LDL.</p>", "Lowers LDL.")
    assert words_outside("<p>Lowers LDL.</p><p>Best</p>", "Lowers LDL.", [part]) == "Best"
    assert words_outside("<p>Lowers LDL.</p>", "Lowers LDL.\nBest", [part]) == "Best"
    assert unchanged("<p>Lowers LDL!</p>", [part]) == [False]


def test_rules_are_stored_and_read_back_as_they_were():
    rules = Rules(needs=frozenset(IDS[:2]), never_next_to=frozenset(IDS[2:3]), most=3)
    assert Rules.from_data(rules.as_data()) == rules
