"""Merge clinicians and whom they work with: people not known yet, then affiliations."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from entente.directory.actions.field_values import remember_fields, settle_fields
from entente.directory.actions.import_hcos import zones
from entente.directory.actions.import_hcps import search_of
from entente.directory.actions.loading import Load
from entente.directory.actions.staging import with_columns, with_fields
from entente.directory.adapters import schemas
from entente.directory.adapters.reading import key_of, map_values
from entente.directory.domain.professions import (
    can_prescribe,
    covered_recipient_type,
    profession_of,
)
from entente.directory.domain.sources import PROVEN

STAGED_CLINICIANS = with_fields(
    schemas.CLINICIANS,
    [
        ("time_zone", pa.string()),
        ("profession", pa.string()),
        ("can_prescribe", pa.bool_()),
        ("covered", pa.string()),
        ("name_key", pa.string()),
    ],
)


def prepare_clinicians(rows: pa.Table, on: date) -> pa.Table:
    """Add what is computed to rows of clinicians."""
    column = {name: rows.column(name).combine_chunks() for name in rows.schema.names}
    pairs = pc.binary_join_element_wise(
        column["specialty_name"],
        column["credential"],
        "\x1f",
        null_handling="replace",
        null_replacement="",
    )
    profession = map_values(pairs, lambda pair: profession_of(*pair.split("\x1f")))
    return with_columns(
        rows,
        {
            "time_zone": zones(rows.column("country"), rows.column("state")),
            "profession": profession,
            "can_prescribe": map_values(profession, can_prescribe, pa.bool_()),
            "covered": map_values(profession, lambda p: covered_recipient_type(p, on)),
            "name_key": key_of(column["last_name"], column["first_name"], column["middle_name"]),
        },
    )


# Medicare's list says who practises where. Whoever is not known comes in unverified; of whoever
# is, each field goes to the source that is believed most. Its specialties have words of their
# own and are not compared. Of several rows of a person the first counts.
_KNOWN = """
SELECT DISTINCT h.id AS hcp_id FROM stage_clinicians s JOIN directory_hcp h ON h.npi = s.npi
WHERE s.last_name IS NOT NULL
"""
_TOLD_FIELDS = {
    "family_name": "last_name", "given_name": "first_name", "middle_name": "middle_name",
    "suffix": "name_suffix", "credential": "credential", "address_line": "address_line1",
    "address_line2": "address_line2", "city": "city", "us_state": "state", "postal_code": "zip",
    "country": "country", "phone": "phone",
}  # fmt: skip
_TELLS = ", ".join(
    f"coalesce(s.{_TOLD_FIELDS[name]}, '') AS {name}"
    if name in _TOLD_FIELDS
    else f"NULL::text AS {name}"
    for name in PROVEN
)
_TOLD = f"""
SELECT DISTINCT ON (h.id) h.id AS hcp_id, NULL::date AS told_on, {_TELLS}
FROM stage_clinicians s JOIN directory_hcp h ON h.npi = s.npi
WHERE s.last_name IS NOT NULL ORDER BY h.id, s.line
"""  # noqa: S608 - the columns are named above
_PEOPLE = """
CREATE TEMP TABLE stage_people_new ON COMMIT DROP AS
SELECT DISTINCT ON (s.npi) s.* FROM stage_clinicians s
WHERE s.last_name IS NOT NULL AND NOT EXISTS (SELECT FROM directory_hcp h WHERE h.npi = s.npi)
ORDER BY s.npi, s.line
"""
_AFFILIATIONS = """
CREATE TEMP TABLE stage_affiliation_fate ON COMMIT DROP AS
SELECT DISTINCT ON (s.npi, s.hospital_ccn) s.id, s.line, coalesce(h.id, p.id) AS hcp_id,
       o.id AS hco_id, CASE WHEN h.id IS NULL AND p.id IS NULL THEN 'no_person'
            WHEN o.id IS NULL THEN 'no_hospital'
            WHEN a.id IS NULL THEN 'new' ELSE 'unchanged' END AS fate,
       sum(s.n_mentions) OVER (PARTITION BY s.npi, s.hospital_ccn) AS n_mentions
FROM stage_affiliations s
LEFT JOIN directory_hcp h ON h.npi = s.npi
LEFT JOIN stage_people_new p ON p.npi = s.npi
LEFT JOIN directory_hco o ON o.system = 'ccn' AND o.value = s.hospital_ccn
LEFT JOIN directory_affiliation a
    ON a.hcp_id = h.id AND a.hco_id = o.id AND a.source = 'clinicians' AND a.role = ''
ORDER BY s.npi, s.hospital_ccn, s.line
"""


def merge_clinicians(load: Load) -> None:
    """Add people not known yet, link people and hospitals, count the pairs that cannot be."""
    cursor = load.cursor
    for table in ("stage_people_new", "stage_affiliation_fate"):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(_PEOPLE)
    cursor.execute("SELECT count(*) FROM stage_people_new")
    load.counts.note("people_added", cursor.fetchone()[0])
    cursor.execute(_AFFILIATIONS)
    cursor.execute(
        "SELECT fate, count(*), sum(n_mentions) FROM stage_affiliation_fate GROUP BY fate"
    )
    found = cursor.fetchall()
    mentions = {fate: int(n) for fate, _, n in found}
    load.counts.add({fate: n for fate, n, _ in found})
    load.counts.note("affiliations_named", sum(mentions.values()))
    load.counts.note("affiliations_person_not_known", mentions.get("no_person", 0))
    load.counts.note("affiliations_hospital_not_known", mentions.get("no_hospital", 0))
    if not load.dry_run:
        remember_fields(load, _KNOWN)
        _write(load)
        settle_fields(load, "clinicians", _TOLD, merge_writes=False)


def _write(load: Load) -> None:
    load.cursor.execute(
        f"""
        INSERT INTO directory_hcp (id, org_id, npi, family_name, given_name, middle_name, prefix,
            suffix, credential, profession, specialty, taxonomy_code, licence_number, licence_state,
            licence_states, address_line, address_line2, city, us_state, postal_code, country,
            phone, time_zone, identity_status, can_prescribe, covered_recipient_type,
            bona_fide_employee, source, source_load_id, row_hashes, name_key, search_text)
        SELECT r.*, {search_of("r")} FROM (
            SELECT s.id, %s::uuid, s.npi, s.last_name, coalesce(s.first_name, ''),
                coalesce(s.middle_name, ''), '', coalesce(s.name_suffix, ''),
                coalesce(s.credential, ''), s.profession,
                initcap(coalesce(s.specialty_name, '')) AS specialty, '', '', '', '{{}}'::text[],
                coalesce(s.address_line1, ''), coalesce(s.address_line2, ''),
                coalesce(s.city, '') AS city, coalesce(s.state, '') AS us_state,
                coalesce(s.zip, ''), coalesce(s.country, '') AS country, coalesce(s.phone, ''),
                coalesce(s.time_zone, ''), 'unverified', s.can_prescribe, s.covered, false,
                'clinicians', %s::uuid, ARRAY[]::uuid[], s.name_key
            FROM stage_people_new s) r
        """,  # noqa: S608
        [load.org_id, load.id],
    )
    load.cursor.execute(
        """
        INSERT INTO directory_affiliation (id, org_id, hcp_id, hco_id, source, role, source_load_id)
        SELECT id, %s, hcp_id, hco_id, 'clinicians', '', %s
        FROM stage_affiliation_fate WHERE fate = 'new'
        ON CONFLICT (hcp_id, hco_id, source, role) DO NOTHING
        """,
        [load.org_id, load.id],
    )
