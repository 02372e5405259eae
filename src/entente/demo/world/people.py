"""Draw invented people and organisations from the cast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from entente.demo.world import cast
from entente.foundation.domain.identifiers import npi_check_digit

# Low numbers are never drawn, so that files can hold faulty rows that collide with nobody.
_KEPT_FREE = 1_000


@dataclass(frozen=True, slots=True)
class Person:
    """One invented professional.

    Attributes
    ----------
    slots : tuple of (str, str, str)
        Taxonomy code, primary flag (Y, N, X) and licence number, in order.
    """

    npi: str
    last_name: str
    first_name: str
    credential: str
    sex_code: str
    place: cast.Place
    street: str
    slots: tuple[tuple[str, str, str], ...]
    enumerated_on: date
    updated_on: date
    deactivated_on: date | None
    reactivated_on: date | None
    sole_proprietor: str


@dataclass(frozen=True, slots=True)
class House:
    """One invented organisation; ``parent`` is the name of what it is a part of."""

    npi: str
    name: str
    place: cast.Place
    street: str
    taxonomy_code: str
    parent: str
    ccn: str


def invented_npis(rng: np.random.Generator, n: int) -> list[str]:
    """Draw different NPIs that begin with 2 and have valid check digits.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int

    Returns
    -------
    list of str

    Notes
    -----
    Source: 45 CFR 162.406(a). None that begins with 2 was in use when this was written.

    Examples
    --------
    >>> first, second = invented_npis(np.random.default_rng(1), 2)
    >>> len(first), first[0], first != second
    (10, '2', True)
    """
    numbers = _KEPT_FREE + rng.choice(10**8 - _KEPT_FREE, size=n, replace=False)
    payloads = [f"2{int(number):08d}" for number in numbers]
    return [f"{payload}{npi_check_digit(payload)}" for payload in payloads]


def draw_people(rng: np.random.Generator, npis: list[str], on: date) -> list[Person]:
    """Draw one person per NPI.

    Parameters
    ----------
    rng : numpy.random.Generator
    npis : list of str
    on : date
        Today in the invented world; nothing in it is later.

    Returns
    -------
    list of Person
        One in fifty has no primary flag, one in sixty was off for a time and is back.
    """
    n = len(npis)
    weights = np.array([specialty.weight for specialty in cast.SPECIALTIES], dtype=float)
    specialties = rng.choice(len(cast.SPECIALTIES), size=n, p=weights / weights.sum())
    shares = np.array(cast.PLACE_WEIGHTS, dtype=float)
    places = rng.choice(len(cast.PLACES), size=n, p=shares / shares.sum())
    return [
        _person(
            rng,
            npi,
            row,
            on,
            specialty=cast.SPECIALTIES[specialties[row]],
            place=cast.PLACES[places[row]],
        )
        for row, npi in enumerate(npis)
    ]


def _person(
    rng: np.random.Generator,
    npi: str,
    row: int,
    on: date,
    *,
    specialty: cast.Specialty,
    place: cast.Place,
) -> Person:
    enumerated = on - timedelta(days=int(rng.integers(700, 6500)))
    updated = enumerated + timedelta(days=int(rng.integers(0, (on - enumerated).days)))
    was_off = row % 60 == 7
    off = enumerated + timedelta(days=200) if was_off else None
    return Person(
        npi=npi,
        last_name=str(rng.choice(cast.LAST_STEMS)) + str(rng.choice(cast.LAST_ENDS)),
        first_name=str(rng.choice(cast.FIRST_NAMES)),
        credential=str(rng.choice(specialty.credentials)),
        sex_code=str(rng.choice(["F", "M"])),
        place=place,
        street=f"{int(rng.integers(1, 400))} EXAMPLE STREET",
        slots=_slots(rng, row, specialty, place),
        enumerated_on=enumerated,
        updated_on=updated,
        deactivated_on=off,
        reactivated_on=off + timedelta(days=40) if off else None,
        sole_proprietor=str(rng.choice(["N", "N", "N", "Y", "X"])),
    )


def _slots(
    rng: np.random.Generator, row: int, specialty: cast.Specialty, place: cast.Place
) -> tuple[tuple[str, str, str], ...]:
    codes = [specialty.code]
    if rng.random() < 0.2:
        others = [
            other.code
            for other in cast.SPECIALTIES
            if other.grouping == specialty.grouping and other.code != specialty.code
        ]
        codes += [str(rng.choice(others))] if others else []
    if rng.random() < 0.5:
        codes.reverse()
    unflagged = row % 50 == 3
    licences = [f"T{int(rng.integers(10**6)):06d}" if place.state else "" for _ in codes]
    flags = ["X" if unflagged else "Y" if code == specialty.code else "N" for code in codes]
    return tuple(zip(codes, flags, licences, strict=True))


def draw_houses(npis: list[str]) -> list[House]:
    """Give each hospital, clinic and part of the cast an NPI.

    Parameters
    ----------
    npis : list of str
        As many as there are hospitals, clinics and parts.

    Returns
    -------
    list of House
    """
    acute, day, _ = (code for code, *_ in cast.ORGANISATION_CODES)
    parent = cast.HOSPITALS[0][0]
    rows = [(name, place, acute, "", ccn) for name, ccn, place in cast.HOSPITALS]
    rows += [(name, place, day, "", "") for name, place in cast.CLINICS]
    rows += [(name, 0, day, parent, "") for name in cast.SUBPARTS]
    return [
        House(npi, name, cast.PLACES[place], f"{10 + row} INVENTED WAY", code, above, ccn)
        for row, (npi, (name, place, code, above, ccn)) in enumerate(zip(npis, rows, strict=True))
    ]
