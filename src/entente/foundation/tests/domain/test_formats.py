"""Formats: money by ISO minor units, the reader's separators, unknown languages."""

from datetime import UTC, date, datetime

import pytest

from entente.foundation.domain.money import MoneyError
from entente.foundation.web import formats

EN, DE = formats.reader_locale("en"), formats.reader_locale("de")


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [
        (214050, "EUR", "€2,140.50"),
        (1200, "JPY", "¥1,200"),
        (1500, "KWD", "KWD 1.500"),
        (-5, "USD", "-$0.05"),
    ],
)
def test_money_has_the_decimals_of_its_currency(amount_minor, currency, text):
    assert formats.write_money(amount_minor, currency, locale=EN).replace("\xa0", " ") == text


def test_one_currency_leaves_the_next_as_it_was():
    formats.write_money(1, "JPY", locale=EN)
    assert formats.write_money(100, "EUR", locale=EN) == "€1.00"


def test_money_of_an_unknown_currency_is_refused():
    with pytest.raises(MoneyError):
        formats.write_money(1, "XYZ", locale=EN)


def test_a_large_amount_keeps_every_cent():
    assert formats.write_money(9_007_199_254_740_993, "EUR", locale=EN) == "€90,071,992,547,409.93"


def test_the_reader_s_language_decides_separators_and_order():
    assert formats.write_number(1234.5, locale=DE) == "1.234,5"
    assert formats.write_day(date(2026, 11, 3), locale=DE) == "03.11.2026"
    assert formats.write_percent(0.5, locale=DE).replace("\xa0", " ") == "50 %"


def test_a_moment_is_written_to_the_minute():
    text = formats.write_moment(datetime(2026, 11, 3, 14, 5, 59, tzinfo=UTC), locale=DE)
    assert text == "03.11.2026, 14:05"


@pytest.mark.parametrize("language", [None, "", "xx", "not a language"])
def test_an_unknown_language_reads_english(language):
    assert formats.reader_locale(language).language == "en"
