"""Write the invented people and organisations as an NPPES full replacement file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from entente.demo.world import cast
from entente.demo.world.files import write_csv
from entente.demo.world.people import House, Person
from entente.foundation.domain.identifiers import npi_check_digit

_N_SLOTS = 15
_PRACTICE = "Business Practice Location Address"
_MAILING = "Business Mailing Address"
_SLOT_HEADERS = (
    "Healthcare Provider Taxonomy Code",
    "Provider License Number",
    "Provider License Number State Code",
    "Healthcare Provider Primary Taxonomy Switch",
)


def _address_headers(kind: str) -> list[str]:
    return [
        f"Provider First Line {kind}",
        f"Provider Second Line {kind}",
        f"Provider {kind} City Name",
        f"Provider {kind} State Name",
        f"Provider {kind} Postal Code",
        f"Provider {kind} Country Code (If outside U.S.)",
        f"Provider {kind} Telephone Number",
    ]


HEADER = (
    "NPI",
    "Entity Type Code",
    "Replacement NPI",
    "Employer Identification Number (EIN)",
    "Provider Organization Name (Legal Business Name)",
    "Provider Last Name (Legal Name)",
    "Provider First Name",
    "Provider Middle Name",
    "Provider Name Prefix Text",
    "Provider Name Suffix Text",
    "Provider Credential Text",
    "Provider Other Organization Name",
    *_address_headers(_MAILING),
    *_address_headers(_PRACTICE),
    "Provider Enumeration Date",
    "Last Update Date",
    "NPI Deactivation Reason Code",
    "NPI Deactivation Date",
    "NPI Reactivation Date",
    "Provider Sex Code",
    *(f"{header}_{slot}" for slot in range(1, _N_SLOTS + 1) for header in _SLOT_HEADERS),
    "Is Sole Proprietor",
    "Is Organization Subpart",
    "Parent Organization LBN",
)


def write_registry(path: Path, people: Sequence[Person], houses: Sequence[House]) -> int:
    """Write the file, with some rows that an import must refuse.

    Parameters
    ----------
    path : pathlib.Path
    people : sequence of Person
    houses : sequence of House

    Returns
    -------
    int
        How many of the rows written must be refused: a wrong check digit, a day that does not
        exist, a missing last name. A bare deactivation is also written, and is right.
    """
    rows = [_person_row(person) for person in people]
    rows += [_house_row(house) for house in houses]
    faulty = _faulty_rows(people[0])
    rows += [*faulty, _switched_off(people[0])]
    write_csv(path, HEADER, ([row.get(name, "") for name in HEADER] for row in rows), quoted=True)
    return len(faulty)


def _day(day: date | None) -> str:
    return day.strftime("%m/%d/%Y") if day else ""


def _address(place: cast.Place, street: str) -> dict[str, str]:
    values = (
        street,
        cast.MARK.upper(),
        place.city,
        place.state,
        place.zip,
        place.country,
        place.phone,
    )
    return {
        header: value
        for kind in (_MAILING, _PRACTICE)
        for header, value in zip(_address_headers(kind), values, strict=True)
    }


def _slots(slots: Sequence[tuple[str, str, str]], state: str) -> dict[str, str]:
    cells = {}
    for number, (code, flag, licence) in enumerate(slots, start=1):
        values = (code, licence, state if licence else "", flag)
        for header, value in zip(_SLOT_HEADERS, values, strict=True):
            cells[f"{header}_{number}"] = value
    return cells


def _person_row(person: Person) -> dict[str, str]:
    return {
        "NPI": person.npi,
        "Entity Type Code": "1",
        "Provider Last Name (Legal Name)": person.last_name.upper(),
        "Provider First Name": person.first_name.upper(),
        "Provider Name Prefix Text": "DR.",
        "Provider Credential Text": person.credential,
        **_address(person.place, person.street),
        "Provider Enumeration Date": _day(person.enumerated_on),
        "Last Update Date": _day(person.updated_on),
        "NPI Deactivation Date": _day(person.deactivated_on),
        "NPI Reactivation Date": _day(person.reactivated_on),
        "Provider Sex Code": person.sex_code,
        **_slots(person.slots, person.place.state),
        "Is Sole Proprietor": person.sole_proprietor,
    }


def _house_row(house: House) -> dict[str, str]:
    return {
        "NPI": house.npi,
        "Entity Type Code": "2",
        "Employer Identification Number (EIN)": "<UNAVAIL>",
        "Provider Organization Name (Legal Business Name)": house.name,
        "Provider Other Organization Name": cast.MARK.upper(),
        **_address(house.place, house.street),
        "Provider Enumeration Date": "06/01/2010",
        "Last Update Date": "06/01/2020",
        **_slots([(house.taxonomy_code, "Y", "")], house.place.state),
        "Is Organization Subpart": "Y" if house.parent else "N",
        "Parent Organization LBN": house.parent,
    }


def _faulty_rows(pattern: Person) -> list[dict[str, str]]:
    good = _person_row(pattern)
    # These payloads lie in the range that invented_npis keeps free.
    wrong_digit = f"200000001{(npi_check_digit('200000001') + 1) % 10}"
    no_such_day = f"200000010{npi_check_digit('200000010')}"
    no_name = f"200000011{npi_check_digit('200000011')}"
    return [
        {**good, "NPI": wrong_digit},
        {**good, "NPI": no_such_day, "Provider Enumeration Date": "02/30/2019"},
        {**good, "NPI": no_name, "Provider Last Name (Legal Name)": ""},
    ]


def _switched_off(pattern: Person) -> dict[str, str]:
    npi = f"200000100{npi_check_digit('200000100')}"
    return {"NPI": npi, "NPI Deactivation Date": _day(pattern.enumerated_on)}
