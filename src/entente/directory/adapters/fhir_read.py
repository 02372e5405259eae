"""What the directory reads of a FHIR resource: names, places, identifiers, references.

Every function takes a resource whose shape was checked (``domain.fhir_shapes``) and gives text
in the columns of the directory's tables, empty where the resource says nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import pycountry

from entente.directory.adapters.values import country_of, phone_digits, us_state, us_zip
from entente.directory.domain.fhir_json import Resource
from entente.directory.domain.professions import profession_of
from entente.directory.domain.search_keys import search_key
from entente.foundation.domain.identifiers import npi_check_digit, nucc_shape_ok

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
NUCC_SYSTEM = "http://nucc.org/provider-taxonomy"
# Systems of organisations that other registries of the directory know by a short name.
_SHORT = {NPI_SYSTEM: "npi", "urn:oid:2.16.840.1.113883.4.336": "ccn"}
_LONG = {short: uri for uri, short in _SHORT.items()}
_OURS = "urn:entente:"
# For resources that nothing but their id on one server tells apart.
LOGICAL_ID = "urn:entente:fhir-id"
_NPI = re.compile(r"[0-9]{10}", re.ASCII)
_DEGREES = re.compile(r"/v2-0360\b")
# Numbers of a person as a citizen: kept with the resource, never beside public identifiers.
_PERSONAL = re.compile(
    r"us-ssn|us-medicare|passport|113883\.4\.1$|113883\.4\.3\.\d+$|2\.4\.6\.3$|/bsn\b",
    re.IGNORECASE,
)
_PERSONAL_TYPES = frozenset({"SS", "SB", "PPN", "DL", "TAX", "NI", "MC", "CZ", "BC"})
_OLD = frozenset({"old", "temp", "maiden", "nickname", "anonymous"})
LONGEST = {
    "family_name": 200, "given_name": 200, "middle_name": 200, "prefix": 50, "suffix": 50,
    "credential": 200, "address_line": 300, "address_line2": 300, "city": 200, "us_state": 100,
    "postal_code": 40, "name": 300, "other_name": 300, "kind": 100, "role": 100,
}  # fmt: skip


class Pointer(NamedTuple):
    """Where a reference points: a type and id on a server, a full address, or an identifier."""

    type: str = ""
    id: str = ""
    url: str = ""
    system: str = ""
    value: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the reference points nowhere."""
        return not (self.id or self.url or self.value)


def _objects(resource: Resource, name: str) -> list[dict[str, Any]]:
    return [each for each in resource.get(name) or [] if each]


def _text(value: str | None) -> str:
    return " ".join((value or "").split())


def short_system(system: str) -> str:
    """Give the name under which the directory keeps a system of identifiers.

    Examples
    --------
    >>> short_system("urn:oid:2.16.840.1.113883.4.336"), short_system("urn:a")
    ('ccn', 'urn:a')
    >>> long_system("ccn"), long_system("us-ct-credential"), long_system("urn:a")
    ('urn:oid:2.16.840.1.113883.4.336', 'urn:entente:us-ct-credential', 'urn:a')
    """
    return _SHORT.get(system, system if system == LOGICAL_ID else system.removeprefix(_OURS))


def long_system(system: str) -> str:
    """Give the URI of a system of identifiers, the opposite of ``short_system``."""
    return _LONG.get(system, system if ":" in system else _OURS + system)


def npi_is_luhn(text: str) -> bool:
    """Tell whether ten digits end in the check digit of an NPI.

    Notes
    -----
    Published test data uses numbers that begin with 9 so as to be nobody's; they are well formed.

    Examples
    --------
    >>> npi_is_luhn("1245319599"), npi_is_luhn("9999962795"), npi_is_luhn("520")
    (True, True, False)
    """
    return bool(_NPI.fullmatch(text)) and npi_check_digit(text[:9]) == int(text[9])


def npis(resource: Resource) -> list[str]:
    """Give what stands under the official system of NPIs, right or wrong."""
    return [
        _text(each.get("value"))
        for each in _objects(resource, "identifier")
        if each.get("system") == NPI_SYSTEM and each.get("use") != "old"
    ]


