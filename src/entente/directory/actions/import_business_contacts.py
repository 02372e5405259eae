"""Load business contacts of the present organisation; a changed address ends the one before."""

# ruff: noqa: S608 - the SQL is written here; whatever a file says is data

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from entente.directory.actions.loading import (
    FileKind,
    ImportCounts,
    Load,
    Progress,
    fates,
    run_load,
)
from entente.directory.adapters import schemas
from entente.directory.adapters.business_contacts import read_business_contacts
from entente.directory.adapters.chunks import Refusal

_TWICE = "This key stands more than once in the file; its last row was taken."
_FATES = """
CREATE TEMP TABLE stage_business_fate ON COMMIT DROP AS
SELECT DISTINCT ON (s.key) s.*, c.id AS known_id, coalesce(c.id, s.id) AS contact_id,
       (SELECT f.id FROM (
            SELECT h.id, 0 AS rank FROM directory_hco h
            WHERE h.system = s.employer_system AND h.value = s.employer_value
            UNION ALL
            SELECT i.hco_id, 1 FROM directory_hcoidentifier i
            WHERE i.system = s.employer_system AND i.value = s.employer_value
        ) f ORDER BY f.rank, f.id LIMIT 1) AS hco_id,
       CASE WHEN c.id IS NULL THEN 'new' WHEN c.row_hash = s.row_hash THEN 'unchanged'
            ELSE 'changed' END AS fate
FROM stage_business_contacts s
LEFT JOIN directory_contact c ON c.org_id = %s AND c.source_key = s.key
ORDER BY s.key, s.line DESC
"""
_WRITE = """
INSERT INTO directory_contact
    (id, org_id, family_name, given_name, kind, role, authority, employer_hco_id, employer_name,
     country, source, source_key, row_hash, name_key, search_text)
SELECT contact_id, %s, family_name, coalesce(given_name, ''), kind, coalesce(left(role, 200), ''),
       coalesce(authority, 'unknown'), hco_id, coalesce(left(employer, 300), ''), country,
       'business-contacts', key, row_hash, name_key,
       lower(concat_ws(' ', '', name_key, employer_key, role, country))
FROM stage_business_fate WHERE fate <> 'unchanged'
ON CONFLICT (org_id, source_key) DO UPDATE SET
    family_name = excluded.family_name, given_name = excluded.given_name, kind = excluded.kind,
    role = excluded.role, authority = excluded.authority, country = excluded.country,
    employer_hco_id = excluded.employer_hco_id, employer_organisation_id = NULL,
    employer_name = excluded.employer_name, row_hash = excluded.row_hash,
    name_key = excluded.name_key, search_text = excluded.search_text
"""
_SAID = """
    (SELECT contact_id, 'email' AS channel, email AS value FROM stage_business_fate
     WHERE fate <> 'unchanged' AND email IS NOT NULL
     UNION ALL
     SELECT contact_id, 'phone', left(phone, 300) FROM stage_business_fate
     WHERE fate <> 'unchanged' AND phone IS NOT NULL) s
"""


def merge_business_contacts(load: Load) -> None:
    """Add and change contacts by their keys, and their addresses from the day of the load."""
    cursor, on = load.cursor, load.at.date()
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_business_fate")
    cursor.execute(_FATES, [load.org_id])
    load.counts.add(fates(load, "stage_business_fate"))
    cursor.execute(
        "SELECT s.line, s.key FROM stage_business_contacts s WHERE NOT EXISTS"
        " (SELECT FROM stage_business_fate f WHERE f.id = s.id) ORDER BY s.line"
    )
    load.refused.refuse(Refusal(line, "key", key, _TWICE) for line, key in cursor.fetchall())
    cursor.execute(
        "SELECT count(*) FROM stage_business_fate WHERE employer_value IS NOT NULL"
        " AND hco_id IS NULL"
    )
    load.counts.note("employers_not_in_the_directory", cursor.fetchone()[0])
    if load.dry_run:
        return
    cursor.execute(_WRITE, [load.org_id])
    cursor.execute(
        f"UPDATE directory_contactaddress a SET to_on = greatest(%s, a.from_on) FROM {_SAID}"
        " WHERE a.contact_id = s.contact_id AND a.channel = s.channel AND a.to_on IS NULL"
        " AND a.value <> s.value",
        [on],
    )
    cursor.execute(
        "INSERT INTO directory_contactaddress (id, org_id, contact_id, channel, value, from_on)"
        f" SELECT gen_random_uuid(), %s, s.contact_id, s.channel, s.value, %s FROM {_SAID}"
        " WHERE NOT EXISTS (SELECT FROM directory_contactaddress a WHERE a.channel = s.channel"
        " AND a.contact_id = s.contact_id AND a.to_on IS NULL)",
        [load.org_id, on],
    )


_KIND = FileKind(
    "business-contacts",
    "contact.write",
    {"business_contacts": schemas.BUSINESS_CONTACTS},
    read_business_contacts,
    merge_business_contacts,
    {},
)


def import_business_contacts(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load buyers, executives, payer and partner staff, by the sender's own numbers."""
    return run_load(
        _KIND, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )
