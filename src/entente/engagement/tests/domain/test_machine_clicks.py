"""Which clicks come from machines: each rule on both sides, and all of them on invented traffic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.engagement.domain.machine_clicks import RULES, WORDS, Click, Letter, judged, n_links
from entente.engagement.tests.traffic import scored, traffic

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"


def letter(*clicks, n_links=0, delivered_at=NOON):
    """Clicks as seconds after the delivery, link and program."""
    return Letter(
        [
            Click(i, NOON + timedelta(seconds=after), link, agent[0] if agent else BROWSER)
            for i, (after, link, *agent) in enumerate(clicks)
        ],
        delivered_at,
        n_links,
    )


@pytest.mark.parametrize(
    ("rule", "machine", "human"),
    [
        ("scanner_agent", letter((500, "a", "Mimecast/1")), letter((500, "a"))),
        ("before_delivery", letter((-1, "a")), letter((-1, "a"), delivered_at=None)),
        ("too_soon", letter((9, "a")), letter((10, "a"))),
        ("same_second", letter((500, "a"), (500, "b")), letter((500, "a"), (500, "a"))),
        ("burst", letter((500, "a"), (501, "b"), (503, "c")),
         letter((500, "a"), (502, "b"), (504, "c"))),
        ("whole_letter", letter((500, "a"), (515, "b"), (530, "c"), n_links=3),
         letter((500, "a"), (515, "b"), (531, "c"), n_links=3)),
    ],
)  # fmt: skip
def test_each_rule_names_a_machine_and_leaves_a_person(rule, machine, human):
    assert set(judged(machine).values()) == {rule}
    assert len(judged(machine)) == len(machine.clicks)
    assert judged(human) == {}


def test_an_event_without_a_program_s_name_is_no_machine_s_by_that():
    assert judged(letter((500, "a", ""))) == {}


def test_two_links_of_a_letter_with_two_are_no_whole_letter():
    assert judged(letter((500, "a"), (505, "b"), n_links=2)) == {}


def test_every_rule_has_words_for_people():
    assert set(WORDS) == {"provider_says", *(rule.name for rule in RULES)}
    assert all(len(name) <= 24 for name in WORDS)


@pytest.mark.parametrize("seed", [1, 2, 3, 20261127])
def test_the_rules_find_most_machines_and_blame_few_people(seed):
    found = scored(traffic(seed, 1500))
    assert found["precision"] >= 0.97, found
    assert found["recall"] >= 0.85, found


@given(
    st.lists(st.tuples(st.integers(-60, 600), st.sampled_from("abcd")), max_size=8),
    st.integers(0, 5),
    st.randoms(),
)
def test_the_order_in_which_clicks_are_told_is_irrelevant(clicks, links, chance):
    made = letter(*clicks, n_links=links)
    mixed = list(made.clicks)
    chance.shuffle(mixed)
    assert judged(Letter(mixed, NOON, links)) == judged(made)


@given(st.lists(st.tuples(st.integers(-60, 600), st.sampled_from("abcd")), max_size=7))
def test_what_a_machine_clicked_stays_a_machine_s_however_much_is_told_later(clicks):
    before = judged(letter(*clicks[:-1], n_links=4))
    after = judged(letter(*clicks, n_links=4))
    assert before.keys() <= after.keys()


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from("abcd")), max_size=7),
       st.integers(0, 30))  # fmt: skip
def test_links_together_are_counted_like_by_a_slow_twin(clicks, within):
    made = letter(*clicks)
    for i, (at, _) in enumerate(clicks):
        spans = [range(s, s + within + 1) for s in range(at - within, at + 1)]
        twin = max(len({link for when, link in clicks if when in span}) for span in spans)
        assert made.together(made.clicks[i], timedelta(seconds=within)) == twin


def test_links_of_a_letter_are_counted_once_each():
    assert n_links("<a HREF=\"https://a.test/\">x</a><a href='https://a.test/#b'>y</a>") == 1
