"""A study only goes on or falls, and what fell carries nothing by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.content.domain.studies import (
    FALLEN,
    STUDY_MOVES,
    STUDY_WORDS,
    StudyState,
    Support,
    has_support,
    next_steps,
)

pytestmark = pytest.mark.feature("content/co-sponsored-research")

STATES = st.sampled_from(StudyState)
SUPPORTS = st.lists(
    st.builds(Support, st.one_of(st.just(""), STATES.map(str)), st.booleans()), max_size=6
)


@given(st.lists(STATES, max_size=30))
def test_a_study_never_goes_back_and_what_fell_never_stands_again(asked):
    order = list(StudyState)
    state, seen = StudyState.PLANNED, [StudyState.PLANNED]
    for wanted in asked:
        if wanted.value in STUDY_MOVES[state]:
            state = wanted
            seen.append(state)
    assert [order.index(each) for each in seen] == sorted({order.index(each) for each in seen})
    fell = [each in FALLEN for each in seen]
    assert fell == sorted(fell)


@given(STATES)
def test_going_on_never_means_falling_and_each_state_has_words(state):
    assert not set(next_steps(state)) & FALLEN
    assert set(STUDY_MOVES) == {each.value for each in StudyState} == {str(s) for s in STUDY_WORDS}


@given(SUPPORTS, st.randoms())
def test_support_does_not_depend_on_order_and_more_looking_never_takes_it_away(supports, random):
    mixed = random.sample(supports, len(supports))
    assert has_support(mixed) == has_support(supports)
    looked = [Support(each.state, confirmed=True) for each in supports]
    assert has_support(looked) >= has_support(supports)
    assert not any(each.waits for each in looked)


@given(st.lists(st.booleans(), min_size=1, max_size=5))
def test_retracted_results_alone_never_carry_a_claim(confirmed):
    assert not has_support([Support("retracted", each) for each in confirmed])
