"""Courses as data: what is refused and why, grading, orders, waiting, and the figures of audits."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from math import comb
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.policy.domain.audit_figures import allocate, period_of, rank, rate_of, size_for
from entente.policy.domain.courses import (
    BadCourse,
    counts_until,
    free_from,
    grade,
    is_passed,
    order_of,
    read_course,
)
from entente.policy.domain.plain_words import blocks_of

pytestmark = [pytest.mark.feature("policy/training")]
AUDITS = pytest.mark.feature("policy/compliance-audits")
GOOD = """
code = "X"
languages = ["en", "de"]
title = { en = "T", de = "T" }
[[sections]]
heading = { en = "H", de = "H" }
text = { en = "W", de = "W" }
[[questions]]
id = "q"
ask = { en = "?", de = "?" }
why = { en = "!", de = "!" }
options = [{ id = "a", text = { en = "A", de = "A" }, right = true },
  { id = "b", text = { en = "B", de = "B" } }]
"""


def test_a_course_in_two_languages_is_read():
    read = read_course(GOOD)
    assert (read.code, read.languages, read.pass_percent) == ("X", ("en", "de"), 80)
    assert read.material["questions"][0]["many"] is False


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('code = "X"', "code =", "COURSE-001"),
        ('code = "X"', 'code = "X"\nmood = 1', "COURSE-003"),
        ('code = "X"', 'code = "X"\npass_percent = 0', "COURSE-004"),
        ('code = "X"', 'code = "X"\nattempts = true', "COURSE-004"),
        ('title = { en = "T", de = "T" }', "", "COURSE-005"),
        ('title = { en = "T", de = "T" }', 'title = { en = "T" }', "COURSE-006"),
        (
            'title = { en = "T", de = "T" }',
            'title = { en = "T", de = "T", fr = "T" }',
            "COURSE-007",
        ),
        ('code = "X"', 'code = "a b"', "COURSE-008"),
        (", right = true", "", "COURSE-012"),
        ('{ en = "B", de = "B" } }', '{ en = "B", de = "B" }, right = true }', "COURSE-013"),
        ('id = "b"', 'id = "a"', "COURSE-011"),
        ("right = true", "right = 1", "COURSE-010"),
        ('["en", "de"]', "[]", "COURSE-018"),
        ('["en", "de"]', '"en"', "COURSE-018"),
        ('code = "X"', 'code = "X"\nshared = 1', "COURSE-019"),
        ('code = "X"', 'code = "X"\nends_earlier_on = "soon"', "COURSE-020"),
        ("heading =", "headline =", "COURSE-003"),
        ("heading", "source = 5\nheading", "COURSE-017"),
    ],
)
def test_a_broken_course_is_refused_with_place_and_remedy(before, after, code):
    with pytest.raises(BadCourse, match=code):
        read_course(GOOD.replace(before, after, 1))


def test_questions_and_sections_are_needed():
    with pytest.raises(BadCourse, match="COURSE-016"):
        read_course(GOOD.split("[[sections]]", maxsplit=1)[0])
    with pytest.raises(BadCourse, match="COURSE-014"):
        read_course(GOOD.split("[[questions]]", maxsplit=1)[0])
    question = "[[questions]]" + GOOD.split("[[questions]]")[1]
    with pytest.raises(BadCourse, match="COURSE-015"):
        read_course(GOOD + question)


def test_markup_and_addresses_are_words():
    (block,) = blocks_of("<b>x</b> http://evil.test **y**")
    assert [piece.words for piece in block.items[0]] == ["<b>x</b> http://evil.test ", "y"]
    assert blocks_of("  \n\n ") == []


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 100))
def test_one_more_right_answer_never_fails_who_passed(n_right, more, percent):
    n = n_right + more
    if is_passed(n_right, n, percent) and more:
        assert is_passed(n_right + 1, n, percent)
    assert is_passed(n, n, percent) is (n > 0)


@given(st.lists(st.text("abc", min_size=1), unique=True), st.uuids())
def test_an_order_holds_every_question_once(ids, attempt):
    assert Counter(order_of(ids, attempt)) == Counter(ids)


def test_orders_differ_between_attempts():
    ids = list("abcdefgh")
    assert len({tuple(order_of(ids, UUID(int=n))) for n in range(20)}) > 10


@given(st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("abcd"), min_size=1))
def test_a_question_counts_only_with_exactly_its_right_options(chosen, right):
    options = [{"id": one, "right": one in right} for one in "abcd"]
    assert grade([{"id": "q", "options": options}], {"q": list(chosen)}) == (chosen == right)


def test_waiting_follows_each_full_set_of_failed_attempts():
    at = datetime(2026, 5, 1, tzinfo=UTC)
    failed = [at + timedelta(hours=n) for n in range(5)]
    waits = [free_from(failed[:n], attempts=2, wait_hours=24) for n in range(6)]
    assert waits == [None, None, failed[1] + timedelta(days=1), None,
                     failed[3] + timedelta(days=1), None]  # fmt: skip


def test_a_certificate_ends_with_the_first_that_ends_it():
    until = date(2027, 1, 1)
    assert counts_until(until, 2, [(1, date(2026, 1, 1)), (2, date(2026, 1, 1))]) == until
    ends = [(3, date(2026, 9, 1)), (4, date(2026, 5, 1)), (5, date(2030, 1, 1))]
    assert counts_until(until, 2, ends) == date(2026, 5, 1)


# Figures of audits.


@AUDITS
@given(st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 500)), st.data())
def test_an_allocation_adds_up_fits_and_leaves_out_no_stratum_it_can_take(counts, data):
    n = data.draw(st.integers(0, sum(counts.values())))
    got = allocate(counts, n)
    assert sum(got.values()) == n
    assert all(0 < k <= counts[name] for name, k in got.items())
    if n >= sum(1 for count in counts.values() if count):
        assert set(got) == {name for name, count in counts.items() if count}


@AUDITS
def test_more_than_there_is_cannot_be_allocated():
    with pytest.raises(ValueError, match="cannot be drawn"):
        allocate({"A": 1}, 2)


@AUDITS
@given(st.integers(0, 10_000), st.integers(1, 100))
def test_a_rate_rounds_up_and_draws_no_more_than_there_is(n, percent):
    size = size_for(n, size=None, rate_percent=percent)
    assert n * percent <= size * 100 < n * percent + 100
    assert size <= n


@AUDITS
@pytest.mark.parametrize(("k", "n"), [(0, 1), (0, 30), (1, 20), (15, 30), (29, 30), (30, 30)])
def test_the_interval_holds_the_share_and_solves_its_equation(k, n):
    """Wilson's ends are the shares from which what was seen lies 1.96 standard errors away."""
    rate = rate_of(k, n)
    assert 0 <= rate.low <= rate.share <= rate.high <= 1
    for end in (rate.low, rate.high):
        if 0 < end < 1:
            away = abs(k / n - end) / (end * (1 - end) / n) ** 0.5
            assert away == pytest.approx(1.959964, abs=1e-5)


@AUDITS
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
def test_the_interval_covers_the_true_share_about_as_often_as_it_says(share):
    n = 60
    covered = sum(
        comb(n, k) * share**k * (1 - share) ** (n - k)
        for k in range(n + 1)
        if rate_of(k, n).low <= share <= rate_of(k, n).high
    )
    assert covered > 0.92


@AUDITS
def test_more_findings_than_answers_are_refused():
    with pytest.raises(ValueError, match="findings among"):
        rate_of(3, 2)


@AUDITS
def test_every_row_is_drawn_about_as_often_as_every_other():
    ids = [UUID(int=n) for n in range(20)]
    drawn = Counter(
        one for seed in range(2_000) for one in sorted(ids, key=lambda i: rank(str(seed), i))[:5]
    )
    assert all(400 < drawn[one] < 600 for one in ids)


@AUDITS
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["month", "quarter"]))
def test_periods_hold_their_day_and_follow_each_other_without_a_gap(on, every):
    first, after = period_of(every, on)
    assert first <= on < after
    assert period_of(every, after)[0] == after
    assert period_of(every, after - timedelta(days=1)) == (first, after)
