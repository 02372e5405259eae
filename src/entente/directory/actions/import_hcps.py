"""Merge people that were staged from NPPES, their specialties and their deactivations."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from entente.directory.actions.field_values import remember_fields, settle_fields
from entente.directory.actions.import_hcos import zones
from entente.directory.actions.loading import Load, fates
from entente.directory.actions.staging import with_columns, with_fields
from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import Refusal
from entente.directory.adapters.reading import map_values
from entente.directory.domain.professions import can_prescribe, covered_recipient_type
from entente.directory.domain.sources import PROVEN

STAGED_HCPS = with_fields(
    schemas.HCPS,
    [("time_zone", pa.string()), ("can_prescribe", pa.bool_()), ("covered", pa.string())],
)
_TWICE = "This NPI stands more than once in the file; its newest row was taken."
_SPECIALTY = "coalesce(t.display_name, initcap(s.specialty_name), '')"
# Column of the table, what the staged row says, and the column of the file that feeds it.
_FIELDS = (
    ("family_name", "s.last_name", "last_name"),
    ("given_name", "coalesce(s.first_name, '')", "first_name"),
    ("middle_name", "coalesce(s.middle_name, '')", "middle_name"),
    ("prefix", "coalesce(s.name_prefix, '')", "name_prefix"),
    ("suffix", "coalesce(s.name_suffix, '')", "name_suffix"),
    ("credential", "coalesce(s.credential, '')", "credential"),
    ("profession", "s.profession", "primary_taxonomy"),
    ("can_prescribe", "s.can_prescribe", "primary_taxonomy"),
    ("covered_recipient_type", "s.covered", "primary_taxonomy"),
    ("specialty", _SPECIALTY, "primary_taxonomy"),
    ("taxonomy_code", "coalesce(s.primary_taxonomy, '')", "primary_taxonomy"),
    ("licence_number", "coalesce(s.licence_number, '')", "licence_number"),
    ("licence_state", "coalesce(s.licence_state, '')", "licence_state"),
    ("licence_states", "coalesce(l.states, '{}')", "licence_state"),
    ("address_line", "coalesce(s.address_line1, '')", "address_line1"),
    ("address_line2", "coalesce(s.address_line2, '')", "address_line2"),
    ("city", "coalesce(s.city, '')", "city"),
    ("us_state", "coalesce(s.state, '')", "state"),
    ("postal_code", "coalesce(s.zip, '')", "zip"),
    ("country", "coalesce(s.country, '')", "country"),
    ("phone", "coalesce(s.phone, '')", "phone"),
    ("time_zone", "coalesce(s.time_zone, '')", "state"),
    ("enumerated_on", "s.enumerated_on", "enumerated_on"),
    ("deactivated_on", "s.deactivated_on", "deactivated_on"),
    ("reactivated_on", "s.reactivated_on", "reactivated_on"),
    ("name_key", "s.name_key", "last_name"),
)
_LISTS = frozenset({"licence_states"})
_NULLABLE = frozenset({"can_prescribe", "enumerated_on", "deactivated_on", "reactivated_on"})
_SOURCE = """
    FROM stage_hcps s
    JOIN stage_hcps_fate f ON f.staged_id = s.id
    LEFT JOIN directory_taxonomy t ON t.code = s.primary_taxonomy
    LEFT JOIN (SELECT npi, array_agg(DISTINCT licence_state ORDER BY licence_state) AS states
               FROM stage_taxonomies WHERE licence_state IS NOT NULL GROUP BY npi) l
        ON l.npi = s.npi
"""


def search_of(row: str) -> str:
    """Give the SQL of a person's search text, from a row with the table's columns."""
    return (
        f"lower(concat_ws(' ', '', {row}.name_key, {row}.npi,"
        f" regexp_replace(concat_ws(' ', {row}.city, {row}.us_state, {row}.country,"
        f" {row}.specialty), '[^[:alnum:]]+', ' ', 'g')))"
    )


def prepare_hcps(rows: pa.Table, on: date) -> pa.Table:
    """Add what is computed to rows of people: time zone, and what law makes of a profession."""
    profession = rows.column("profession").combine_chunks()
    return with_columns(
        rows,
        {
            "time_zone": zones(rows.column("country"), rows.column("state")),
            "can_prescribe": map_values(profession, can_prescribe, pa.bool_()),
            "covered": map_values(profession, lambda p: covered_recipient_type(p, on)),
        },
    )


# A row read before is known by its hash. Files without a day of change are compared with the
# last row only, so that a value which comes back is taken again.
_FATE = """
CREATE TEMP TABLE stage_hcps_fate ON COMMIT DROP AS
SELECT DISTINCT ON (s.npi) s.line, s.npi, s.id AS staged_id, coalesce(h.id, s.id) AS hcp_id,
       CASE WHEN h.id IS NULL THEN 'new'
            WHEN s.row_hash = h.row_hashes[cardinality(h.row_hashes)] THEN 'unchanged'
            WHEN s.updated_on IS NOT NULL AND s.row_hash = ANY (h.row_hashes) THEN 'unchanged'
            WHEN h.org_id <> %s THEN 'foreign' ELSE 'changed' END AS fate,
       coalesce(s.updated_on >= h.registry_updated_on, true) AS newer
