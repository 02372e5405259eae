"""The plan counted backwards from the launch."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.alliances.domain.back_schedule import (
    TEMPLATE,
    due_on,
    fits,
    standing,
)
from entente.foundation.domain.workdays import on_workday, workdays_before

DAYS = st.dates(date(2025, 1, 1), date(2030, 12, 31))


@pytest.mark.feature("alliances/planning-rhythm")
def test_the_template_keeps_the_rhythm_of_90_30_and_7_days():
    launch = date(2027, 6, 1)
    first = {
        lane: max(s.offset_days for s in TEMPLATE if s.lane == lane)
        for lane in ("T-90", "T-30", "T-7")
    }
    assert first == {"T-90": 90, "T-30": 30, "T-7": 7}
    assert due_on(launch, 90) == date(2027, 3, 3)
    assert due_on(launch, 30) == date(2027, 4, 30)  # 2 May is a Sunday
    assert due_on(launch, 7) == date(2027, 5, 25)


@given(DAYS, st.integers(0, 120))
def test_work_is_never_due_on_a_weekend_nor_after_its_day(launch, offset):
    due = due_on(launch, offset)
    assert due <= launch - timedelta(days=offset)
    assert offset == 0 or due.weekday() < 5


@given(DAYS, st.integers(0, 30))
def test_as_many_workdays_lie_between_begin_and_due_as_it_takes(day, n):
    begin, end = workdays_before(day, n), on_workday(day)
    between = [begin + timedelta(days=k) for k in range((end - begin).days)]
    assert sum(each.weekday() < 5 for each in between) == n


def test_a_review_whose_time_no_longer_fits_shows_before_it_is_late():
    due = date(2026, 11, 20)
    assert not standing(due, 10, done=False, today=date(2026, 11, 6)).too_short
    assert standing(due, 10, done=False, today=date(2026, 11, 7)).too_short
    assert not standing(due, 10, done=False, today=due).late
    assert standing(due, 10, done=False, today=date(2026, 11, 21)).late
    assert not standing(due, 10, done=True, today=date(2026, 12, 21)).late


def test_a_launch_in_sixty_days_is_told_what_no_longer_fits():
    short = fits(date(2027, 1, 19), date(2026, 11, 20))
    assert [step.offset_days for step in short] == [90, 80, 70, 55]
