"""What a column holds, told from its header and its values, whatever file it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the values of a column are; it decides how they are cleansed and compared."""

    GIVEN = "given"
    FAMILY = "family"
    MIDDLE = "middle"
    NAME = "name"
    ORGANISATION = "organisation"
    DAY = "day"
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"
    STREET = "street"
    CITY = "city"
    REGION = "region"
    KEY = "key"
    NUMBER = "number"
    CODE = "code"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Profile:
    """What was counted in one column.

    Attributes
    ----------
    header : str
    n_rows, n_filled, n_distinct : int
    mean_length : float
        Characters per filled value.
    digit_share, space_share, day_share, email_share : float
        Share of filled values that are digits only, hold a blank, read as a day, as an address.
    """

    header: str
    n_rows: int
    n_filled: int
    n_distinct: int
    mean_length: float
    digit_share: float
    space_share: float
    day_share: float
    email_share: float

    @property
    def fill(self) -> float:
        """Share of rows with a value."""
        return self.n_filled / self.n_rows if self.n_rows else 0.0

    @property
    def spread(self) -> float:
        """Distinct values per filled row."""
        return self.n_distinct / self.n_filled if self.n_filled else 0.0


# Words of a header, the first line that fits decides. A word is matched whole.
_WORDS: tuple[tuple[Kind, str], ...] = (
    (Kind.EMAIL, r"e ?mail"),
    (Kind.PHONE, r"phone|telephone|tel|mobile|cell|fax|fon"),
    (Kind.KEY, r"npi|ssn|soc|tin|ein|pac|ccn|licen[cs]e|passport|orcid|lanr|gmc|rpps|insee|siret"),
    (Kind.DAY, r"dob|birth|birthdate|dateofbirth|geburtsdatum|geboren|(date|day)"),
    (Kind.POSTCODE, r"zip|zipcode|postal|postcode|plz|postleitzahl"),
    (Kind.REGION, r"state|province|region|county|bundesland|departement"),
    (Kind.CODE, r"country|gender|gndr|sex|credential|cred|suff|suffix|prefix|title"),
    (Kind.CITY, r"city|town|suburb|municipality|locality|ort|ville|ciudad|stadt"),
    (Kind.STREET, r"street|address|addr|adr|adrs|road|strasse|rue|line"),
    (Kind.MIDDLE, r"middle|mid|second|mname"),
    (Kind.GIVEN, r"given|first|forename|firstname|fname|vorname|prenom|christian|nombre"),
    (Kind.FAMILY, r"family|last|surname|lastname|lname|nachname|nom|apellido"),
    (
        Kind.ORGANISATION,
        r"organi[sz]ation|org|company|facility|hospital|site|business|agency|legal",
    ),
    (Kind.NAME, r"name|fullname"),
)
_NUMBERED = re.compile(r"street number|house number|hausnummer|nr|no|number")


def words_of(header: str) -> str:
    """Write a header as lower-case words: ``"FirstName"`` and ``"first_name"`` are alike.

    Examples
    --------
    >>> words_of("Provider Last Name (Legal Name)"), words_of("fname_c1"), words_of("dateOfBirth")
    ('provider last name legal name', 'fname c1', 'date of birth')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return re.sub(r"[^a-z0-9]+", " ", parted.casefold()).strip()


def _by_header(header: str) -> Kind | None:
    words = words_of(header)
    for kind, pattern in _WORDS:
        if re.search(rf"\b(?:{pattern})\b", words):
            return kind
    return None


def kind_of(profile: Profile) -> Kind:
    """Tell what a column holds; where header and values disagree, the values are believed.

    Examples
    --------
    >>> kind_of(Profile("surname", 1000, 980, 400, 6.1, 0.0, 0.01, 0.0, 0.0)).value
    'family'
    >>> kind_of(Profile("f17", 1000, 990, 800, 10.0, 0.0, 0.0, 0.98, 0.0)).value
    'day'
    """
    said = _by_header(profile.header)
    if profile.email_share > 0.5:
        return Kind.EMAIL
    if profile.day_share > 0.8 and profile.mean_length >= 6:
        return Kind.DAY if said is not Kind.KEY else Kind.KEY
    if profile.digit_share > 0.9:
        return _of_digits(said, profile)
    if said in (Kind.DAY, Kind.EMAIL):
        said = None
    if said is not None:
        return said
    return _of_text(profile)


def _of_digits(said: Kind | None, profile: Profile) -> Kind:
    if said in (Kind.KEY, Kind.PHONE, Kind.POSTCODE):
        return said
    if _NUMBERED.search(words_of(profile.header)) or profile.mean_length < 4:
        return Kind.NUMBER
    if profile.spread > 0.4 and profile.mean_length >= 6 and profile.fill > 0.3:
        return Kind.KEY
    return Kind.NUMBER


def _of_text(profile: Profile) -> Kind:
    if profile.n_distinct <= 60 or profile.spread < 0.02:
        return Kind.CODE
    if profile.space_share > 0.5 and profile.mean_length > 12:
        return Kind.ORGANISATION
    return Kind.TEXT


# What tells one person or place from another; the rest (programmes, options, sources) mostly
# tells how a record came to be written.
_TELLING = frozenset(Kind) - {Kind.CODE, Kind.TEXT, Kind.NUMBER}


def kinds_of(profiles: Sequence[Profile]) -> dict[str, Kind]:
    """Choose the columns by which records are compared, and tell what each holds.

    A column that is mostly empty, or the same throughout, tells nothing. Columns that no header
    names as part of an identity are used only where fewer than three do.
    """
    usable = {p.header: kind_of(p) for p in profiles if p.n_distinct > 1 and p.fill >= 0.2}
    said = {header for header in usable if _by_header(header) is not None}
    telling = {h for h in usable if h in said or usable[h] in (Kind.EMAIL, Kind.DAY, Kind.KEY)}
    filled = {p.header for p in profiles if p.fill >= 0.9}
    numbered = {h for h in usable if usable[h] is Kind.NUMBER}
    numbered = {h for h in numbered if h in filled or _NUMBERED.search(words_of(h))}
    if sum(usable[h] in _TELLING for h in telling) >= 3:
        return {header: usable[header] for header in usable if header in telling | numbered}
    return usable
