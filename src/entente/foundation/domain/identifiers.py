"""Identifiers of people, organisations, specialties, countries and currencies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pycountry
from numpy.typing import NDArray

NPI_LENGTH = 10
# The digits 80840 (health applications, USA) that stand in front of an NPI add 24 to the Luhn sum.
_PREFIX_SUM = 24
_NPI = re.compile(r"[12][0-9]{9}", re.ASCII)
_PAYLOAD = re.compile(r"[0-9]{9}", re.ASCII)
_NUCC = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
_CCN = re.compile(r"(?!00)[0-9A-Z]{6}", re.ASCII)
_CCN_MIN_DIGITS = 4
# What a doubled digit adds to a Luhn sum.
_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], dtype=np.int64)


def npi_check_digit(payload: str) -> int:
    """Compute the tenth digit of a National Provider Identifier.

    Parameters
    ----------
    payload : str
        The first nine digits.

    Returns
    -------
    int
        0 to 9.

    Raises
    ------
    ValueError
        If the payload is not nine digits.

    Notes
    -----
    Source: 45 CFR 162.406(a); ISO/IEC 7812-1 annex B (Luhn), computed with prefix 80840.

    Examples
    --------
    >>> npi_check_digit("123456789")
    3
    """
    if not _PAYLOAD.fullmatch(payload):
        raise ValueError(f"an NPI is computed from 9 digits, not from {len(payload)} characters")
    digits = [int(digit) for digit in payload]
    total = _PREFIX_SUM + sum(int(_DOUBLED[digit]) for digit in digits[::2]) + sum(digits[1::2])
    return -total % 10


def npi_is_valid(text: str | None) -> bool:
    """Tell whether a text is a National Provider Identifier that could have been issued.

    Parameters
    ----------
    text : str or None
        Ten digits, the first 1 or 2; nothing is trimmed.

    Returns
    -------
    bool

    Notes
    -----
    Source: 45 CFR 162.406(a). That a number was issued to a given person only a registry says.

    Examples
    --------
    >>> npi_is_valid("1234567893"), npi_is_valid("1234567890"), npi_is_valid(None)
    (True, False, False)
    """
    if text is None or not _NPI.fullmatch(text):
        return False
    return npi_check_digit(text[:9]) == int(text[9])


def npi_valid_mask(texts: NDArray[np.str_] | Sequence[str | None]) -> NDArray[np.bool_]:
    """Tell for each text whether it is a valid National Provider Identifier.

    Parameters
    ----------
    texts : sequence of str or None, or ndarray of str, shape (n,)

    Returns
    -------
    ndarray of bool, shape (n,)
        Equal to ``npi_is_valid`` of each; millions a second.

    Examples
    --------
    >>> npi_valid_mask(["1234567893", "1234567890", "", None])
    array([ True, False, False, False])
    """
    # U11 keeps an eleventh character, so that a longer text is seen to be longer.
    # A trailing NUL would be lost in it, so such a text is emptied first.
    wide = np.array(
        ["" if text is None or "\0" in text else text for text in texts]
        if not isinstance(texts, np.ndarray)
        else texts,
        dtype="U11",
    )
    if wide.size == 0:
        return np.zeros(0, dtype=np.bool_)
    codes = wide.view(np.uint32).reshape(len(wide), NPI_LENGTH + 1).astype(np.int64)
    shaped = (codes[:, NPI_LENGTH] == 0) & np.isin(codes[:, 0], (ord("1"), ord("2")))
    digits = codes[:, :NPI_LENGTH] - ord("0")
    shaped &= ((digits >= 0) & (digits <= 9)).all(axis=1)
    digits = np.where(shaped[:, None], digits, 0)
    total = _PREFIX_SUM + _DOUBLED[digits[:, 0:9:2]].sum(axis=1) + digits[:, 1::2].sum(axis=1)
    valid: NDArray[np.bool_] = shaped & (total % 10 == 0)
    return valid


def nucc_shape_ok(code: str | None) -> bool:
    """Tell whether a text has the shape of a provider taxonomy code.

    Parameters
    ----------
    code : str or None
        Ten characters: digits and capitals, the last an X.

    Returns
    -------
    bool

    Notes
    -----
    Source: NUCC Health Care Provider Taxonomy. Whether the code exists only the loaded list says.

    Examples
    --------
    >>> nucc_shape_ok("207R00000X"), nucc_shape_ok("207R00000"), nucc_shape_ok("OPTOMETRY")
    (True, False, False)
    """
    return code is not None and _NUCC.fullmatch(code) is not None


def restore_ccn(text: str | None) -> str | None:
    """Bring a CMS Certification Number back to its six characters.

    Parameters
    ----------
    text : str or None
        As found in a file; a spreadsheet may have dropped the leading zero.

    Returns
    -------
    str or None
        Six characters, letters in capitals; None where the text cannot be one.

    Notes
    -----
    Source: CMS State Operations Manual, section 2779: two characters of state (never 00), then
    four. So at most one leading zero can have been lost, and only where all characters are digits:
    a spreadsheet leaves text with a letter alone.

    Examples
    --------
    >>> restore_ccn("10001"), restore_ccn("070002"), restore_ccn("01014f"), restore_ccn("1001")
    ('010001', '070002', '01014F', None)
    """
    if text is None:
        return None
    ccn = text.strip().replace("-", "").upper()
    if len(ccn) == 5 and ccn.isascii() and ccn.isdigit():
        ccn = "0" + ccn
    if not _CCN.fullmatch(ccn) or sum(char.isdigit() for char in ccn) < _CCN_MIN_DIGITS:
        return None
    return ccn


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


@lru_cache(maxsize=1)
def _us_states() -> frozenset[str]:
    places = [place for place in pycountry.subdivisions if place.country_code == "US"]
    states = {place.code[3:] for place in places}
    return frozenset(states | {"AA", "AE", "AP"})


def is_country(code: str | None) -> bool:
    """Tell whether a text is a country code in force.

    Parameters
    ----------
    code : str or None
        Two capitals.

    Returns
    -------
    bool

    Notes
    -----
    Source: ISO 3166-1 alpha-2, as carried by ``pycountry``. The United Kingdom is GB.

    Examples
    --------
    >>> is_country("GB"), is_country("UK"), is_country("gb")
    (True, False, False)
    """
    return code in _countries()


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    found = (getattr(each, "alpha_2", None) for each in pycountry.languages)
    return frozenset(code for code in found if code)


def is_language(code: str | None) -> bool:
    """Tell whether a code names a language.

    Notes
    -----
    Source: ISO 639-1, as carried by ``pycountry``.

    Examples
    --------
    >>> is_language("de"), is_language("DE"), is_language(None)
    (True, False, False)
    """
    return code in _languages()


def is_us_state(code: str | None) -> bool:
    """Tell whether a text is a United States postal code of a state, territory or military post.

    Parameters
    ----------
    code : str or None
        Two capitals.

    Returns
    -------
    bool

    Notes
    -----
    Source: ISO 3166-2:US as carried by ``pycountry``, and USPS Publication 28 (AA, AE, AP).

    Examples
    --------
    >>> is_us_state("CT"), is_us_state("PR"), is_us_state("ON")
    (True, True, False)
    """
    return code in _us_states()


def is_currency(code: str | None) -> bool:
    """Tell whether a text is a currency code in force.

    Parameters
    ----------
    code : str or None
        Three capitals.

    Returns
    -------
    bool

    Notes
    -----
    Source: ISO 4217, as carried by ``pycountry``; gold and testing codes are codes too, so that an
    amount needs ``money.exponent`` besides.

    Examples
    --------
    >>> is_currency("EUR"), is_currency("EURO")
    (True, False)
    """
    return code in _currencies()
