"""Files of business contacts: people who are no health professionals; never patients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.reading import COUNTRY_REMEDY, Reading, map_values, null_mask
from entente.directory.adapters.tables import build
from entente.directory.adapters.values import country_of, email_of
from entente.directory.domain.search_keys import search_key

KINDS = (
    "buyer", "executive", "payer_staff", "formulary_staff", "clinic_staff", "partner_staff",
    "other",
)  # fmt: skip
AUTHORITIES = ("signs", "recommends", "influences", "informs", "unknown")
_PATIENTS = ("patient", "patients", "caregiver", "carer", "relative")
_NO_PATIENT = "Patients are never kept as persons here; take this row out of the file."
_COLUMNS = [
    Column("key", ("key", "contact key", "id"), required=True),
    Column("family_name", ("family_name", "last name"), required=True),
    Column("given_name", ("given_name", "first name")),
    Column("kind", ("kind",), required=True),
    Column("role", ("role", "title")),
    Column("authority", ("authority",)),
    Column("employer", ("employer", "company")),
    Column("employer_system", ("employer_system",)),
    Column("employer_value", ("employer_value",)),
    Column("country", ("country",), required=True),
    Column("email", ("email", "e-mail")),
    Column("phone", ("phone", "telephone")),
]


def read_business_contacts(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read business contacts, one a row.

    Parameters
    ----------
    path : pathlib.Path
        CSV with columns ``key`` (by which the sender's system knows the contact),
        ``family_name``, ``kind``, ``country`` and, where known, ``given_name``, ``role``,
        ``authority``, ``employer``, ``employer_system`` and ``employer_value`` (an identifier
        of the directory, such as ``ccn`` and its number), ``email``, ``phone``; plain or gzip.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Table ``business_contacts``. A row about a patient is refused.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or lacks a column.

    Notes
    -----
    Source: the platform's own layout.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    absent = frozenset(c.name for c in _COLUMNS if not source.header.has(c.name))
    for raw in source:
        reading = Reading(raw, source.header)
        reading.require("key", "Give the number by which your system knows the contact.")
        reading.require("family_name", "Give the family name.")
        for name in ("kind", "role"):
            said = pc.is_in(pc.utf8_lower(reading.text(name)), pa.array(_PATIENTS))
            reading.refuse(name, pc.fill_null(said, False).to_numpy(False), _NO_PATIENT)
        kind = reading.one_of("kind", (*KINDS, *_PATIENTS))
        authority = pc.utf8_lower(reading.text("authority"))
        odd = ~null_mask(authority) & ~pc.is_in(authority, pa.array(AUTHORITIES)).to_numpy(False)
        reading.refuse("authority", odd, "Write one of " + ", ".join(AUTHORITIES) + ".")
        country = map_values(reading.text("country"), country_of)
        reading.refuse("country", null_mask(country), COUNTRY_REMEDY)
        given = reading.text("email")
        email = map_values(given, email_of)
        wrong = ~null_mask(given) & null_mask(email)
        reading.blank("email", wrong, "Write one address such as name@company.example.")
        columns = {
            "line": pa.array(reading.lines, pa.int64()),
            "kind": kind,
            "authority": authority,
            "country": country,
            "email": email,
            "name_key": _name_keys(reading),
            "employer_key": map_values(reading.text("employer"), search_key),
            "row_hash": reading.row_hash(),
        }
        for name in ("key", "family_name", "given_name", "role", "employer", "employer_system",
                     "employer_value", "phone"):  # fmt: skip
            columns[name] = reading.text(name)
        yield Chunk(
            tables={"business_contacts": build(schemas.BUSINESS_CONTACTS, columns, reading.keep)},
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
            absent=absent,
        )


def _name_keys(reading: Reading) -> pa.Array:
    whole = pc.binary_join_element_wise(
        reading.text("family_name"), reading.text("given_name"), " ",
        null_handling="replace", null_replacement="",
    )  # fmt: skip
    return map_values(whole, search_key)
