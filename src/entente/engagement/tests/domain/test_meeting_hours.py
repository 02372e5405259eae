"""Hours and tables: the first free table is the one that a minute-by-minute look finds too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.engagement.domain.leads import NewLead, Tick, check_lead
from entente.engagement.domain.meetings import free_table, series
from entente.foundation.errors import UserError

pytestmark = pytest.mark.feature("engagement/booth-and-meetings")
NINE = datetime(2026, 11, 28, 9, tzinfo=UTC)
asked = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=25)


def _slow(taken, n_tables, begins, ends):
    """Look at each minute of each table."""
    for table in range(1, n_tables + 1):
        minutes = {
            minute
            for other, first, last in taken if other == table
            for minute in range(first, last)
        }  # fmt: skip
        if not minutes & set(range(begins, ends)):
            return table
    return None


@given(asked, st.integers(1, 4))
def test_the_first_free_table_is_that_of_the_slow_twin_and_no_table_is_taken_twice(asked, n):
    taken = []
    for begins, length in asked:
        moments = [
            (table, NINE + timedelta(minutes=first), NINE + timedelta(minutes=last))
            for table, first, last in taken
        ]
        ends = begins + length
        found = free_table(
            moments, n, NINE + timedelta(minutes=begins), NINE + timedelta(minutes=ends)
        )
        assert found == _slow(taken, n, begins, ends)
        if found is not None:
            taken.append((found, begins, ends))
    for minute in range(60):
        seated = [table for table, first, last in taken if first <= minute < last]
        assert len(seated) == len(set(seated)) <= n


@given(st.integers(5, 240), st.integers(1, 48), st.integers(0, 60))
def test_slots_follow_each_other_without_overlap(minutes, n_slots, pause):
    found = series(NINE, minutes, n_slots, pause)
    assert len(found) == n_slots
    assert all(ends - begins == timedelta(minutes=minutes) for begins, ends in found)
    for (_, ends), (begins, _) in pairwise(found):
        assert begins - ends == timedelta(minutes=pause)


@pytest.mark.parametrize(("minutes", "n", "pause"), [(4, 1, 0), (241, 1, 0), (20, 0, 0),
                                                     (20, 49, 0), (20, 2, -1)])  # fmt: skip
def test_hours_that_nobody_keeps_are_refused(minutes, n, pause):
    with pytest.raises(UserError):
        series(NINE, minutes, n, pause)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"origin": "ours"}, "origin"), ({"channel": "any"}, "channel"), ({"interest": " "}, "interest"),
     ({"name": "\x00"}, "name"), ({"note": "Patient Mrs. Weber, born 3.4.1961"}, "note"),
     ({"due_on": NINE.date() - timedelta(days=1)}, "due_on"),
     ({"ticks": (Tick(None, "sharing", "1"),)}, "ticks"),
     ({"ticks": (Tick(None, "event", "1"), Tick(None, "event", "1"))}, "ticks")],
)  # fmt: skip
def test_a_lead_that_does_not_fit_names_its_field(changed, field):
    facts = {"client_id": None, "event_id": None, "origin": "joint", "name": "A", "interest": "B"}
    with pytest.raises(UserError) as refused:
        check_lead(NewLead(**facts | changed), today=NINE.date())
    assert refused.value.field == field
