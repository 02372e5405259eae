"""Identifiers: check digits, shapes and codes, one by one and in bulk."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.foundation.domain.identifiers import (
    is_country,
    is_currency,
    is_us_state,
    npi_check_digit,
    npi_is_valid,
    npi_valid_mask,
    nucc_shape_ok,
    restore_ccn,
)

payloads = st.from_regex(r"[12][0-9]{8}", fullmatch=True)


def luhn_holds(digits: str) -> bool:
    """The textbook rule, written apart from the code under test."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * 2 if place % 2 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


@pytest.mark.parametrize("npi", ["1234567893", "1558598797"])
def test_published_examples_are_valid(npi):
    assert npi_is_valid(npi)


@pytest.mark.parametrize(
    "text",
    ["1234567890", "", "123456789", "12345678930", " 1234567893", "3234567893", "١٢٣٤٥٦٧٨٩٣", None],
)
def test_what_is_no_npi_is_not_valid(text):
    assert not npi_is_valid(text)


@given(payloads)
def test_the_check_digit_is_that_of_the_prefixed_luhn_rule(payload):
    npi = payload + str(npi_check_digit(payload))
    assert luhn_holds("80840" + npi)
    assert npi_is_valid(npi)


@given(payloads, st.integers(0, 9), st.integers(0, 9))
def test_one_wrong_digit_is_always_seen(payload, place, digit):
    npi = payload + str(npi_check_digit(payload))
    changed = npi[:place] + str(digit) + npi[place + 1 :]
    assert npi_is_valid(changed) == (changed == npi)


@given(st.lists(st.one_of(st.none(), st.text(max_size=12), payloads.map(lambda p: p + "0"))))
def test_the_mask_agrees_with_one_by_one(texts):
    assert npi_valid_mask(texts).tolist() == [npi_is_valid(text) for text in texts]


def test_the_mask_takes_an_array_of_text():
    texts = np.array(["1234567893", "1234567893 ", "1234567890"])
    assert npi_valid_mask(texts).tolist() == [True, False, False]


def test_a_payload_of_another_length_is_refused():
    with pytest.raises(ValueError, match="9 digits"):
        npi_check_digit("12345")


@pytest.mark.parametrize(
    ("written", "ccn"),
    [
        ("70001", "070001"),
        ("070001", "070001"),
        (" 07-0001 ", "070001"),
        ("01014F", "01014F"),
        ("1014F", None),
        ("0001", None),
        ("000001", None),
        ("ABCDEF", None),
        ("", None),
        (None, None),
    ],
)
def test_a_ccn_gets_back_at_most_one_zero(written, ccn):
    assert restore_ccn(written) == ccn


def test_codes_are_known_by_shape_or_list():
    assert nucc_shape_ok("207R00000X") and not nucc_shape_ok("207r00000X")
    assert not nucc_shape_ok("207R00000X ") and not nucc_shape_ok(None)
    assert is_country("GB") and not is_country("UK") and not is_country("")
    assert is_currency("JPY") and not is_currency("jpy")
    assert is_us_state("DC") and is_us_state("AE") and not is_us_state("ZZ")
