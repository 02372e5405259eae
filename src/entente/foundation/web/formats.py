"""Numbers, money, days and moments as the reader's language writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
    parse_pattern,
)

from entente.foundation.domain.money import exponent


@lru_cache(maxsize=64)
def reader_locale(language: str | None) -> Locale:
    """Return the locale for a language code such as ``de`` or ``en-gb``; English if unknown.

    Examples
    --------
    >>> str(reader_locale("de-at")), str(reader_locale("xx"))
    ('de_AT', 'en')
    """
    try:
        return Locale.parse((language or "en").replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en")


def write_money(amount_minor: int, currency: str, *, locale: Locale) -> str:
    """Write an amount in minor units with its currency.

    Parameters
    ----------
    amount_minor : int
        In the currency's minor unit (ISO 4217): cents of EUR, whole JPY.
    currency : str
        Three-letter ISO 4217 code.
    locale : Locale
        The reader's.

    Raises
    ------
    MoneyError
        If the code is no currency with minor units.

    Examples
    --------
    >>> write_money(214050, "EUR", locale=reader_locale("en"))
    '€2,140.50'
    >>> write_money(1200, "JPY", locale=reader_locale("en"))
    '¥1,200'
    """
    digits = exponent(currency)
    amount = Decimal(amount_minor).scaleb(-digits)
    text = locale.currency_formats["standard"].pattern
    if get_currency_symbol(currency, locale)[-1:].isalpha():
        # Letters keep their distance from the number: CLDR's alphaNextToNumber, absent in babel.
        text = text.replace("¤#", "¤\xa0#")
    pattern = parse_pattern(text)
    # The decimals that ISO 4217 gives the currency, which CLDR rounds for some.
    pattern.frac_prec = (digits, digits)
    return format_currency(amount, currency, pattern, locale=locale, currency_digits=False)


def write_number(value: float | Decimal, *, locale: Locale, digits: int | None = None) -> str:
    """Write a number with the reader's separators.

    Parameters
    ----------
    value : float or Decimal
    digits : int, optional
        Places after the point; without it as many as needed, up to three.

    Examples
    --------
    >>> write_number(1234567, locale=reader_locale("en"))
    '1,234,567'
    >>> write_number(0.5, locale=reader_locale("de"), digits=2)
    '0,50'
    """
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=locale)


def write_percent(share: float | Decimal, *, locale: Locale, digits: int = 0) -> str:
    """Write a share (0 to 1) as a percentage.

    Examples
    --------
    >>> write_percent(0.4267, locale=reader_locale("en"), digits=1)
    '42.7%'
    """
    base = locale.percent_formats[None].pattern
    if digits:
        base = base.replace("0", "0." + "0" * digits)
    return format_percent(share, format=base, locale=locale)


def write_day(day: date, *, locale: Locale) -> str:
    """Write a day.

    Examples
    --------
    >>> write_day(date(2026, 11, 22), locale=reader_locale("en-gb"))
    '22 Nov 2026'
    """
    return format_date(day, format="medium", locale=locale)


def write_moment(moment: datetime, *, locale: Locale) -> str:
    """Write a moment to the minute, in the zone it already carries.

    Examples
    --------
    >>> write_moment(datetime(2026, 11, 22, 14, 5), locale=reader_locale("de"))
    '22.11.2026, 14:05'
    """
    day = format_date(moment, format="medium", locale=locale)
    minute = format_datetime(moment, format=locale.time_formats["short"].pattern, locale=locale)
    return f"{day}, {minute}"


def write_distance(moment: datetime, *, now: datetime, locale: Locale) -> str:
    """Write how far a moment is from now, such as ``in 3 days``.

    Examples
    --------
    >>> write_distance(datetime(2026, 1, 4), now=datetime(2026, 1, 1), locale=reader_locale("en"))
    'in 3 days'
    """
    return format_timedelta(moment - now, add_direction=True, locale=locale)
