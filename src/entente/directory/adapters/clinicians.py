"""Medicare "Doctors and Clinicians": people at addresses, and the hospitals they work with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.hospitals import CCN_REMEDY
from entente.directory.adapters.places import read_place
from entente.directory.adapters.reading import Mask, Reading, map_values, null_mask
from entente.directory.adapters.tables import build
from entente.foundation.domain.identifiers import restore_ccn

_SLOTS = range(1, 6)
_PAC_REMEDY = "Write the 10 digits of the PAC identifier as text."
_COLUMNS = [
    Column("npi", ("NPI",), required=True),
    Column("pac_id", ("Ind_PAC_ID",)),
    Column("last_name", ("Provider Last Name", "lst_nm")),
    Column("first_name", ("Provider First Name", "frst_nm")),
    Column("middle_name", ("Provider Middle Name", "mid_nm")),
    Column("name_suffix", ("suff",)),
    Column("sex_code", ("gndr",)),
    Column("credential", ("Cred",)),
    Column("specialty_name", ("pri_spec",)),
    Column("group_name", ("Facility Name", "org_nm")),
    Column("group_pac_id", ("org_pac_id",)),
    Column("address_line1", ("adr_ln_1", "Full Street Address")),
    Column("address_line2", ("adr_ln_2",)),
    Column("city", ("City/Town", "cty")),
    Column("state", ("State", "st")),
    Column("zip", ("ZIP Code", "zip")),
    Column("phone", ("Telephone Number", "phn_numbr")),
    Column("address_id", ("adrs_id",)),
    Column("ccn_1", ("hosp_afl_1", "Facility Affiliations Certification Number")),
    Column("hospital_1", ("hosp_afl_lbn_1",)),
    *(Column(f"ccn_{slot}", (f"hosp_afl_{slot}",)) for slot in _SLOTS[1:]),
    *(Column(f"hospital_{slot}", (f"hosp_afl_lbn_{slot}",)) for slot in _SLOTS[1:]),
]
_SLOT_TABLE = pa.schema([*schemas.AFFILIATIONS, pa.field("slot", pa.int16())])


def read_clinicians(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read clinicians by address, and whom they work with.

    Parameters
    ----------
    path : pathlib.Path
        CSV, plain or gzip: the yearly layouts with hospital affiliations in the row, the later
        ones without, and the file of facility affiliations.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Tables ``clinicians`` and ``affiliations`` (one row per NPI and CCN of the chunk).

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or has no NPI.

    Notes
    -----
    Source of layout: CMS Provider Data Catalog, Doctors and Clinicians. A CCN that cannot be one is
    noted as blanked and gives no affiliation; the rest of the row is kept.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    absent = frozenset(c.name for c in _COLUMNS if not source.header.has(c.name))
    for raw in source:
        reading = Reading(raw, source.header)
        npi = reading.npi()
        yield Chunk(
            tables={
                "clinicians": _clinicians(reading, npi),
                "affiliations": _affiliations(reading, npi),
            },
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
            absent=absent & set(schemas.CLINICIANS.names),
        )


def _clinicians(reading: Reading, npi: pa.Array) -> pa.Table:
    columns = {
        name: reading.text(name)
        for name in (
            "last_name",
            "first_name",
            "middle_name",
            "name_suffix",
            "credential",
            "specialty_name",
            "group_name",
            "address_id",
        )
    }
    columns |= read_place(reading, default_country="US")
    columns |= {
        "line": pa.array(reading.lines, pa.int64()),
        "npi": npi,
        "sex_code": pc.utf8_upper(reading.text("sex_code")),
        "pac_id": _pac_id(reading, "pac_id"),
        "group_pac_id": _pac_id(reading, "group_pac_id"),
        "row_hash": reading.row_hash(),
    }
    return build(schemas.CLINICIANS, columns, reading.keep)


def _pac_id(reading: Reading, name: str) -> pa.Array:
    """Give a PAC identifier its ten digits; a spreadsheet drops leading zeros."""

    def restored(text: str) -> str | None:
        return text.zfill(10) if text.isascii() and text.isdigit() and len(text) <= 10 else None

    written = reading.text(name)
    found = map_values(written, restored)
    reading.blank(name, ~null_mask(written) & null_mask(found), _PAC_REMEDY)
    return found


def _affiliations(reading: Reading, npi: pa.Array) -> pa.Table:
    parts = [_named(reading, npi, slot) for slot in _SLOTS]
    named = pa.concat_tables(parts).sort_by([("line", "ascending"), ("slot", "ascending")])
    # The first mention gives the line and the name; ordered aggregation needs a single thread.
    grouped = named.group_by(["npi", "hospital_ccn"], use_threads=False).aggregate(
        [
            ("line", "first"),
            ("hospital_name", "first"),
            ("ccn_restored", "max"),
            ("n_mentions", "sum"),
        ]
    )
    columns = {
        "line": grouped.column("line_first"),
        "npi": grouped.column("npi"),
        "hospital_ccn": grouped.column("hospital_ccn"),
        "hospital_name": grouped.column("hospital_name_first"),
        "ccn_restored": grouped.column("ccn_restored_max"),
        "n_mentions": grouped.column("n_mentions_sum"),
    }
    table = pa.Table.from_arrays(
        [columns[field.name].cast(field.type) for field in schemas.AFFILIATIONS],
        schema=schemas.AFFILIATIONS,
    )
    return table.combine_chunks()


def _named(reading: Reading, npi: pa.Array, slot: int) -> pa.Table:
    written = reading.text(f"ccn_{slot}")
    ccn = map_values(written, restore_ccn)
    wrong: Mask = ~null_mask(written) & null_mask(ccn)
    reading.blank(f"ccn_{slot}", wrong, CCN_REMEDY)
    n_rows = len(written)
    columns = {
        "line": pa.array(reading.lines, pa.int64()),
        "npi": npi,
        "hospital_ccn": ccn,
        "hospital_name": reading.text(f"hospital_{slot}"),
        "ccn_restored": pc.fill_null(
            pc.not_equal(pc.utf8_length(written), pc.utf8_length(ccn)), False
        ),
        "n_mentions": pa.array([1] * n_rows, pa.int32()),
        "slot": pa.array([slot] * n_rows, pa.int16()),
    }
    return build(_SLOT_TABLE, columns, reading.keep & ~null_mask(ccn))
