"""People are found however they are typed."""

from __future__ import annotations

import pytest

from entente.directory import actions, reads
from entente.foundation.access.scope import act_as
from tests.registry_rows import npi_of, person


@pytest.mark.parametrize(
    "typed", ["okeefe", "O'Keefe", "okee nia", "niamh okeefe", "avon o'keefe", "AVON ct", "NPI"]
)
def test_a_person_is_found_by_any_words_of_name_place_or_number(cast, noon, nppes, typed):
    rows = [person(1), person(10000001, last="O'KEEFE", first="NIAMH", city="AVON")]
    with act_as(cast.system()):
        actions.import_nppes(nppes(rows), at=noon)
    with act_as(cast.system(cast.partner)):
        if typed == "NPI":
            typed = npi_of(10000001)
        assert [found.npi for found in reads.search_hcps(typed)] == [npi_of(10000001)]


def test_wildcards_and_nothing_find_nothing(cast, noon, nppes):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1)]), at=noon)
        assert reads.search_hcps("%") == []
        assert reads.search_hcps("  ") == []
        assert reads.search_hcps("_ESTWELL1") == reads.search_hcps("estwell1")