FROM stage_hcps s LEFT JOIN directory_hcp h ON h.npi = s.npi
ORDER BY s.npi, s.updated_on DESC NULLS LAST, s.line DESC
"""


def merge_hcps(load: Load, source: str) -> None:
    """Insert new people and change those whose row changed; an older row fills gaps only."""
    cursor = load.cursor
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_hcps_fate")
    cursor.execute(_FATE, [load.org_id])
    cursor.execute("ANALYZE stage_hcps_fate")
    found = fates(load, "stage_hcps_fate")
    load.counts.add(found)
    load.counts.add({"unchanged": found.get("foreign", 0)})
    load.counts.note("kept_by_another_organisation", found.get("foreign", 0))
    cursor.execute(
        "SELECT s.line, s.npi FROM stage_hcps s WHERE NOT EXISTS"
        " (SELECT FROM stage_hcps_fate f WHERE f.staged_id = s.id) ORDER BY s.line"
    )
    load.refused.refuse(Refusal(line, "NPI", npi, _TWICE) for line, npi in cursor.fetchall())
    if not load.dry_run:
        remember_fields(load, _ALSO_KNOWN.format(source=source))
        _insert(load, source)
        _update(load, source)
        _replace_specialties(load)
        settle_fields(load, source, _told(load))


# Those of whom this registry alone is known need no decision field by field.
_ALSO_KNOWN = """
SELECT f.hcp_id FROM stage_hcps_fate f JOIN directory_hcp h ON h.id = f.hcp_id
WHERE f.fate = 'changed' AND (h.source <> '{source}' OR EXISTS (
    SELECT FROM directory_fieldvalue v WHERE v.hcp_id = h.id AND v.valid_to IS NULL))
