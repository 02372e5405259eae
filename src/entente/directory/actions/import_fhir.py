"""Load FHIR R4 resources: who a resource is about, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from entente.directory.actions.fhir_links import resolve_pointers, write_affiliations
from entente.directory.actions.fhir_subjects import (
    KNOWN_PEOPLE,
    TOLD_OF_PEOPLE,
    write_organisations,
    write_people,
)
from entente.directory.actions.field_values import remember_fields, settle_fields
from entente.directory.actions.import_hcos import zones
from entente.directory.actions.loading import FileKind, ImportCounts, Load, Progress, run_load
from entente.directory.actions.staging import with_columns, with_fields
from entente.directory.adapters.chunks import Refusal
from entente.directory.adapters.fhir import TABLES, Taken, read_fhir
from entente.directory.adapters.fhir_files import Entry
from entente.directory.adapters.fhir_out import hashes_of
from entente.directory.adapters.fhir_schemas import RESOURCES
from entente.directory.adapters.reading import map_values
from entente.directory.domain.professions import can_prescribe, covered_recipient_type

STAGED_FHIR = with_fields(
    RESOURCES,
    [("time_zone", pa.string()), ("can_prescribe", pa.bool_()), ("covered", pa.string())],
)
_TWICE = "This one stands more than once in the file; the last of them was taken."
_OTHER_NPI = "This identifier belongs to a person with another NPI here; check both numbers."
_OTHER_NAME = (
    "The person of this identifier goes by quite another name here; check the number, and load "
    "the name change from a registry first if it is one."
)


@dataclass(frozen=True)
class AlsoTaken:
    """A further type of resource, which a higher room keeps.

    Parameters
    ----------
    resource_type : str
    tables : mapping of str to pyarrow.Schema
        Staging tables of its rows.
    rows : callable
        From an entry of the file to rows, or to why it is not taken.
    merge : callable
        Brings the rows into the room's tables; people and organisations of the same file are
        there by then, in a dry run as rows of ``stage_fhir_fate``.
    """

    resource_type: str
    tables: Mapping[str, pa.Schema]
    rows: Callable[[Entry], Taken]
    merge: Callable[[Load], None]


def import_fhir(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
    also: AlsoTaken | None = None,
) -> ImportCounts:
    """Load people, organisations, roles and places from a FHIR R4 file.

    Writes people (unverified), organisations, their identifiers, affiliations, each resource as
    received, one ``SourceLoad`` and one ledger entry. What another registry says of a person or
    organisation stays; gaps are filled. A resource that says what is held already changes
    nothing. See ``loading.run_load`` for the other arguments.

    Parameters
    ----------
    also : AlsoTaken, optional
        A type that a higher room keeps.
    """

    def merge(load: Load) -> None:
        merge_fhir(load)
        if also is not None:
            also.merge(load)

    tables = also.tables if also else {}
    takers = {also.resource_type: also.rows} if also else {}
    kind = FileKind(
        "fhir",
        "directory.import",
        {**TABLES, "fhir": STAGED_FHIR, **tables},
        lambda file: read_fhir(file, also=takers, also_tables=tables),
        merge,
        {"fhir": lambda rows: _prepare(rows, at.date())},
    )
    return run_load(
        kind, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def _prepare(rows: pa.Table, on: date) -> pa.Table:
    profession = rows.column("profession").combine_chunks()
    return with_columns(
        rows,
        {
            "time_zone": zones(rows.column("country"), rows.column("us_state")),
            "can_prescribe": map_values(profession, can_prescribe, pa.bool_()),
            "covered": map_values(profession, lambda p: covered_recipient_type(p, on)),
        },
    )


# A kept resource that comes back under the id we gave it is the one it was.
_OWN_KEYS = """
UPDATE stage_fhir s SET key_system = k.key_system, key_value = k.key_value,
       logical_id = k.logical_id
FROM directory_fhirresource k
WHERE k.id = s.own_id::uuid AND k.resource_type = s.type
  AND s.type IN ('Location', 'OrganizationAffiliation')
