"""Seconds on show, minutes as people write them: beside slow and obvious twins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.engagement.domain.detailing import (
    as_minutes,
    is_medical,
    seconds_of,
    seconds_on_show,
    shares_of,
)

pytestmark = pytest.mark.feature("engagement/detailing")
BEGAN = datetime(2026, 11, 20, 16, tzinfo=UTC)
STAY = st.tuples(st.sampled_from("abc"), st.integers(0, 120), st.integers(0, 60))


def _stays(rows):
    return [
        (item, BEGAN + timedelta(seconds=since), BEGAN + timedelta(seconds=since + length))
        for item, since, length in rows
    ]


@given(st.lists(STAY, max_size=12))
def test_seconds_are_those_in_which_the_item_was_on_the_screen(rows):
    slow: dict[str, set[int]] = {}
    for item, since, length in rows:
        slow.setdefault(item, set()).update(range(since, since + length))
    assert seconds_on_show(_stays(rows)) == {item: len(each) for item, each in slow.items()}


@given(st.lists(STAY, max_size=12), st.randoms())
def test_the_order_of_stays_is_irrelevant(rows, chance):
    mixed = list(rows)
    chance.shuffle(mixed)
    assert seconds_on_show(_stays(mixed)) == seconds_on_show(_stays(rows))


@given(st.integers(0, 59_999))
def test_minutes_are_read_as_they_are_written(seconds):
    assert seconds_of(as_minutes(seconds)) == seconds


@pytest.mark.parametrize("text", ["three", "3:60", "-1", "1:2:3", "3:5", "9999", "1e3", "³"])
def test_what_is_no_number_of_minutes_is_refused(text):
    with pytest.raises(ValueError, match="minutes such as"):
        seconds_of(text)


@given(st.dictionaries(st.integers(0, 4), st.integers(0, 500)))
def test_shares_tell_every_choice_and_their_sum_is_about_a_hundred(counts):
    shares = shares_of(counts, 5)
    assert [n for n, _ in shares] == [counts.get(choice, 0) for choice in range(5)]
    total = sum(percent for _, percent in shares)
    assert total == 0 if not sum(counts.values()) else 97 <= total <= 103


@pytest.mark.parametrize(
    "words",
    ["Which dose?", "Is it safe in pregnancy?", "Welche Wirkung hat es?", "Une étude récente ?",
     "A patient had a rash", "Do you have data on it?"],
)  # fmt: skip
def test_what_sounds_medical_is_medical(words):
    assert is_medical(words)


@pytest.mark.parametrize(
    "words",
    ["Will the slides be sent round?", "Can you come on Monday?", "I cannot hear you",
     "When is the next webinar?"],
)  # fmt: skip
def test_what_is_about_the_talk_itself_is_not(words):
    assert not is_medical(words)
