"""Panels and the intersection of what all parties approve."""

from __future__ import annotations

import pytest

from entente.content.domain.lanes import Lane
from entente.content.domain.panels import Function, countries_of, functions_for


@pytest.mark.feature("content/risk-lanes")
def test_each_lane_asks_for_as_many_people_as_it_promises():
    assert [len(functions_for(lane, ["US"], "promo")) for lane in Lane] == [1, 2, 3]


def test_the_united_kingdom_certifies_promotion_and_examines_the_rest():
    assert Function.UK_SIGNATORY in functions_for(Lane.GREEN, ["GB"], "promo")
    assert Function.UK_EXAMINER in functions_for(Lane.GREEN, ["GB"], "educational")
    assert Function.UK_SIGNATORY not in functions_for(Lane.RED, ["US", "FR"], "promo")


def test_the_french_pharmacist_answers_for_france_alone():
    assert Function.FR_PHARMACIST in functions_for(Lane.RED, ["DE", "FR"], "promo")
    assert countries_of("fr_pharmacist", ["DE", "FR"]) == ["FR"]
    assert countries_of("legal", ["FR", "DE"]) == ["DE", "FR"]
