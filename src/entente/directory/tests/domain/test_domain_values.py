"""Search keys, primary taxonomies, professions and record states."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.directory.domain.professions import (
    PROFESSIONS,
    can_prescribe,
    covered_recipient_type,
    profession_of,
)
from entente.directory.domain.record_states import RecordState, is_usable, may_change
from entente.directory.domain.search_keys import search_key
from entente.directory.domain.taxonomies import TaxonomySlot, choose_primary_taxonomy

slots = st.lists(
    st.tuples(
        st.sampled_from(["207R00000X", "207Q00000X", "363A00000X"]),
        st.sampled_from(["Y", "N", "X", None]),
    ),
    max_size=15,
).map(lambda pairs: [TaxonomySlot(i, *pair) for i, pair in enumerate(pairs, start=1)])


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert search_key(search_key(text)) == search_key(text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("müller", "MULLER"),
        ("o'neil", "O’Neil"),
        ("saint-jean", "Saint Jean"),
        ("straße", "STRASSE"),
        ("łukasz", "Lukasz"),
        ("M.D.", "MD"),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed, stored):
    assert search_key(typed) == search_key(stored)


@given(slots, st.randoms())
def test_the_choice_of_taxonomy_ignores_order_and_follows_the_flag(rows, random):
    chosen = choose_primary_taxonomy(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert choose_primary_taxonomy(shuffled) == chosen
    flagged = [row for row in rows if row.flag == "Y"]
    assert chosen == (flagged or rows or [None])[0]


@pytest.mark.parametrize(
    ("code", "credential", "profession"),
    [
        ("207RC0000X", "PA", "physician"),
        ("1223G0001X", None, "dentist"),
        ("122400000X", None, "other"),
        ("152W00000X", None, "optometrist"),
        ("156F00000X", None, "other"),
        ("213ES0103X", None, "podiatrist"),
        ("111N00000X", None, "chiropractor"),
        ("363AM0700X", None, "physician_assistant"),
        ("363LP0808X", None, "nurse_practitioner"),
        ("364SP0808X", None, "clinical_nurse_specialist"),
        ("367500000X", None, "crna"),
        ("367A00000X", None, "certified_nurse_midwife"),
        ("367H00000X", None, "anesthesiologist_assistant"),
        ("390200000X", "M.D.", "student"),
        ("183500000X", None, "pharmacist"),
        ("183700000X", None, "other"),
        ("174400000X", "M.D.", "physician"),
        ("CARDIAC SURGERY", "MD, FACC", "physician"),
        ("ANESTHESIOLOGY ASSISTANT", None, "anesthesiologist_assistant"),
        (None, "M D", "physician"),
        (None, "Ph.D.", "other"),
        (None, None, "other"),
    ],
)
def test_a_profession_follows_the_code_then_the_credential(code, credential, profession):
    assert profession_of(code, credential) == profession
    assert profession in PROFESSIONS


@pytest.mark.parametrize("profession", ["physician_assistant", "nurse_practitioner", "crna"])
def test_practitioners_are_covered_from_2021_on(profession):
    assert covered_recipient_type(profession, date(2020, 12, 31)) == "none"
    assert covered_recipient_type(profession, date(2021, 1, 1)) == "non_physician_practitioner"


def test_students_nurses_and_unknown_professions_are_not_covered():
    on = date(2026, 1, 1)
    assert {covered_recipient_type(p, on) for p in ("student", "nurse", "other")} == {"none"}
    assert not any(can_prescribe(p) for p in ("student", "nurse", "other", "chiropractor"))


def test_no_record_becomes_a_candidate_again_or_changes_to_itself():
    for old in RecordState:
        assert not may_change(old, RecordState.CANDIDATE)
        assert not may_change(old, old)


def test_a_merge_can_be_undone_and_a_merged_record_is_not_used():
    assert may_change(RecordState.VERIFIED, RecordState.MERGED)
    assert may_change(RecordState.MERGED, RecordState.VERIFIED)
    assert not is_usable(RecordState.MERGED) and not is_usable(RecordState.CANDIDATE)