def identifiers(resource: Resource) -> list[tuple[str, str]]:
    """Give the identifiers by which a resource may be known again, in its own order.

    Without those that are over, have no system, or are a person's numbers as a citizen.

    Examples
    --------
    >>> identifiers({"identifier": [{"system": "urn:a", "value": "1"}, {"value": "2"},
    ...     {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "3"}]})
    [('urn:a', '1')]
    """
    found = []
    for each in _objects(resource, "identifier"):
        system, value = _text(each.get("system")), _text(each.get("value"))
        codes = {c.get("code") for c in _objects(each.get("type") or {}, "coding")}
        if each.get("use") == "old" or _PERSONAL.search(system) or codes & _PERSONAL_TYPES:
            continue
        if 0 < len(system) <= 200 and 0 < len(value) <= 200 and (system, value) not in found:
            found.append((system, value))
    return found


def logical_key(resource: Resource, full_url: str) -> tuple[str, str] | None:
    """Give the key of a resource without identifiers, or None where there is none.

    An address or a UUID is unique everywhere. A short id is unique on one server only, so the
    name is part of the key: two servers' ``Practitioner/1`` are then two people.
    """
    if re.match(r"https?://|urn:uuid:", full_url):
        return LOGICAL_ID, _digest(full_url)
    if not (own := resource.get("id")):
        return None
    if is_uuid(own):
        return LOGICAL_ID, _digest(f"urn:uuid:{own}")
    return LOGICAL_ID, _digest(f"{resource['resourceType']}/{own}/{_name_of(resource)}")


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID in the usual spelling."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _name_of(resource: Resource) -> str:
    name = resource.get("name")
    if isinstance(name, str):
        return search_key(name)
    return search_key(*person_name(resource).values()) if name else ""


def person_name(resource: Resource) -> dict[str, str]:
    """Read the name of a person: the official one, else the usual one, else the first."""
    chosen = chosen_name(resource)
    if chosen is None:
        return {}
    given = [_text(each) for each in chosen.get("given") or [] if each]
    suffixes = [_text(each) for each in chosen.get("suffix") or [] if each]
    # In FHIR both Jr. and M.D. are suffixes; the directory keeps letters of a degree apart.
    degrees = [each for each in suffixes if profession_of(None, each) != "other"]
    return {
        "family_name": _text(chosen.get("family")) or _text(chosen.get("text")),
        "given_name": given[0] if given else "",
        "middle_name": " ".join(given[1:]),
        "prefix": " ".join(_text(each) for each in chosen.get("prefix") or [] if each),
        "suffix": ", ".join(each for each in suffixes if each not in degrees),
        "credential": ", ".join(degrees),
    }


def chosen_name(resource: Resource) -> dict[str, Any] | None:
    """Give the element of ``name`` that is read."""
    names = [each for each in _objects(resource, "name") if each.get("use") not in _OLD]
    order = {"official": 0, "usual": 1}
    return min(names, key=lambda each: order.get(each.get("use", ""), 2), default=None)


def chosen_address(resource: Resource) -> dict[str, Any] | None:
    """Give the element of ``address`` that is read: of work, never of a home."""
    places = [
        each for each in _objects(resource, "address") if each.get("use") not in _OLD | {"home"}
    ]
    return min(places, key=lambda each: each.get("use") != "work", default=None)


def chosen_phone(resource: Resource) -> dict[str, Any] | None:
    """Give the element of ``telecom`` that is read: a telephone of work."""
    return next(
        (
            each
            for each in _objects(resource, "telecom")
            if each.get("system") == "phone"
            and each.get("use") not in {"home", "old", "temp", "mobile"}
            and phone_digits(each.get("value") or "")
        ),
        None,
    )


def place(resource: Resource) -> dict[str, str]:
    """Read address and telephone number; a home address is nobody's business."""
    address = chosen_address(resource) or {}
    lines = [_text(line) for line in address.get("line") or [] if line]
    state = us_state(_text(address.get("state"))) or ""
    country = _country(_text(address.get("country"))) or ("US" if state else "")
    zip_code = _text(address.get("postalCode"))
    phone = chosen_phone(resource)
    return {
        "address_line": lines[0] if lines else "",
        "address_line2": ", ".join(lines[1:]),
        "city": _text(address.get("city")),
        "us_state": state if country == "US" else _text(address.get("state")),
        "postal_code": (us_zip(zip_code) or "") if country == "US" else zip_code,
        "country": country,
        "phone": (phone_digits(phone["value"]) or "")[:20] if phone else "",
    }


