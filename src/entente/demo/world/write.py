"""Write the invented world into a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from entente.demo.world import cast
from entente.demo.world.files import write_csv
from entente.demo.world.people import House, Person, draw_houses, draw_people, invented_npis
from entente.demo.world.permissions import DEFAULT_PURPOSE, write_consents_for
from entente.demo.world.registry_file import write_registry

DEFAULT_CONTROLLERS = ("Halden Pharma", "Northlake Health System")
_README = """Nobody and nothing in this folder exists. It was written by `entente demo`:
NPIs begin with 2, a range not in use when this was written; addresses end in .test, which never
resolves. Taxonomy codes are real codes, so that rules can be tried; their wording is invented.
"""


@dataclass(frozen=True, slots=True)
class World:
    """Where the files are, and what an import of them must count.

    Attributes
    ----------
    nppes, taxonomy, clinicians, hospitals, pharmacies, products, consents, contacts : pathlib.Path
    n_hcps, n_hcos, n_refused, n_affiliations : int
        Of the NPPES file (people, organisations, refused rows) and of the clinician file.
    """

    nppes: Path
    taxonomy: Path
    clinicians: Path
    hospitals: Path
    pharmacies: Path
    products: Path
    consents: Path
    contacts: Path
    n_hcps: int
    n_hcos: int
    n_refused: int
    n_affiliations: int


def write_world(
    folder: Path,
    *,
    at: datetime,
    seed: int = 20260101,
    n_people: int = 600,
    controllers: Sequence[str] = DEFAULT_CONTROLLERS,
    purpose: str = DEFAULT_PURPOSE,
) -> World:
    """Write an invented world, in the formats of the registries.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there; files of the same names are written anew.
    at : datetime
        Now, with a time zone; consents are granted or expired at that moment.
    seed : int
    n_people : int
        At least 1.
    controllers : sequence of str
        Legal entities to which people gave or refused their consent.
    purpose : str
        Purpose of the consents.

    Returns
    -------
    World
    """
    rng = np.random.default_rng(seed)
    n_houses = len(cast.HOSPITALS) + len(cast.CLINICS) + len(cast.SUBPARTS)
    npis = invented_npis(rng, n_people + n_houses)
    people = draw_people(rng, npis[:n_people], at.date())
    houses = draw_houses(npis[n_people:])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.txt").write_text(_README, encoding="utf-8")
    n_refused = write_registry(folder / "nppes.csv", people, houses)
    clinicians, n_affiliations = _write_clinicians(folder, rng, people, houses)
    consents, contacts = write_consents_for(
        folder, npis[:n_people], seed + 1, controllers=controllers, at=at, purpose=purpose
    )
    return World(
        nppes=folder / "nppes.csv",
        taxonomy=_write_taxonomy(folder),
        clinicians=clinicians,
        hospitals=_write_hospitals(folder, houses),
        pharmacies=_write_pharmacies(folder),
        products=_write_products(folder, controllers[0]),
        consents=consents,
        contacts=contacts,
        n_hcps=n_people,
        n_hcos=n_houses,
        n_refused=n_refused,
        n_affiliations=n_affiliations,
    )


def _write_taxonomy(folder: Path) -> Path:
    header = ("Code", "Grouping", "Classification", "Specialization", "Definition", "Notes")
    rows = [
        [s.code, s.grouping, s.classification, s.specialization, "Individual"]
        for s in cast.SPECIALTIES
    ]
    rows += [[*codes, "Non-Individual"] for codes in cast.ORGANISATION_CODES]
    return write_csv(
        folder / "taxonomy.csv",
        (*header, "Display Name", "Section"),
        [
            [code, grouping, name, special, cast.MARK, "", f"{name} {special}".strip(), section]
            for code, grouping, name, special, section in rows
        ],
    )


def _write_hospitals(folder: Path, houses: Sequence[House]) -> Path:
    header = ("Facility ID", "Facility Name", "Address", "City/Town", "State", "ZIP Code")
    more = ("County/Parish", "Telephone Number", "Hospital Type", "Hospital Ownership")
    rows = [
        [
            # As in the published copies, a spreadsheet has taken the leading zeros.
            house.ccn.lstrip("0") if house.ccn.isdigit() else house.ccn,
            house.name,
            house.street,
            house.place.city,
            house.place.state,
            house.place.zip[:5].lstrip("0"),
            cast.MARK.upper(),
            house.place.phone,
            "Acute Care Hospitals",
            "Voluntary non-profit - Private",
        ]
        for house in houses
        if house.ccn
    ]
    return write_csv(folder / "hospitals.csv", (*header, *more), rows)


def _write_clinicians(
    folder: Path, rng: np.random.Generator, people: Sequence[Person], houses: Sequence[House]
) -> tuple[Path, int]:
    """Write half of the people of the United States, some of them at two addresses."""
    hospitals = [house for house in houses if house.ccn]
    # The published file writes a blank before every header but the first.
    names = ("lst_nm", "frst_nm", "gndr", "Cred", "pri_spec", "adr_ln_1", "cty", "st", "zip")
    header = [f" {name}" for name in (*names, "phn_numbr")]
    slots = [f" {name}_{slot}" for slot in range(1, 6) for name in ("hosp_afl", "hosp_afl_lbn")]
    rows, pairs = [], set()
    for person in people:
        near = [house for house in hospitals if house.place.state == person.place.state]
        if not near or rng.random() < 0.5:
            continue
        n_named = int(rng.integers(0, min(2, len(near)) + 1))
        named = [near[i] for i in rng.choice(len(near), size=n_named, replace=False)]
        pairs |= {(person.npi, house.ccn) for house in named}
        cells = [cell for house in named for cell in (house.ccn, house.name)]
        cells += [""] * (len(slots) - len(cells))
        for number in range(1 + int(rng.random() < 0.2)):
            street = person.street if number == 0 else f"{number} SECOND EXAMPLE STREET"
            rows.append([person.npi, *_clinician(person, street), *cells])
    return write_csv(folder / "clinicians.csv", ("NPI", *header, *slots), rows), len(pairs)


def _clinician(person: Person, street: str) -> list[str]:
    place = person.place
    main = next((code for code, flag, _ in person.slots if flag == "Y"), person.slots[0][0])
    wording = next(s.classification for s in cast.SPECIALTIES if s.code == main)
    return [
        person.last_name.upper(),
        person.first_name.upper(),
        person.sex_code,
        person.credential.replace(".", "")[:3],
        wording.upper(),
        street,
        place.city,
        place.state,
        place.zip.lstrip("0"),
        place.phone,
    ]


def _write_pharmacies(folder: Path) -> Path:
    header = "Pharmacy-Name,Phone,Credential,Location,Address,City,State,Zip,CredentialId"
    rows = []
    for number, place in enumerate(place for place in cast.PLACES if place.state == "CT"):
        street = f"{20 + number} EXAMPLE STREET"
        code = f"{place.zip[:5]}-{place.zip[5:]}"
        phone = f"({place.phone[:3]}) {place.phone[3:6]}-{place.phone[6:]}"
        name, credential = f"{place.city} APOTHECARY (INVENTED)", f"PCY.999990{number}"
        where = f"{street}\n{place.state} {code}\n(0.0, 0.0)"
        rows.append(
            [name, phone, credential, where, street, place.city, "CT", code, f"99990{number}"]
        )
    return write_csv(folder / "pharmacies.csv", header.split(","), rows)


def _write_products(folder: Path, owner: str) -> Path:
    header = ("product", "kind", "owner", "country", "approved_on", "ended_on", "indication")
    medicine = ("Examplivo (invented)", "medicine", owner)
    device = ("Demostent (invented)", "device", owner)
    rows = [
        [*medicine, "US", "2019-03-01", "", "Invented weakness of the heart in adults"],
        [*medicine, "GB", "2020-05-12", "", "Invented weakness of the heart in adults"],
        [*medicine, "DE", "2020-09-30", "", "Invented weakness of the heart in adults"],
        [*device, "US", "2021-11-15", "", "Invented narrowing of a vessel"],
        [*device, "FR", "2017-01-10", "2023-01-10", "Invented narrowing of a vessel"],
    ]
    return write_csv(folder / "products.csv", header, rows)
