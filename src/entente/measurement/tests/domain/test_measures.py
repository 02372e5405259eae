"""Measures are exact, and hidden with the numbers they are made of."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.measurement.domain.kpis import KPIS, measure
from entente.measurement.domain.reasons import main_reason

pytestmark = pytest.mark.feature("measurement/kpi-dictionary")
NUMBERS = st.one_of(st.none(), st.integers(0, 500))


@given(st.fixed_dictionaries({n: NUMBERS for k in KPIS for n in (k.over, k.under) if n}))
def test_a_measure_is_hidden_exactly_when_one_of_its_numbers_is(numbers):
    for kpi in KPIS:
        parts = [numbers[name] for name in (kpi.over, kpi.under) if name]
        value = measure(kpi, numbers)
        if None in parts or (kpi.under and parts[1] == 0):
            assert value is None
        else:
            assert value == (Fraction(parts[0], parts[1]) if kpi.under else parts[0])


def test_names_in_the_dictionary_are_used_once():
    assert len({kpi.id for kpi in KPIS}) == len(KPIS)


@given(st.permutations(["PG-FREQ-1", "PG-CONS-1", "PG-ID-1", "US-OP-CR-1"]))
def test_the_main_reason_does_not_depend_on_the_order_of_rules(rule_ids):
    severities = {"PG-FREQ-1": "block", "PG-CONS-1": "block", "PG-ID-1": "approve"}
    assert main_reason(rule_ids, severities) == "PG-CONS-1"


def test_a_refusal_without_rules_is_counted_too():
    assert main_reason([], {}) == "other"
