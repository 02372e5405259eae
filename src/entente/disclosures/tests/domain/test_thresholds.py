"""The thresholds of Open Payments, against a slow twin that reads like the regulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.disclosures.domain.coverage import OUTSIDE, outside
from entente.disclosures.domain.thresholds import distance_cents, is_reportable, why, year_totals

pytestmark = pytest.mark.feature("disclosures/open-payments")
SMALL, AGGREGATE = 1382, 13813
BOTH = {"small_cents": SMALL, "aggregate_cents": AGGREGATE}
YEARS = st.lists(
    st.tuples(st.integers(1, 6), st.one_of(st.integers(1, 20_000), st.integers(1375, 1390))),
    max_size=40,
)


def twin(year):
    """Answer transfer by transfer, in the words of the regulation."""
    answers = []
    for recipient, amount in year:
        of_the_year = sum(a for r, a in year if r == recipient)
        if amount < SMALL:
            answers.append(of_the_year > AGGREGATE)
        else:
            answers.append(True)
    return answers


def columnar(year):
    recipients = np.array([r for r, _ in year], np.int64)
    amounts = np.array([a for _, a in year], np.int64)
    return is_reportable(amounts, year_totals(recipients, amounts), **BOTH).tolist()


@given(YEARS)
def test_columns_answer_as_the_slow_twin(year):
    assert columnar(year) == twin(year)


@given(YEARS, st.randoms(use_true_random=False))
def test_the_order_of_transfers_changes_nothing(year, random):
    order = list(range(len(year)))
    random.shuffle(order)
    shuffled = columnar([year[place] for place in order])
    assert [shuffled[order.index(place)] for place in range(len(year))] == columnar(year)


@given(YEARS, st.tuples(st.integers(1, 6), st.integers(1, 20_000)))
def test_one_more_transfer_never_hides_another(year, further):
    before, after = columnar(year), columnar([*year, further])
    assert all(now or not then for then, now in zip(before, after, strict=False))


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=30))
def test_totals_are_exact_where_floats_are_not(amounts):
    amounts = [2**53 + 1, *amounts]
    totals = year_totals(np.zeros(len(amounts), np.int64), np.array(amounts, np.int64))
    assert totals.tolist() == [sum(amounts)] * len(amounts)


@pytest.mark.parametrize(
    ("amount", "total", "expected"),
    [
        (1381, 13813, "below"),
        (1382, 1382, "amount"),
        (1381, 13814, "year"),
        (100, 13813, "below"),
    ],
)
def test_each_side_of_both_thresholds(amount, total, expected):
    assert why(amount, total, **BOTH) == expected
    answer = is_reportable(np.array([amount]), np.array([total]), **BOTH)
    assert answer.tolist() == [expected != "below"]


def test_columns_of_two_lengths_are_refused():
    with pytest.raises(ValueError, match="transfers"):
        is_reportable(np.array([1]), np.array([1, 2]), **BOTH)


def test_the_distance_never_falls_below_zero():
    assert distance_cents(AGGREGATE + 1, AGGREGATE) == 0
    assert distance_cents(AGGREGATE, AGGREGATE) == 0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),
        ({"recipient_type": "none"}, "recipient"),
        ({"is_employee": True}, "employee"),
        ({"is_manufacturer": False}, "payer"),
        ({"currency": "EUR"}, "currency"),
    ],
)
def test_a_transfer_is_outside_for_a_named_reason(change, expected):
    given = {
        "recipient_type": "physician",
        "is_employee": False,
        "is_manufacturer": True,
        "currency": "USD",
    }
    assert outside(**{**given, **change}) == expected
    assert expected in OUTSIDE