"""


def _told(load: Load) -> str:
    """Give the query of what the staged rows tell of each field."""
    told = {column: value for column, value, feed in _FIELDS if feed not in load.absent}
    fields = ", ".join(f"{told.get(name, 'NULL::text')} AS {name}" for name in PROVEN)
    return f"SELECT f.hcp_id, s.updated_on AS told_on, {fields} {_SOURCE} WHERE f.fate = 'changed'"


def _insert(load: Load, source: str) -> None:
    values = ", ".join(f"{value} AS {column}" for column, value, _ in _FIELDS)
    load.cursor.execute(
        f"""
        INSERT INTO directory_hcp (id, org_id, npi,
            {", ".join(column for column, _, _ in _FIELDS)}, identity_status, licence_active,
            bona_fide_employee, registry_updated_on, source, source_load_id, row_hashes,
            search_text)
        SELECT r.id, %s, r.npi, {", ".join("r." + column for column, _, _ in _FIELDS)},
               CASE WHEN r.is_active THEN 'verified' ELSE 'inactive' END, r.is_active,
               false, r.updated_on, %s, %s, ARRAY[r.row_hash], {search_of("r")}
        FROM (SELECT s.id, s.npi, s.is_active, s.updated_on, s.row_hash, {values}
              {_SOURCE} WHERE f.fate = 'new') r
        """,  # noqa: S608
        [load.org_id, source, load.id],
    )


def _set(column: str, value: str) -> str:
    if column in _LISTS:
        held = f"cardinality(h.{column}) > 0"
    elif column in _NULLABLE:
        held = f"h.{column} IS NOT NULL"
    else:
        held = f"h.{column} <> ''"
    # A file whose taxonomy column holds names says nothing about the code that another gave.
    if column == "taxonomy_code":
        value = f"coalesce(s.primary_taxonomy, h.{column})"
    return f"{column} = CASE WHEN NOT f.newer AND {held} THEN h.{column} ELSE {value} END"


def _update(load: Load, source: str) -> None:
    fed = [(column, value) for column, value, feed in _FIELDS if feed not in load.absent]
    sets = ",\n".join(_set(column, value) for column, value in fed)
    # Without a column of deactivations a file says nothing about them.
    tells = "false" if "deactivated_on" in load.absent else "f.newer"
    load.cursor.execute(
        f"""
        UPDATE directory_hcp h SET {sets},
            identity_status = CASE
                WHEN h.identity_status IN ('merged', 'deceased') THEN h.identity_status
                WHEN h.identity_status IN ('candidate', 'unverified') OR {tells}
                    THEN CASE WHEN s.is_active THEN 'verified' ELSE 'inactive' END
                ELSE h.identity_status END,
            licence_active = CASE WHEN h.licence_active IS NULL OR {tells} THEN s.is_active
                             ELSE h.licence_active END,
            registry_updated_on = greatest(h.registry_updated_on, s.updated_on),
            source = CASE WHEN f.newer THEN %s ELSE h.source END, source_load_id = %s,
            row_hashes = (array_append(array_remove(h.row_hashes, s.row_hash), s.row_hash))
                         [greatest(1, cardinality(h.row_hashes) - 6):]
        {_SOURCE}
        WHERE h.id = f.hcp_id AND f.fate = 'changed'
        """,  # noqa: S608
        [source, load.id],
    )
    load.cursor.execute(
        f"""
        UPDATE directory_hcp h SET search_text = {search_of("h")}
        FROM stage_hcps_fate f WHERE f.hcp_id = h.id AND f.fate = 'changed'
        """  # noqa: S608
    )


def _replace_specialties(load: Load) -> None:
    """Put the specialties of new and changed people in the place of the former ones."""
    load.cursor.execute(
        """
        DELETE FROM directory_hcpspecialty d USING stage_hcps_fate f
        WHERE d.hcp_id = f.hcp_id AND f.fate = 'changed' AND f.newer
          AND EXISTS (SELECT FROM stage_taxonomies x WHERE x.npi = f.npi)
        """
    )
    load.cursor.execute(
        """
        INSERT INTO directory_hcpspecialty (id, org_id, hcp_id, slot, taxonomy_code, is_primary,
                                            licence_number, licence_state)
        SELECT x.id, %s, f.hcp_id, x.slot, x.taxonomy_code, x.is_primary,
               coalesce(x.licence_number, ''), coalesce(x.licence_state, '')
        FROM stage_taxonomies x
        JOIN stage_hcps_fate f ON f.npi = x.npi AND f.line = x.line
        WHERE f.fate IN ('new', 'changed')
        ON CONFLICT (hcp_id, slot) DO NOTHING
        """,
        [load.org_id],
    )


_GONE = """
CREATE TEMP TABLE stage_gone_fate ON COMMIT DROP AS
SELECT DISTINCT ON (d.npi) d.npi, d.deactivated_on, h.id AS hcp_id, o.id AS hco_id,
       CASE WHEN h.id IS NULL AND o.id IS NULL THEN 'unknown'
            WHEN h.deactivated_on = d.deactivated_on AND h.licence_active IS FALSE THEN 'unchanged'
            WHEN h.id IS NULL AND NOT o.is_active THEN 'unchanged'
            ELSE 'changed' END AS fate
FROM stage_deactivations d
LEFT JOIN directory_hcp h ON h.npi = d.npi AND h.org_id = %s
LEFT JOIN directory_hco o ON o.system = 'npi' AND o.value = d.npi AND o.org_id = %s
ORDER BY d.npi, d.deactivated_on DESC
"""


def merge_deactivations(load: Load) -> None:
    """Mark as inactive whom the file only says to be off; unknown numbers are counted."""
    cursor = load.cursor
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_gone_fate")
    cursor.execute(_GONE, [load.org_id, load.org_id])
    found = fates(load, "stage_gone_fate")
    load.counts.add(found)
    load.counts.add({"unchanged": found.get("unknown", 0)})
    load.counts.note("deactivated_and_not_known_here", found.get("unknown", 0))
    if load.dry_run:
        return
    cursor.execute(
        """
        UPDATE directory_hcp h SET deactivated_on = g.deactivated_on, licence_active = false,
               source_load_id = %s, identity_status = CASE
                   WHEN h.identity_status IN ('merged', 'deceased') THEN h.identity_status
                   ELSE 'inactive' END
        FROM stage_gone_fate g WHERE g.hcp_id = h.id AND g.fate = 'changed'
        """,
        [load.id],
    )
    cursor.execute(
        """
        UPDATE directory_hco o SET is_active = false, source_load_id = %s
        FROM stage_gone_fate g WHERE g.hco_id = o.id AND g.fate = 'changed'
        """,
        [load.id],
    )
