"""Load who belongs to whom: new links come in, open ones end; nothing else is rewritten."""

# ruff: noqa: S608 - the SQL is written here; whatever a file says is data

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from entente.directory.actions.hierarchy import HIERARCHY
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
from entente.directory.adapters.hierarchy import read_hierarchy
from entente.foundation.locks import lock

_FOUND = """
    (SELECT f.id FROM (
        SELECT h.id, 0 AS rank FROM directory_hco h
        WHERE h.system = s.{side}_system AND h.value = s.{side}_value
        UNION ALL
        SELECT i.hco_id, 1 FROM directory_hcoidentifier i
        WHERE i.system = s.{side}_system AND i.value = s.{side}_value
     ) f ORDER BY f.rank, f.id LIMIT 1)
"""
_MATCHED = f"""
CREATE TEMP TABLE stage_link_fate ON COMMIT DROP AS
WITH found AS (
    SELECT s.*, {_FOUND.format(side="child")} AS child_id,
           {_FOUND.format(side="parent")} AS parent_id
    FROM stage_hierarchy s
), once AS (
    SELECT *, row_number() OVER (
        PARTITION BY child_id, parent_id, kind, from_on ORDER BY line DESC) AS nth
    FROM found
)
SELECT o.*, l.id AS link_id, l.to_on AS known_to_on,
       CASE WHEN o.child_id IS NULL THEN 'no_child' WHEN o.parent_id IS NULL THEN 'no_parent'
            WHEN o.child_id = o.parent_id THEN 'itself' WHEN o.nth > 1 THEN 'twice'
            WHEN l.id IS NULL THEN 'new' WHEN l.to_on IS NOT DISTINCT FROM o.to_on THEN 'unchanged'
            WHEN o.to_on IS NULL THEN 'unchanged'
            WHEN l.to_on IS NULL AND l.org_id = %s THEN 'changed' ELSE 'other_end' END AS fate
FROM once o LEFT JOIN directory_hcolink l
    ON l.child_id = o.child_id AND l.parent_id = o.parent_id AND l.kind = o.kind
   AND l.from_on = o.from_on AND (l.to_on IS NULL OR l.to_on > l.from_on)
"""
# Every link as it would stand after the load: those known, ended where the file ends them, and
# the new ones, among which clashes and circles are looked for.
_AFTER = """
CREATE TEMP TABLE stage_link_after ON COMMIT DROP AS
SELECT l.id, l.child_id, l.parent_id, l.kind::text AS kind, NULL::bigint AS line,
       daterange(l.from_on, coalesce(l.to_on, f.to_on), '[)') AS days
FROM directory_hcolink l LEFT JOIN stage_link_fate f ON f.link_id = l.id AND f.fate = 'changed'
UNION ALL
SELECT f.id, f.child_id, f.parent_id, f.kind, f.line, daterange(f.from_on, f.to_on, '[)')
FROM stage_link_fate f WHERE f.fate = 'new'
"""
_CLASHES = """
UPDATE stage_link_fate f SET fate = 'clash' FROM stage_link_after a
WHERE f.fate = 'new' AND a.id = f.id AND EXISTS (
    SELECT FROM stage_link_after o
    WHERE o.id <> a.id AND o.child_id = a.child_id AND o.kind = a.kind AND o.days && a.days
      AND (o.kind = 'owned_by' OR o.parent_id = a.parent_id))
"""
_CIRCLES = """
WITH RECURSIVE above(start, hco_id, days) AS (
    SELECT a.id, a.parent_id, a.days FROM stage_link_after a
    JOIN stage_link_fate f ON f.id = a.id AND f.fate = 'new'
    UNION
    SELECT w.start, a.parent_id, w.days * a.days
    FROM above w JOIN stage_link_after a ON a.child_id = w.hco_id AND a.days && w.days
    JOIN stage_link_fate s ON s.id = w.start AND s.child_id <> w.hco_id
    LEFT JOIN stage_link_fate f ON f.id = a.id
    WHERE f.id IS NULL OR f.fate = 'new'
)
UPDATE stage_link_fate f SET fate = 'circle'
FROM above w WHERE f.id = w.start AND f.fate = 'new' AND w.hco_id = f.child_id
"""
_UNKNOWN = "This organisation is not in the directory; load its registry first."
_REFUSALS = {
    "no_child": ("child_value", _UNKNOWN),
    "no_parent": ("parent_value", _UNKNOWN),
    "itself": ("parent_value", "An organisation cannot belong to itself; correct the parent."),
    "twice": ("child_value", "This link stands twice in the file; its last row was taken."),
    "other_end": ("to_on", "This link has ended on another day already; that is not rewritten."),
    "clash": (
        "from_on",
        "On some of these days another owner, or this same link, is recorded; give the former"
        " link's to_on in the file too.",
    ),
    "circle": ("parent_value", "This would put an organisation above itself; correct the parent."),
}  # fmt: skip


def merge_hierarchy(load: Load) -> None:
    """Add links and end open ones; what clashes or closes a circle is refused, row by row."""
    lock(HIERARCHY)
    cursor = load.cursor
    for table in ("stage_link_fate", "stage_link_after"):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(_MATCHED, [load.org_id])
    cursor.execute(_AFTER)
    cursor.execute("CREATE INDEX ON stage_link_after (child_id)")
    cursor.execute("CREATE INDEX ON stage_link_fate (id)")
    cursor.execute(_CLASHES)
    cursor.execute(_CIRCLES)
    load.counts.add(fates(load, "stage_link_fate"))
    cursor.execute(
        "SELECT line, fate, child_value, parent_value, from_on::text, to_on::text"
        " FROM stage_link_fate WHERE fate = ANY(%s) ORDER BY line",
        [list(_REFUSALS)],
    )
    names = ("child_value", "parent_value", "from_on", "to_on")
    load.refused.refuse(
        _refusal(line, fate, dict(zip(names, values, strict=True)))
        for line, fate, *values in cursor.fetchall()
    )
    if not load.dry_run:
        _write(load)


def _refusal(line: int, fate: str, values: dict[str, str | None]) -> Refusal:
    field, remedy = _REFUSALS[fate]
    return Refusal(line, field, values[field] or "", remedy)


def _write(load: Load) -> None:
    load.cursor.execute(
        "UPDATE directory_hcolink l SET to_on = f.to_on FROM stage_link_fate f"
        " WHERE f.fate = 'changed' AND l.id = f.link_id"
    )
    load.cursor.execute(
        """
        INSERT INTO directory_hcolink
            (id, org_id, child_id, parent_id, kind, from_on, to_on, source, note)
        SELECT id, %s, child_id, parent_id, kind, from_on, to_on, 'hierarchy',
               left(coalesce(note, ''), 300)
        FROM stage_link_fate WHERE fate = 'new'
        """,
        [load.org_id],
    )


_HIERARCHY = FileKind(
    "hierarchy",
    "directory.import",
    {"hierarchy": schemas.HIERARCHY},
    read_hierarchy,
    merge_hierarchy,
    {},
)


def import_hierarchy(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load which organisation belongs to which, by the identifiers the directory knows."""
    return run_load(
        _HIERARCHY, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )
