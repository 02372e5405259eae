"""Single values of import files: days, moments, ZIP codes, telephones, addresses, countries."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache

import pycountry

from entente.directory.domain.search_keys import search_key
from entente.foundation.domain.identifiers import is_country, is_us_state

_DAY_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_DAY_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@(?:{_LABEL}\.)+{_LABEL}")


def day_of(text: str) -> date | None:
    """Read a day written MM/DD/YYYY, M/D/YYYY or YYYY-MM-DD.

    Parameters
    ----------
    text : str

    Returns
    -------
    date or None
        None where the text is no existing day.

    Examples
    --------
    >>> day_of("02/29/2024"), day_of("6/9/2026"), day_of("02/30/2024")
    (datetime.date(2024, 2, 29), datetime.date(2026, 6, 9), None)
    """
    if american := _DAY_AMERICAN.fullmatch(text):
        month, day, year = map(int, american.groups())
    elif iso := _DAY_ISO.fullmatch(text):
        year, month, day = map(int, iso.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def us_zip(text: str) -> str | None:
    """Bring a United States ZIP code to its 5 or 9 digits.

    Parameters
    ----------
    text : str
        With or without hyphen; a spreadsheet may have dropped one or two leading zeros.

    Returns
    -------
    str or None
        None where the text cannot be one.

    Notes
    -----
    Source: USPS Publication 28. No ZIP code begins with three zeros, so three or four digits are a
    ZIP code, and seven or eight a ZIP+4, that lost zeros.

    Examples
    --------
    >>> us_zip("06798-3736"), us_zip("603"), us_zip("69204123"), us_zip("12")
    ('067983736', '00603', '069204123', None)
    """
    digits = text.replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()):
        return None
    if len(digits) in (3, 4, 5):
        return digits.zfill(5)
    return digits.zfill(9) if len(digits) in (7, 8, 9) else None


def phone_digits(text: str) -> str | None:
    """Read a telephone number as digits, a leading plus kept.

    Parameters
    ----------
    text : str

    Returns
    -------
    str or None
        None for fewer than 7 or more than 15 digits, and for what a spreadsheet turned into a
        decimal number, whose last digits are lost.

    Examples
    --------
    >>> phone_digits("(203) 555-0100"), phone_digits("+44 20 7946 0000"), phone_digits("2.0355E+09")
    ('2035550100', '+442079460000', None)
    """
    if re.search(r"\d\.?\d*[eE]\+?\d", text):
        return None
    digits = re.sub(r"(?i)(?:x|ext)\.?\s*\d+$", "", text)
    digits = re.sub(r"\D", "", digits)
    if not 7 <= len(digits) <= 15 or not digits.isascii():
        return None
    return ("+" if text.lstrip().startswith("+") else "") + digits


@lru_cache(maxsize=1)
def _state_names() -> dict[str, str]:
    places = [place for place in pycountry.subdivisions if place.country_code == "US"]
    return {search_key(place.name): place.code[3:] for place in places}


def us_state(text: str) -> str | None:
    """Read a United States state, by code or by name, as its two capitals.

    Parameters
    ----------
    text : str

    Returns
    -------
    str or None

    Examples
    --------
    >>> us_state("ct"), us_state("Rhode Island"), us_state("ONTARIO")
    ('CT', 'RI', None)
    """
    code = text.upper()
    return code if is_us_state(code) else _state_names().get(search_key(text))


def country_of(text: str) -> str | None:
    """Read a country code, small letters admitted.

    Parameters
    ----------
    text : str

    Returns
    -------
    str or None

    Examples
    --------
    >>> country_of("gb"), country_of("UK")
    ('GB', None)
    """
    code = text.upper()
    return code if is_country(code) else None


def moment_of(text: str) -> datetime | None:
    """Read a moment written in ISO 8601, as UTC.

    Parameters
    ----------
    text : str
        With an offset or Z; a day alone is its first instant in UTC.

    Returns
    -------
    datetime or None
        None where the text is no moment, or has a time without an offset.

    Examples
    --------
    >>> moment_of("2026-03-01T09:30:00+01:00")
    datetime.datetime(2026, 3, 1, 8, 30, tzinfo=datetime.timezone.utc)
    >>> moment_of("2026-03-01").hour, moment_of("2026-03-01T09:30:00")
    (0, None)
    """
    if _DAY_ISO.fullmatch(text):
        text += "T00:00:00Z"
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def email_of(text: str) -> str | None:
    """Read an e-mail address, its domain in small letters.

    Parameters
    ----------
    text : str

    Returns
    -------
    str or None
        None where the text is not one plain address (a display name or a list is none).

    Notes
    -----
    Source: RFC 5321 sections 2.3.11 and 4.5.3.1 (64 octets of local part, 254 in all). Quoted local
    parts and address literals are refused: nobody's professional address has one.

    Examples
    --------
    >>> email_of("M.Testwell@Clinic.TEST"), email_of("a@b"), email_of("A <a@b.test>")
    ('M.Testwell@clinic.test', None, None)
    """
    if not _EMAIL.fullmatch(text) or len(text) > 254 or ".." in text:
        return None
    local, _, domain = text.rpartition("@")
    if len(local) > 64 or local.startswith(".") or local.endswith("."):
        return None
    return f"{local}@{domain.lower()}"
