"""Account lists: the people or organisations that one party wants to compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk, RegistryFileError
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.reading import Reading, map_values, null_mask
from entente.directory.adapters.tables import build
from entente.directory.adapters.values import email_of

_TEXTS = ("name", "specialty", "city", "state", "affiliation")
_COLUMNS = [
    Column("npi", ("npi",)),
    Column("organisation_id", ("organisation_id", "organization_id", "organisation id")),
    Column("domain", ("domain", "website")),
    Column("name", ("name",)),
    Column("specialty", ("specialty",)),
    Column("city", ("city",)),
    Column("state", ("state",)),
    Column("affiliation", ("affiliation",)),
    Column("email", ("email", "e-mail", "email address")),
    Column("phone", ("phone", "telephone")),
]
ACCOUNTS = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        *[
            pa.field(name, pa.string())
            for name in (
                *("npi", "org_system", "org_value", "domain"),
                *(*_TEXTS, "email", "phone"),
            )
        ],
        pa.field("row_hash", pa.string(), nullable=False),
    ]
)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_SYSTEM = re.compile(r"([a-z0-9][a-z0-9-]{0,31}):(\S{1,64})")
_LONGEST = {
    "name": 300,
    "specialty": 250,
    "city": 200,
    "state": 100,
    "affiliation": 300,
    "phone": 40,
}


def domain_of(text: str) -> str | None:
    """Bring an internet domain to one spelling; None where the text is none.

    Examples
    --------
    >>> domain_of("https://www.Clinic.example/start"), domain_of("clinic")
    ('clinic.example', None)
    """
    bare = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/")[0].split(":")[0]
    bare = bare.removeprefix("www.").rstrip(".")
    return bare if len(bare) <= 253 and _DOMAIN.fullmatch(bare) else None


def organisation_id_of(text: str) -> tuple[str, str] | None:
    """Read an organisation's id, written ``system:value``; None where it is not.

    Examples
    --------
    >>> organisation_id_of("CCN:070001"), organisation_id_of("070001")
    (('ccn', '070001'), None)
    """
    system, colon, value = text.strip().partition(":")
    found = _SYSTEM.fullmatch(f"{system.strip().lower()}{colon}{value.strip().upper()}")
    return (found[1], found[2]) if found else None


def read_accounts(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read a list of people by NPI, or of organisations by id or domain.

    Parameters
    ----------
    path : pathlib.Path
        CSV, plain or gzip. With a column ``npi`` it is a list of people, and every row needs
        one. Else it is a list of organisations, and every row needs an ``organisation_id``
        written ``system:value`` or a ``domain``. Where known: ``name, specialty, city, state,
        affiliation, email, phone``.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Table ``accounts``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or has neither of the three keys.

    Notes
    -----
    Source: the platform's own layout.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    if not any(source.header.has(key) for key in ("npi", "organisation_id", "domain")):
        raise RegistryFileError(
            f"IMPORT-001: {path.name} has none of the columns 'npi', 'organisation_id' and "
            "'domain'; add the one by which its rows are known."
        )
    for raw in source:
        reading = Reading(raw, source.header)
        people = source.header.has("npi")
        columns = _keys_of_people(reading) if people else _keys_of_organisations(reading)
        columns |= {name: _text(reading, name) for name in (*_TEXTS, "phone")}
        columns |= {"email": _email(reading), "row_hash": reading.row_hash()}
        columns["line"] = pa.array(reading.lines, pa.int64())
        yield Chunk(
            tables={"accounts": build(ACCOUNTS, columns, reading.keep)},
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
        )


def _keys_of_people(reading: Reading) -> dict[str, pa.Array]:
    return {"npi": reading.npi()}


def _keys_of_organisations(reading: Reading) -> dict[str, pa.Array]:
    written, written_domain = reading.text("organisation_id"), reading.text("domain")
    system = map_values(written, lambda text: (organisation_id_of(text) or (None, None))[0])
    value = map_values(written, lambda text: (organisation_id_of(text) or (None, None))[1])
    domain = map_values(written_domain, domain_of)
    reading.refuse(
        "organisation_id",
        ~null_mask(written) & null_mask(value),
        "Write the id with its system, for example ccn:070001.",
    )
    reading.refuse(
        "domain",
        ~null_mask(written_domain) & null_mask(domain),
        "Write a domain such as clinic.example, or leave it empty.",
    )
    reading.refuse(
        "organisation_id",
        null_mask(written) & null_mask(written_domain),
        "Give an organisation id or a domain; a name alone proves nothing.",
    )
    return {"org_system": system, "org_value": value, "domain": domain}


def _text(reading: Reading, name: str) -> pa.Array:
    longest = _LONGEST[name]
    return map_values(reading.text(name), lambda text: text[:longest])


def _email(reading: Reading) -> pa.Array:
    written = reading.text("email")
    found = map_values(written, email_of)
    bad = np.asarray(~null_mask(written) & null_mask(found))
    reading.blank("email", bad, "Write one address such as name@clinic.example.")
    return found
