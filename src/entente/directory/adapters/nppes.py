"""NPPES dissemination files: people and organisations with a National Provider Identifier.

Reads the full replacement file (some 330 columns), the weekly file and extracts down to the NPI
and the names, by header name, so that the drift between years loses no column.
Source of layout: CMS, NPPES Data Dissemination, Full Replacement Monthly NPI File, code values.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk, RegistryFileError
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.nppes_columns import COLUMNS, FED_BY
from entente.directory.adapters.nppes_taxonomies import Slots, read_slots, taxonomy_rows
from entente.directory.adapters.places import read_place
from entente.directory.adapters.reading import (
    COUNTRY_REMEDY,
    Mask,
    Reading,
    key_of,
    map_values,
    null_mask,
)
from entente.directory.adapters.tables import build
from entente.directory.adapters.values import country_of, us_state
from entente.directory.domain.professions import profession_of

_UNAVAILABLE = "<UNAVAIL>"
_DAYS = ("enumerated_on", "deactivated_on", "reactivated_on", "updated_on")
_ANSWERS = pa.array(["Y", "N", "X"])
_SEXES = pa.array(["M", "F", "X", "U"])


def read_nppes(path: Path, *, chunk_rows: int = CHUNK_ROWS, pass_over: int = 0) -> Iterator[Chunk]:
    """Read people, organisations, their taxonomies and bare deactivations.

    Parameters
    ----------
    path : pathlib.Path
        CSV, plain or gzip.
    chunk_rows : int
        Most rows of a chunk.
    pass_over : int
        Rows that an earlier load has read; only whole chunks are passed over, so it is a number
        that chunks of the same size have added up to, or rows are read again.

    Yields
    ------
    Chunk
        Tables ``hcps``, ``taxonomies``, ``hcos`` and ``deactivations``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or has no NPI or no name column.

    Notes
    -----
    ``<UNAVAIL>`` is missing. A deactivation followed by a reactivation is history: the record is
    active. A blank practice country is US where the state is one of the United States, because the
    column asks for the country "if outside U.S.". Without an entity type column a row with a last
    name is a person. The employer number, the authorised official and other private details are
    not read.
    """
    source = CsvSource(path, COLUMNS, chunk_rows)
    header = source.header
    if not (header.has("last_name") or header.has("org_name")):
        raise RegistryFileError(
            f"IMPORT-001: {path.name} has no column 'Provider Last Name (Legal Name)' and no "
            "'Provider Organization Name (Legal Business Name)'; one of them is needed."
        )
    absent = frozenset(
        name for name, feeds in FED_BY.items() if not any(header.has(feed) for feed in feeds)
    )
    for raw in source:
        if pass_over >= raw.n_read:
            pass_over -= raw.n_read
            continue
        pass_over = 0
        for name, values in raw.columns.items():
            if values.null_count < len(values):
                raw.columns[name] = pc.if_else(pc.equal(values, _UNAVAILABLE), None, values)
        yield _chunk(Reading(raw, header), header.has("entity_type"), absent)


def _chunk(reading: Reading, typed: bool, absent: frozenset[str]) -> Chunk:
    common = {"line": pa.array(reading.lines, pa.int64()), "npi": reading.npi()}
    common |= {name: reading.days(name) for name in _DAYS}
    active = _is_active(common["deactivated_on"], common["reactivated_on"])
    persons, organisations = _kinds(reading, typed, active)
    off = ~active & null_mask(reading.text("entity_type")) & typed
    slots = read_slots(reading)
    common |= read_place(reading)
    common |= {"is_active": pa.array(active), "row_hash": reading.row_hash()}
    common |= {"primary_taxonomy": slots.primary("code")}
    keep = reading.keep
    return Chunk(
        tables={
            "hcps": _hcps(reading, common, slots, persons & keep),
            "taxonomies": taxonomy_rows(slots, common, (persons | organisations) & keep),
            "hcos": _hcos(reading, common, organisations & keep),
            "deactivations": build(schemas.DEACTIVATIONS, common, off & keep),
        },
        refused=reading.refused,
        blanked=reading.blanked,
        n_read=reading.n_read,
        absent=absent,
    )


def _is_active(deactivated: pa.Array, reactivated: pa.Array) -> Mask:
    back = pc.fill_null(pc.greater_equal(reactivated, deactivated), False)
    active: Mask = pc.or_(deactivated.is_null(), back).to_numpy(False)
    return active


def _kinds(reading: Reading, typed: bool, active: Mask) -> tuple[Mask, Mask]:
    """Which rows are people and which organisations; what is neither is refused."""
    nameless = null_mask(reading.text("last_name"))
    if not typed:
        organisations = nameless & ~null_mask(reading.text("org_name"))
        reading.refuse("last_name", nameless & ~organisations, "A person needs a last name.")
        return ~nameless, organisations
    kind = reading.text("entity_type")
    persons: Mask = pc.fill_null(pc.equal(kind, "1"), False).to_numpy(False)
    organisations = pc.fill_null(pc.equal(kind, "2"), False).to_numpy(False)
    # The registry blanks all but the dates of a deactivated number, its type included.
    off = null_mask(kind) & ~active
    reading.refuse(
        "entity_type",
        ~(persons | organisations | off),
        "Write 1 for a person or 2 for an organisation.",
    )
    reading.refuse("last_name", persons & nameless, "A person needs a last name.")
    reading.refuse(
        "org_name",
        organisations & null_mask(reading.text("org_name")),
        "An organisation needs its legal business name.",
    )
    return persons, organisations


def _one_of(reading: Reading, name: str, allowed: pa.Array) -> pa.Array:
    written = reading.text(name)
    upper = pc.utf8_upper(written)
    known = pc.is_in(upper, allowed)
    odd = pc.and_(written.is_valid(), pc.invert(known)).to_numpy(False)
    reading.blank(name, odd, "Write one of " + ", ".join(allowed.to_pylist()) + ".")
    return pc.if_else(known, upper, None)


def _hcps(reading: Reading, common: dict[str, pa.Array], slots: Slots, keep: Mask) -> pa.Table:
    names = {
        name: reading.text(name)
        for name in ("last_name", "first_name", "middle_name", "name_prefix", "name_suffix")
    }
    credential = reading.text("credential")
    specialty = pc.coalesce(common["primary_taxonomy"], slots.specialty_name)
    pairs = pc.binary_join_element_wise(
        specialty, credential, "\x1f", null_handling="replace", null_replacement=""
    )
    columns = {
        **common,
        **names,
        "credential": credential,
        "sex_code": _one_of(reading, "sex_code", _SEXES),
        "sole_proprietor": _one_of(reading, "sole_proprietor", _ANSWERS),
        "mailing_country": _mailing_country(reading),
        "primary_flagged": pa.array(slots.flagged),
        "specialty_name": slots.specialty_name,
        "licence_number": slots.primary("licence_number"),
        "licence_state": slots.primary("licence_state"),
        "n_taxonomies": pa.array(slots.n_filled),
        "profession": map_values(pairs, lambda pair: profession_of(*pair.split("\x1f"))),
        "name_key": key_of(names["last_name"], names["first_name"], names["middle_name"]),
    }
    return build(schemas.HCPS, columns, keep)


def _mailing_country(reading: Reading) -> pa.Array:
    written = reading.text("mailing_country")
    country = map_values(written, country_of)
    lost = ~null_mask(written) & null_mask(country)
    reading.blank("mailing_country", lost, COUNTRY_REMEDY)
    state = map_values(reading.text("mailing_state"), us_state)
    return pc.if_else(pc.and_(written.is_null(), state.is_valid()), "US", country)


def _hcos(reading: Reading, common: dict[str, pa.Array], keep: Mask) -> pa.Table:
    name, other = reading.text("org_name"), reading.text("other_name")
    subpart = map_values(
        reading.text("is_subpart"), {"Y": True, "N": False, "y": True, "n": False}.get, pa.bool_()
    )
    columns = {
        **common,
        "system": pa.array(np.full(len(keep), "npi"), pa.string()),
        "value": common["npi"],
        "name": name,
        "other_name": other,
        "is_subpart": subpart,
        "parent_name": reading.text("parent_name"),
        "value_restored": pa.array(np.zeros(len(keep), dtype=np.bool_)),
        "name_key": key_of(name, other),
    }
    return build(schemas.HCOS, columns, keep)
