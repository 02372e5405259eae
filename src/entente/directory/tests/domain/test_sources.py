"""How good a source is, and when it is good enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.directory.domain.sources import (
    FULL_BP,
    KNOWN,
    LEAST_ROWS,
    Source,
    known_as,
    passes_bar,
    quality_bp,
)
from entente.directory.domain.survivorship import survivor_first

rows = st.integers(0, 10_000)


@pytest.mark.feature("directory/data-quality")
@given(n_read=rows, n_refused=rows, n_judged=rows, n_complete=rows)
def test_a_score_is_a_share_and_never_rises_with_another_refused_row(
    n_read, n_refused, n_judged, n_complete
):
    n_complete = min(n_complete, n_judged)
    score = quality_bp(n_read, n_refused, n_judged, n_complete)
    if score is None:
        assert n_read == 0
        return
    assert 0 <= score <= FULL_BP
    assert quality_bp(n_read, n_refused + 1, n_judged, n_complete) <= score


@given(n_read=rows, n_refused=rows, bar=st.integers(0, FULL_BP))
def test_a_lower_bar_never_lets_a_file_through_that_a_higher_one_holds(n_read, n_refused, bar):
    n_refused = min(n_refused, n_read)
    if not passes_bar(n_read, n_refused, bar):
        assert not passes_bar(n_read, n_refused, max(0, bar - 100))
        assert n_read >= LEAST_ROWS
    assert passes_bar(n_read, n_refused, FULL_BP)


def test_what_nobody_has_described_is_for_the_organisation_alone():
    assert known_as("bought list").allows == "internal"
    assert known_as("bought list").trust < KNOWN["hand"].trust


def test_the_company_may_believe_a_source_more_than_usual():
    registry = {"npi": None, "source": "nppes", "id": 2}
    hand = {"npi": None, "source": "hand", "id": 1}
    assert survivor_first(registry, hand)
    assert not survivor_first(registry, hand, {"nppes": 10, "hand": 40})


def test_a_field_may_be_believed_more_and_shown_to_fewer_than_its_source():
    bought = Source("fhir", "FHIR", 60, allows="partners", field_allows={"phone": "internal"})
    assert (bought.allows_for("phone"), bought.allows_for("city")) == ("internal", "partners")