"""
# The first hit counts: the official number, one of our own ids (a resource that was exported
# here), then its identifiers in the order of the resource, our own rows before others'.
_TARGETS = """
CREATE TEMP TABLE stage_fhir_target ON COMMIT DROP AS
SELECT DISTINCT ON (c.staged_id) c.staged_id, c.target, c.rank FROM (
    SELECT s.id AS staged_id, h.id AS target, 0 AS rank, 0 AS position, true AS mine
    FROM stage_fhir s JOIN directory_hcp h ON h.npi = s.npi WHERE s.type = 'Practitioner'
    UNION ALL
    SELECT s.id, h.id, 1, 0, true
    FROM stage_fhir s JOIN directory_hcp h ON h.id = s.own_id::uuid WHERE s.type = 'Practitioner'
    UNION ALL
    SELECT s.id, x.hcp_id, 2, i.position, x.org_id = %(org)s
    FROM stage_fhir s JOIN stage_fhir_identifiers i ON i.line = s.line
    JOIN directory_hcpidentifier x ON x.system = i.system AND x.value = i.value
    WHERE s.type = 'Practitioner'
    UNION ALL
    SELECT s.id, o.id, 1, 0, true
    FROM stage_fhir s JOIN directory_hco o ON o.id = s.own_id::uuid WHERE s.type = 'Organization'
    UNION ALL
    SELECT s.id, o.id, 2, i.position, true
    FROM stage_fhir s JOIN stage_fhir_identifiers i ON i.line = s.line
    JOIN directory_hco o ON o.system = i.system AND o.value = i.value
    WHERE s.type = 'Organization'
    UNION ALL
    SELECT s.id, x.hco_id, 3, i.position, x.org_id = %(org)s
    FROM stage_fhir s JOIN stage_fhir_identifiers i ON i.line = s.line
    JOIN directory_hcoidentifier x ON x.system = i.system AND x.value = i.value
    WHERE s.type = 'Organization'
    UNION ALL
    SELECT s.id, a.id, 1, 0, true
    FROM stage_fhir s JOIN directory_affiliation a ON a.id = s.own_id::uuid
    WHERE s.type = 'PractitionerRole'
    UNION ALL
    SELECT s.id, k.id, 1, 0, true
    FROM stage_fhir s JOIN directory_fhirresource k
        ON k.id = s.own_id::uuid AND k.resource_type = s.type
    WHERE s.type IN ('Location', 'OrganizationAffiliation')
) c ORDER BY c.staged_id, c.rank, c.position, c.mine DESC, c.target
"""
# Words of the names decide whether one number can be of one person: a marriage leaves one.
_FATE = """
CREATE TEMP TABLE stage_fhir_fate ON COMMIT DROP AS
SELECT s.id AS staged_id, s.line, s.type, t.target, coalesce(t.target, s.id) AS subject,
       k.id AS kept_id, k.affiliation_id AS kept_affiliation, k.hco_id AS kept_hco,
       coalesce(h.org_id, o.org_id, %(org)s) <> %(org)s AS is_foreign,
       CASE WHEN row_number() OVER (
                PARTITION BY s.type, coalesce(t.target::text, s.key_system || '|' || s.key_value)
                ORDER BY s.line DESC) > 1 THEN 'twice'
            WHEN t.rank <> 1 AND s.npi <> h.npi THEN 'other_npi'
            WHEN t.rank <> 1 AND NOT string_to_array(s.name_key, ' ')
                                     && string_to_array(h.name_key, ' ') THEN 'other_name'
            WHEN k.id IS NOT NULL AND k.row_hash = s.row_hash::uuid THEN 'unchanged'
            WHEN t.target IS NULL AND k.id IS NULL THEN 'new'
            ELSE 'changed' END AS fate
FROM stage_fhir s
LEFT JOIN stage_fhir_target t ON t.staged_id = s.id
LEFT JOIN directory_hcp h ON h.id = t.target AND s.type = 'Practitioner'
LEFT JOIN directory_hco o ON o.id = t.target AND s.type = 'Organization'
LEFT JOIN directory_fhirresource k ON k.org_id = %(org)s AND k.resource_type = s.type
    AND k.key_system = s.key_system AND k.key_value = s.key_value
    AND k.logical_id = s.logical_id
