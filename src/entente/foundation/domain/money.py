"""Exact money: integers in minor units, and splits that add up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from iso4217 import Currency

PLAIN = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
MOST_DIGITS = 40


class MoneyError(ValueError):
    """An amount, a currency or a weight that cannot be used; the text says which and why."""


def exponent(currency: str) -> int:
    """Give the number of decimals of a currency.

    Parameters
    ----------
    currency : str
        ISO 4217 code, for example ``"EUR"``.

    Returns
    -------
    int
        2 for EUR, 0 for JPY, 3 for IQD.

    Raises
    ------
    MoneyError
        If the code is unknown, or names something without minor units (gold, testing).

    Notes
    -----
    Source: ISO 4217, table A.1, as carried by the ``iso4217`` package.

    Examples
    --------
    >>> exponent("EUR"), exponent("JPY")
    (2, 0)
    """
    try:
        digits = Currency(currency).exponent
    except ValueError:
        digits = None
    if digits is None:
        raise MoneyError(f"{currency!r} is not a currency with minor units (ISO 4217)")
    return int(digits)


def to_minor(amount: str, currency: str) -> int:
    """Read a decimal amount as minor units, refusing what the currency cannot hold.

    Parameters
    ----------
    amount : str
        Plain decimal text such as ``"123.45"`` or ``"-5"``; no exponent, no grouping.
    currency : str
        ISO 4217 code.

    Returns
    -------
    int
        Minor units: cents for EUR.

    Raises
    ------
    MoneyError
        If the text is no plain decimal, or has more decimals than the currency.

    Examples
    --------
    >>> to_minor("123.45", "EUR")
    12345
    """
    decimals = exponent(currency)
    written = PLAIN.fullmatch(amount) if len(amount) <= MOST_DIGITS else None
    if written is None:
        raise MoneyError(f"{amount[:50]!r} is not an amount; write it like 123.45")
    sign, whole, part = written.groups(default="")
    part = part.rstrip("0")
    if len(part) > decimals:
        raise MoneyError(f"{amount} has more than the {decimals} decimals of {currency}")
    # Put together from digits: decimal arithmetic would round at its context's precision.
    return int(f"{sign}{whole}{part:0<{decimals}}")


def to_text(amount_minor: int, currency: str) -> str:
    """Write minor units as plain decimal text.

    Examples
    --------
    >>> to_text(12345, "EUR"), to_text(-5, "EUR"), to_text(7, "JPY")
    ('123.45', '-0.05', '7')
    """
    decimals = exponent(currency)
    sign = "-" if amount_minor < 0 else ""
    if decimals == 0:
        return f"{sign}{abs(amount_minor)}"
    whole, rest = divmod(abs(amount_minor), 10**decimals)
    return f"{sign}{whole}.{rest:0{decimals}d}"


def split_minor(total_minor: int, weights: Mapping[str, Fraction | int]) -> dict[str, int]:
    """Split an amount by weight, exactly, by largest remainder.

    Parameters
    ----------
    total_minor : int
        What is split, in minor units; a negative total gives the exact negative parts.
    weights : mapping of str to Fraction or int
        Partner id to weight; none negative, not all zero.

    Returns
    -------
    dict of str to int
        Parts in minor units. They add up to the total. A tie goes to the smaller
        partner id, so the order of partners changes nothing.

    Raises
    ------
    MoneyError
        If there is no weight, one is negative, or all are zero.

    Examples
    --------
    >>> split_minor(100, {"b": 1, "a": 1, "c": 1})
    {'b': 33, 'a': 34, 'c': 33}
    """
    whole = sum(Fraction(weight) for weight in weights.values())
    if not weights or any(weight < 0 for weight in weights.values()) or whole == 0:
        raise MoneyError("a split needs weights, none negative and not all zero")
    size, sign = abs(total_minor), (-1 if total_minor < 0 else 1)
    exact = {who: size * Fraction(weight) / whole for who, weight in weights.items()}
    parts = {who: part.numerator // part.denominator for who, part in exact.items()}
    left = size - sum(parts.values())
    by_remainder = sorted(exact, key=lambda who: (parts[who] - exact[who], who))
    for who in by_remainder[:left]:
        parts[who] += 1
    return {who: sign * part for who, part in parts.items()}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency; adding two currencies is refused.

    Examples
    --------
    >>> Money(1250, "EUR") + Money(50, "EUR")
    Money(amount_minor=1300, currency='EUR')
    """

    amount_minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        """Add an amount of the same currency."""
        if self.currency != other.currency:
            raise MoneyError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __str__(self) -> str:
        """Give code and decimal amount."""
        return f"{self.currency} {to_text(self.amount_minor, self.currency)}"
