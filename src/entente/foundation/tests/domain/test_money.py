"""Money: exact at any size, parts that add up, ties that do not depend on the order."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.foundation.domain.money import (
    Money,
    MoneyError,
    exponent,
    split_minor,
    to_minor,
    to_text,
)

QUICK = settings(max_examples=40, deadline=None)

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD", "INR", "CLF"])
AMOUNTS = st.integers(min_value=-(10**18), max_value=10**18)
WEIGHTS = st.dictionaries(
    st.text(min_size=1, max_size=6),
    st.one_of(
        st.integers(min_value=0, max_value=10**6),
        st.fractions(min_value=0, max_value=10, max_denominator=997),
    ),
    min_size=1,
    max_size=12,
).filter(lambda weights: any(weights.values()))


@pytest.mark.promise("P23")
@QUICK
@given(AMOUNTS, WEIGHTS)
def test_the_parts_add_up_to_the_whole(total, weights):
    assert sum(split_minor(total, weights).values()) == total


@pytest.mark.promise("P23")
@QUICK
@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_unit_or_more_off_its_exact_share(total, weights):
    whole = sum(Fraction(weight) for weight in weights.values())
    for who, part in split_minor(total, weights).items():
        assert abs(part - total * Fraction(weights[who]) / whole) < 1


@pytest.mark.promise("P23")
@QUICK
@given(AMOUNTS, WEIGHTS, st.randoms())
def test_the_order_of_partners_changes_nobodys_pay(total, weights, random):
    shuffled = list(weights.items())
    random.shuffle(shuffled)
    assert split_minor(total, dict(shuffled)) == split_minor(total, weights)


@pytest.mark.promise("P23")
@QUICK
@given(AMOUNTS, WEIGHTS)
def test_a_reversal_takes_back_exactly_what_was_given(total, weights):
    given_out = split_minor(total, weights)
    assert split_minor(-total, weights) == {who: -part for who, part in given_out.items()}


@QUICK
@given(AMOUNTS, WEIGHTS, st.integers(min_value=1, max_value=1_000))
def test_weights_in_another_scale_split_alike(total, weights, factor):
    scaled = {who: weight * factor for who, weight in weights.items()}
    assert split_minor(total, scaled) == split_minor(total, weights)


def test_a_tie_goes_to_the_first_by_id_wherever_it_stands():
    assert split_minor(100, {"c": 1, "b": 1, "a": 1}) == {"a": 34, "b": 33, "c": 33}
    assert split_minor(101, {"b": 1, "a": 1}) == {"a": 51, "b": 50}


def test_who_weighs_nothing_gets_nothing():
    assert split_minor(101, {"a": 0, "b": 1, "c": 1}) == {"a": 0, "b": 51, "c": 50}


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": 0, "b": 0}, {"a": 2, "b": -1}])
def test_a_split_without_sensible_weights_is_refused(weights):
    with pytest.raises(MoneyError):
        split_minor(100, weights)


@QUICK
@given(AMOUNTS, CURRENCIES)
def test_an_amount_written_out_is_read_back_the_same(amount, currency):
    assert to_minor(to_text(amount, currency), currency) == amount


@QUICK
@given(st.integers(min_value=10**30, max_value=10**36))
def test_amounts_longer_than_decimal_arithmetic_carries_stay_exact(cents):
    assert to_minor(to_text(cents, "EUR"), "EUR") == cents


@pytest.mark.parametrize(
    ("text", "minor"),
    [("123.45", 12345), ("-5", -500), ("0", 0), ("1.5", 150), ("1.500", 150), ("007.10", 710)],
)
def test_plain_decimal_text_is_read(text, minor):
    assert to_minor(text, "EUR") == minor


@pytest.mark.parametrize(
    "text",
    ["", " 5", "5 ", "+5", "1,5", "1_000", "1e3", "1E3", "NaN", "inf", ".", "5.", ".5", "--1", "0x1",
     "\u0661\u0662", "\uff15", "1" * 41, "1\n", "1.2.3", "\u22125"],
)  # fmt: skip
def test_text_that_is_no_plain_decimal_is_refused(text):
    with pytest.raises(MoneyError, match="write it like"):
        to_minor(text, "EUR")


@pytest.mark.parametrize(
    ("text", "currency"), [("1.005", "EUR"), ("0.5", "JPY"), ("1.0001", "KWD")]
)
def test_more_decimals_than_the_currency_holds_are_refused(text, currency):
    with pytest.raises(MoneyError, match="decimals"):
        to_minor(text, currency)


@pytest.mark.parametrize("code", ["XAU", "XXX", "eur", "EURO", "", "ZZZ"])
def test_a_code_without_minor_units_is_refused(code):
    with pytest.raises(MoneyError):
        exponent(code)


def test_two_currencies_are_not_added():
    assert Money(1, "EUR") + Money(2, "EUR") == Money(3, "EUR")
    with pytest.raises(MoneyError):
        Money(1, "EUR") + Money(1, "USD")