"""
_REMEDIES = {"twice": _TWICE, "other_npi": _OTHER_NPI, "other_name": _OTHER_NAME}


def merge_fhir(load: Load) -> None:
    """Find whom each resource is about, then write what is new or changed, in sets."""
    cursor, named = load.cursor, {"org": load.org_id}
    for table in ("target", "fate", "pointed"):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.stage_fhir_{table}")
    cursor.execute(_OWN_KEYS)
    cursor.execute(_TARGETS, named)
    cursor.execute(_FATE, named)
    cursor.execute("CREATE INDEX ON stage_fhir_fate (line)")
    cursor.execute("ANALYZE stage_fhir_fate")
    _refuse(load)
    resolve_pointers(load)
    _leave_what_is_held(load)
    cursor.execute(
        "SELECT CASE WHEN is_foreign AND fate <> 'unchanged' THEN 'foreign' ELSE fate END, count(*)"
        " FROM stage_fhir_fate GROUP BY 1"
    )
    found = dict(cursor.fetchall())
    load.counts.add(found)
    load.counts.add({"unchanged": found.get("foreign", 0)})
    load.counts.note("kept_by_another_organisation", found.get("foreign", 0))
    if not load.dry_run:
        remember_fields(load, KNOWN_PEOPLE)
        write_people(load)
        settle_fields(load, "fhir", TOLD_OF_PEOPLE)
        write_organisations(load)
        write_affiliations(load)
        _keep(load)


def _refuse(load: Load) -> None:
    for fate, remedy in _REMEDIES.items():
        load.cursor.execute(
            "DELETE FROM stage_fhir_fate f USING stage_fhir s WHERE f.fate = %s"
            " AND s.id = f.staged_id RETURNING s.line, s.type, s.key_value",
            [fate],
        )
        load.refused.refuse(
            Refusal(line, f"{kind}.identifier", value, remedy)
            for line, kind, value in sorted(load.cursor.fetchall())
        )


def _leave_what_is_held(load: Load) -> None:
    """Know a resource that says exactly what would be given out as unchanged."""
    load.cursor.execute(
        "SELECT f.staged_id, f.type, f.target, s.row_hash::text FROM stage_fhir_fate f"
        " JOIN stage_fhir s ON s.id = f.staged_id"
        " WHERE f.fate = 'changed' AND f.target IS NOT NULL"
    )
    rows = load.cursor.fetchall()
    by_type: dict[str, list[tuple[Any, Any, str]]] = {}
    for staged_id, kind, target, said in rows:
        by_type.setdefault(kind, []).append((staged_id, target, said))
    same: list[Any] = []
    for kind, asked in by_type.items():
        held = hashes_of(kind, [target for _, target, _ in asked])
        same += [staged for staged, target, said in asked if held.get(target) == said]
    load.cursor.execute(
        "UPDATE stage_fhir_fate SET fate = 'unchanged', subject = target"
        " WHERE staged_id = ANY(%s::uuid[])",
        [same],
    )
    # Most rows of a file that was loaded before end here; without this the plans expect them all.
    load.cursor.execute("ANALYZE stage_fhir_fate")


def _keep(load: Load) -> None:
    """Keep each new or changed resource as received, linked to whom it is about."""
    load.cursor.execute(
        """
        INSERT INTO directory_fhirresource (id, org_id, resource_type, logical_id, full_url, source,
            key_system, key_value, hcp_id, hco_id, affiliation_id, body, row_hash, received_at,
            source_load_id)
        SELECT coalesce(f.kept_id, s.id), %s, s.type, s.logical_id, s.full_url, s.source,
               s.key_system, s.key_value,
               CASE WHEN s.type = 'Practitioner' THEN f.subject ELSE p.hcp_id END,
               CASE WHEN s.type = 'Organization' THEN f.subject ELSE p.hco_id END,
               a.id, s.body, s.row_hash, %s, %s
        FROM stage_fhir s JOIN stage_fhir_fate f ON f.staged_id = s.id
        LEFT JOIN stage_fhir_pointed p ON p.line = s.line
        LEFT JOIN directory_affiliation a ON s.type = 'PractitionerRole' AND a.source = 'fhir'
            AND a.hcp_id = p.hcp_id AND a.hco_id = p.hco_id AND a.role = coalesce(s.role, '')
        WHERE f.fate IN ('new', 'changed')
        ON CONFLICT (org_id, resource_type, key_system, key_value, logical_id) DO UPDATE SET
            full_url = excluded.full_url, source = excluded.source, hcp_id = excluded.hcp_id,
            hco_id = excluded.hco_id, affiliation_id = excluded.affiliation_id,
            body = excluded.body, row_hash = excluded.row_hash,
            received_at = excluded.received_at, source_load_id = excluded.source_load_id
        """,
        [load.org_id, load.at, load.id],
    )
