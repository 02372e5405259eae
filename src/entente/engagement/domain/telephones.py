"""Telephone numbers as messages are addressed: international, digits only."""

from __future__ import annotations

import re

# Country calling codes (ITU-T E.164) and the digit that is dialled at home and not from abroad.
_CALLING = {
    "AT": ("43", "0"), "AU": ("61", "0"), "BE": ("32", "0"), "BG": ("359", "0"), "CA": ("1", "1"),
    "CH": ("41", "0"), "CY": ("357", ""), "CZ": ("420", ""), "DE": ("49", "0"), "DK": ("45", ""),
    "EE": ("372", ""), "ES": ("34", ""), "FI": ("358", "0"), "FR": ("33", "0"), "GB": ("44", "0"),
    "GR": ("30", ""), "HR": ("385", "0"), "HU": ("36", "06"), "IE": ("353", "0"), "IN": ("91", "0"),
    "IS": ("354", ""), "IT": ("39", ""), "JP": ("81", "0"), "LI": ("423", ""), "LT": ("370", "0"),
    "LU": ("352", ""), "LV": ("371", ""), "MT": ("356", ""), "NL": ("31", "0"), "NO": ("47", ""),
    "PL": ("48", ""), "PT": ("351", ""), "RO": ("40", "0"), "SE": ("46", "0"), "SI": ("386", "0"),
    "SK": ("421", "0"), "US": ("1", "1"),
}  # fmt: skip
_DECORATION = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]+")


def international(text: str, country: str) -> str:
    """Give a telephone number as +, country code and digits; empty where it cannot be told.

    Parameters
    ----------
    text : str
        As somebody wrote it.
    country : str
        Where the person practises, for a number without a country code.

    Notes
    -----
    Source: ITU-T E.164: at most 15 digits, the country code first.

    Examples
    --------
    >>> international("(203) 555-0100", "US"), international("0049 30 1234567", "DE")
    ('+12035550100', '+49301234567')
    >>> international("+44 (0)20 7946 0000", "GB"), international("555-0100", "US")
    ('+442079460000', '')
    """
    bare = _DECORATION.sub("", text.strip().replace("(0)", "") if "+" in text else text.strip())
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    if bare.startswith("+"):
        digits = bare[1:]
    elif country in _CALLING and bare.isascii() and bare.isdigit():
        code, home = _CALLING[country]
        digits = code + bare.removeprefix(home)
    else:
        return ""
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15):
        return ""
    if digits.startswith("0") or (digits.startswith("1") and len(digits) != 11):
        return ""
    return f"+{digits}"
