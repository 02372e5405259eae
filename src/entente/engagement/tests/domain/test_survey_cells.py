"""No number of few people can be worked out, whatever was answered; and labels hide everybody."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.engagement.domain.survey_flags import flag_of
from entente.engagement.domain.survey_results import Given, results
from entente.engagement.domain.survey_segments import NOTHING, labels
from entente.engagement.domain.surveys import Option, Question, is_asked, read_answers

pytestmark = pytest.mark.feature("alliances/partner-feedback")

LEAST = 11
ASKED = [
    Question("clear", "scale5", {"en": "Clear?"}),
    Question("way", "multiple", {"en": "How?"}, [Option("mail", {}), Option("call", {})]),
]
groups = st.lists(st.integers(0, 30), min_size=1, max_size=6)
words = st.sampled_from(["Cardiology", "Neurology", "Oncology", ""])


def answers(sizes):
    """Give answers of groups of these sizes."""
    return [
        Given({"clear": k % 5 + 1, "way": ["mail"] if k % 2 else ["mail", "call"]},
              {"specialty": f"group {g}"})
        for g, size in enumerate(sizes)
        for k in range(size)
    ]  # fmt: skip


def possible(total: int, n: int) -> list[tuple[int, ...]]:
    """Give every way in which so many groups, none of them empty, add up; slow and obvious."""
    return [each for each in product(range(1, total + 1), repeat=n) if sum(each) == total]


@settings(max_examples=150, deadline=None)
@given(groups)
def test_no_hidden_group_can_be_worked_out_by_subtraction(sizes):
    for result in results(ASKED, answers(sizes), LEAST):
        if result.cell is None:
            assert sum(sizes) < LEAST
            assert result.segments == ()
            continue
        (by,) = result.segments
        told = sum(cell.n for cell in by.cells.values())
        rest = result.cell.n - told
        assert rest == by.n_people_hidden
        assert all(cell.n >= LEAST for cell in by.cells.values())
        assert by.n_hidden == 0 or (rest >= LEAST and (by.n_hidden >= 2 or not by.cells))
        if 0 < by.n_hidden <= 3 and rest <= 40:
            ways = possible(rest, by.n_hidden)
            for place in range(by.n_hidden):
                assert by.n_hidden == 1 or len({way[place] for way in ways}) > 1


@settings(max_examples=100, deadline=None)
@given(groups)
def test_what_is_told_is_what_a_slow_twin_counts(sizes):
    those = answers(sizes)
    for result in results(ASKED, those, LEAST):
        code = result.question.code
        cells = [("", result.cell)] if result.cell else []
        for by in result.segments:
            cells += list(by.cells.items())
        for name, cell in cells:
            values = [g.values[code] for g in those if name in ("", g.segments["specialty"])]
            assert cell.n == len(values)
            for answer, n in cell.counts.items():
                slow = 0
                for value in values:
                    slow += answer in value if isinstance(value, list) else answer == str(value)
                assert n == slow


@settings(max_examples=60, deadline=None)
@given(groups, st.randoms())
def test_the_order_in_which_answers_came_changes_nothing(sizes, chance):
    those = answers(sizes)
    mixed = those[:]
    chance.shuffle(mixed)
    assert results(ASKED, those, LEAST) == results(ASKED, mixed, LEAST)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(words, st.sampled_from(["US", "DE"]), words), min_size=4, max_size=60),
    st.integers(2, 4),
)
def test_every_label_is_shared_by_enough_of_those_invited(people, least):
    told = labels(people, least)
    assert min(Counter(told).values()) >= least
    for own, label in zip(people, told, strict=True):
        assert all(part in ("", known) for part, known in zip(label, own, strict=True))


def test_a_label_tells_as_much_as_it_may():
    cardiology = [("Cardiology", "US", "Shore")] * 11
    assert set(labels([*cardiology, *[("Oncology", "DE", "Berg")] * 11], 11)) == {
        ("Cardiology", "US", "Shore"), ("Oncology", "DE", "Berg"),
    }  # fmt: skip
    assert set(labels([*cardiology, ("Neurology", "US", "Shore")], 11)) == {("", "US", "")}
    assert set(labels([*cardiology, ("Neurology", "DE", "Berg")], 11)) == {NOTHING}
    with pytest.raises(ValueError, match="10 people"):
        labels(cardiology[:10], 11)


def test_a_question_that_depends_is_asked_after_its_answer_alone():
    ways = Question("ways", "multiple", {}, [Option("a", {}), Option("b", {})])
    why = Question("why", "text", {}, required=True, shown_if=("ways", "b"))
    assert not is_asked(why, {"ways": ["a"]})
    assert read_answers([ways, why], {"ways": ["a"]}).wrong == {}
    assert read_answers([ways, why], {"ways": ["a", "b"]}).wrong == {"why": "needed"}


@given(st.dictionaries(st.sampled_from(["clear", "way", "x"]), st.lists(st.text(max_size=9))))
def test_no_form_breaks_the_reading_of_answers(form):
    found = read_answers(ASKED, form)
    assert set(found.values) <= {"clear", "way"}
    assert found.values.get("clear", 1) in range(1, 6)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Two patients had a rash after it", "safety"),
        ("Sie klagte über Übelkeit", "safety"),
        ("Un efecto adverso", "safety"),
        ("Des effets indésirables", "safety"),
        ("My patient likes it", "identity"),
        ("Mr. Smith asked", "identity"),
        ("born on 3 May", "identity"),
        ("call +1 555 123 4567", "identity"),
        ("write to a.b@c.org", "identity"),
        ("a 72-year-old", "identity"),
        ("Short, clear and useful for the ward", ""),
        ("Please send it earlier in the year", ""),
    ],
)
def test_texts_that_may_harm_somebody_are_held_back(text, flag):
    assert flag_of(text) == flag