def _country(text: str) -> str | None:
    if len(text) == 3:
        found = pycountry.countries.get(alpha_3=text.upper())
        return found.alpha_2 if found else None
    return country_of(text)


def person(resource: Resource) -> dict[str, str]:
    """Read a Practitioner."""
    name = person_name(resource) or dict.fromkeys(
        ("family_name", "given_name", "middle_name", "prefix", "suffix", "credential"), ""
    )
    codes = [each.get("code") or {} for each in _objects(resource, "qualification")]
    if not name["credential"]:
        degrees = [c.get("code") or "" for c in _codings(codes) if _DEGREES.search(_system(c))]
        name["credential"] = next(
            (each for each in degrees if profession_of(None, each) != "other"), ""
        )
    return name | place(resource) | {"taxonomy_code": _taxonomy(codes)}


def organisation(resource: Resource) -> dict[str, str]:
    """Read an Organization."""
    kinds = _objects(resource, "type")
    kind = next((label(each) for each in kinds if label(each)), "")
    aliases = [_text(each) for each in resource.get("alias") or [] if each]
    return {
        "name": _text(resource.get("name")),
        "other_name": aliases[0] if aliases else "",
        "kind": kind,
        **place(resource),
    }


def role(resource: Resource) -> dict[str, Any]:
    """Read a PractitionerRole: what somebody does where, and from when to when."""
    period = resource.get("period") or {}
    codes = _objects(resource, "code")
    return {
        "role": next((label(each) for each in codes if label(each)), "")[: LONGEST["role"]],
        "taxonomy_code": _taxonomy([*_objects(resource, "specialty"), *codes]),
        "from_on": first_day(period.get("start")),
        "to_on": last_day(period.get("end")),
    }


def label(concept: dict[str, Any]) -> str:
    """Give the words of a concept: its text, else what its first code is called."""
    coding = next(iter(_objects(concept, "coding")), {})
    return _text(concept.get("text")) or _text(coding.get("display")) or _text(coding.get("code"))


def _system(coding: dict[str, Any]) -> str:
    return coding.get("system") or ""


def _codings(concepts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for concept in concepts:
        yield from _objects(concept, "coding")


def _taxonomy(concepts: list[dict[str, Any]]) -> str:
    codes = (c.get("code") or "" for c in _codings(concepts) if _system(c) == NUCC_SYSTEM)
    return next((code for code in codes if nucc_shape_ok(code)), "")


_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?", re.ASCII)


def first_day(text: str | None) -> date | None:
    """Give the first day of a FHIR date, of a year or month its first.

    Examples
    --------
    >>> first_day("1995"), last_day("2016-02"), first_day("soon")
    (datetime.date(1995, 1, 1), datetime.date(2016, 2, 29), None)
    """
    found = _PARTIAL.fullmatch(text or "")
    if not found:
        return None
    year, month, day = (int(part or 1) for part in found.groups())
    return _day(year, month, day)


def last_day(text: str | None) -> date | None:
    """Give the last day of a FHIR date, of a year or month its last."""
    found = _PARTIAL.fullmatch(text or "")
    if not found:
        return None
    year, month, day = found.groups()
    if day:
        return _day(int(year), int(month), int(day))
    number = int(month or 12)
    following = _day(int(year) + number // 12, number % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1) if following else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def pointer(reference: dict[str, Any] | None) -> Pointer:
    """Read a reference in any of its forms.

    Examples
    --------
    >>> pointer({"reference": "https://x.test/fhir/Organization/7/_history/2"})[:3]
    ('Organization', '7', 'https://x.test/fhir/Organization/7')
    >>> pointer({"reference": "Practitioner?identifier=urn:a|1"})[3:]
    ('urn:a', '1')
    """
    reference = reference or {}
    named = reference.get("identifier") or {}
    system, value = _text(named.get("system")), _text(named.get("value"))
    text = (reference.get("reference") or "").split("/_history/")[0].strip()
    if "?identifier=" in text:
        system, _, value = text.partition("?identifier=")[2].partition("|")
        return Pointer(system=system, value=value)
    kind, own = "", ""
    if text and not text.startswith(("#", "urn:")):
        kind, _, own = text.rpartition("/")
        kind = kind.rpartition("/")[2]
    url = text if re.match(r"https?://|urn:uuid:", text) else ""
    return Pointer(kind, own, url, system, value)
