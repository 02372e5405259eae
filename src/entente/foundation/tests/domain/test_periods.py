"""Days and windows, at the hours where clocks and calendars disagree."""

# ruff: noqa: DTZ001 - moments without a zone are what some of these tests are about

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.foundation.domain.periods import day_number, day_of, days_after, end_of_day

QUICK = settings(max_examples=40, deadline=None)

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia",
     "America/Sao_Paulo",
     "Australia/Lord_Howe", "Asia/Kathmandu"]
)  # fmt: skip
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))


@pytest.mark.promise("P31")
@QUICK
@given(DAYS, ZONES)
def test_the_end_of_a_day_is_the_last_microsecond_of_it(day, zone):
    if zone == "Pacific/Apia" and day in {date(2011, 12, 29), date(2011, 12, 30)}:
        return  # Samoa left this day out
    end = end_of_day(day, zone)
    assert day_of(end, zone) == day
    assert day_of(end + timedelta(microseconds=1), zone) == day + timedelta(days=1)


@pytest.mark.promise("P31")
@QUICK
@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)), ZONES, st.integers(0, 400))
def test_a_rolling_window_is_the_same_instant_in_every_zone(naive, zone, n_days):
    moment = naive.replace(tzinfo=UTC)
    later = days_after(moment.astimezone(ZoneInfo(zone)), n_days)
    assert later == days_after(moment, n_days)
    assert later - moment == timedelta(days=n_days)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2027, 1, 1)),
        (datetime(2027, 1, 1, 4, 59, tzinfo=UTC), "America/New_York", date(2026, 12, 31)),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), "Asia/Kolkata", date(2028, 2, 29)),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), "Europe/Berlin", date(2026, 3, 29)),
    ],
)
def test_a_day_is_the_day_where_the_recipient_is(moment, zone, day):
    assert day_of(moment, zone) == day


def test_the_days_on_which_clocks_change_are_shorter_and_longer():
    def hours(day: date) -> float:
        before = end_of_day(day - timedelta(days=1), "Europe/Berlin")
        return (end_of_day(day, "Europe/Berlin") - before).total_seconds() / 3600

    assert [hours(date(2026, 3, 29)), hours(date(2026, 10, 25)), hours(date(2026, 6, 1))] == [
        23,
        25,
        24,
    ]


def test_a_window_from_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        days_after(datetime(2026, 1, 1), 30)


@QUICK
@given(DAYS, st.integers(-5_000, 5_000))
def test_days_are_counted_one_by_one(day, n):
    assert day_number(day + timedelta(days=n)) - day_number(day) == n
