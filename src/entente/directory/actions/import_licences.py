"""Load states of licences by NPI; a known state may get another last day, none is removed."""

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
from entente.directory.adapters.chunks import Refusal
from entente.directory.adapters.licences import read_licences

_SAME = "hcp_id, country, coalesce(region, ''), number, kind"
_FATES = f"""
CREATE TEMP TABLE stage_licence_fate ON COMMIT DROP AS
WITH known AS (
    SELECT s.*, h.id AS hcp_id FROM stage_licences s LEFT JOIN directory_hcp h ON h.npi = s.npi
), once AS (
    SELECT *, row_number() OVER (PARTITION BY npi, {_SAME}, from_on ORDER BY line DESC) AS nth
    FROM known
)
SELECT o.*, d.id AS licence_id,
       CASE WHEN o.hcp_id IS NULL THEN 'no_person' WHEN o.nth > 1 THEN 'twice'
            WHEN d.id IS NULL THEN 'new' WHEN d.row_hash = o.row_hash THEN 'unchanged'
            WHEN d.org_id = %s THEN 'changed' ELSE 'unchanged' END AS fate
FROM once o LEFT JOIN directory_licence d
    ON d.hcp_id = o.hcp_id AND d.country = o.country AND d.region = coalesce(o.region, '')
   AND d.number = o.number AND d.kind = o.kind AND d.from_on IS NOT DISTINCT FROM o.from_on
"""
# Every state as it would stand after the load, among which clashes are looked for.
_CLASHES = """
WITH after AS (
    SELECT d.id, d.hcp_id, d.country::text, d.region::text, d.number::text, d.kind::text,
           daterange(d.from_on, d.expires_on, '[]') AS days
    FROM directory_licence d
    WHERE d.hcp_id IN (SELECT hcp_id FROM stage_licence_fate)
      AND d.id NOT IN (SELECT licence_id FROM stage_licence_fate WHERE fate = 'changed')
    UNION ALL
    SELECT f.id, f.hcp_id, f.country, coalesce(f.region, ''), f.number, f.kind,
           daterange(f.from_on, f.expires_on, '[]')
    FROM stage_licence_fate f WHERE f.fate IN ('new', 'changed')
)
UPDATE stage_licence_fate f SET fate = 'clash' FROM after a
WHERE f.fate IN ('new', 'changed') AND a.id = f.id AND EXISTS (
    SELECT FROM after o WHERE o.id <> a.id AND o.hcp_id = a.hcp_id AND o.country = a.country
      AND o.region = a.region AND o.number = a.number AND o.kind = a.kind AND o.days && a.days)
"""
_REFUSALS = {
    "no_person": (
        "npi", "No person with this NPI is in the directory; load the registry first.",
    ),
    "twice": ("number", "This state stands more than once in the file; its last row was taken."),
    "clash": (
        "from_on",
        "The licence has another state on some of these days; give that one's last day too.",
    ),
}  # fmt: skip


def merge_licences(load: Load) -> None:
    """Add states, and give known ones their new last day or status."""
    cursor = load.cursor
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_licence_fate")
    cursor.execute(_FATES, [load.org_id])
    cursor.execute(_CLASHES)
    load.counts.add(fates(load, "stage_licence_fate"))
    cursor.execute(
        "SELECT line, fate, CASE fate WHEN 'no_person' THEN npi WHEN 'twice' THEN number"
        " ELSE coalesce(from_on::text, '') END"
        " FROM stage_licence_fate WHERE fate = ANY(%s) ORDER BY line",
        [list(_REFUSALS)],
    )
    load.refused.refuse(
        Refusal(line, _REFUSALS[fate][0], value, _REFUSALS[fate][1])
        for line, fate, value in cursor.fetchall()
    )
    if load.dry_run:
        return
    cursor.execute(
        "UPDATE directory_licence d SET expires_on = f.expires_on, status = f.status,"
        " verified_on = f.verified_on, row_hash = f.row_hash"
        " FROM stage_licence_fate f WHERE f.fate = 'changed' AND d.id = f.licence_id"
    )
    cursor.execute(
        """
        INSERT INTO directory_licence (id, org_id, hcp_id, country, region, number, kind, status,
                                       from_on, expires_on, source, verified_on, row_hash)
        SELECT id, %s, hcp_id, country, coalesce(region, ''), number, kind, status, from_on,
               expires_on, 'licences', verified_on, row_hash
        FROM stage_licence_fate WHERE fate = 'new'
        """,
        [load.org_id],
    )


_KIND = FileKind(
    "licences",
    "directory.import",
    {"licences": schemas.LICENCES},
    read_licences,
    merge_licences,
    {},
)


def import_licences(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load states of licences with their days, by NPI."""
    return run_load(
        _KIND, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )
