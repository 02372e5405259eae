"""Calendar months and the clock of requests, with numbers nobody chose."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from entente.consent.domain.masks import mask
from entente.consent.domain.months import months_after
from entente.consent.domain.request_clock import due_on, urgency

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(0, 60))
def test_so_many_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, n):
    later = months_after(day, n)
    assert (later.year - day.year) * 12 + later.month - day.month == n
    assert later.day == day.day or (
        later.day < day.day and (later + timedelta(days=1)).month != later.month
    )


@given(DAYS, DAYS, st.integers(0, 60))
def test_who_asks_earlier_is_never_answered_later(one, other, n):
    first, second = sorted((one, other))
    assert months_after(first, n) <= months_after(second, n)


@given(DAYS)
def test_the_month_has_28_to_31_days_and_the_extension_comes_on_top(day):
    assert 28 <= (due_on(day) - day).days <= 31
    assert due_on(day) < due_on(day, extended=True)
    assert urgency(due_on(day), due_on(day)) == "warn"
    assert urgency(due_on(day), due_on(day) + timedelta(days=1)) == "bad"


@given(st.emails())
def test_a_masked_address_tells_one_letter_and_the_domain(address):
    local, _, domain = address.rpartition("@")
    assert len(mask(address)) <= len(domain) + len(local) + 2
    assert local[1:] == "" or local not in mask(address).split("@")[0]
