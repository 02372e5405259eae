"""Merge organisations that were staged, whatever registry they come from."""

from __future__ import annotations

import pyarrow as pa

from entente.directory.actions.loading import Load, fates
from entente.directory.actions.staging import with_columns, with_fields
from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import Refusal
from entente.directory.adapters.reading import map_values
from entente.directory.domain.time_zones import time_zone_of

STAGED_HCOS = with_fields(schemas.HCOS, [("time_zone", pa.string())])
_TWICE = "This key stands more than once in the file; its last row was taken."
# Column of the table, what the staged row says, and the column of the file that feeds it.
_FIELDS = (
    ("name", "s.name", "name"),
    ("other_name", "coalesce(s.other_name, '')", "other_name"),
    ("kind", "coalesce(s.kind, '')", "kind"),
    ("ownership", "coalesce(s.ownership, '')", "ownership"),
    ("is_subpart", "s.is_subpart", "is_subpart"),
    ("parent_name", "coalesce(s.parent_name, '')", "parent_name"),
    ("taxonomy_code", "coalesce(s.primary_taxonomy, '')", "primary_taxonomy"),
    ("address_line", "coalesce(s.address_line1, '')", "address_line1"),
    ("address_line2", "coalesce(s.address_line2, '')", "address_line2"),
    ("city", "coalesce(s.city, '')", "city"),
    ("us_state", "coalesce(s.state, '')", "state"),
    ("postal_code", "coalesce(s.zip, '')", "zip"),
    ("country", "coalesce(s.country, '')", "country"),
    ("phone", "coalesce(s.phone, '')", "phone"),
    ("time_zone", "coalesce(s.time_zone, '')", "state"),
    ("is_active", "s.is_active", "deactivated_on"),
    ("name_key", "s.name_key", "name"),
)
_SEARCH = (
    "lower(concat_ws(' ', '', s.name_key, s.value, s.city_key, s.state, s.country,"
    " regexp_replace(coalesce(s.kind, ''), '[^[:alnum:]]+', ' ', 'g')))"
)


def place_columns(rows: pa.Table) -> dict[str, pa.Array]:
    """Compute the time zone of each row from its country and state."""
    return {"time_zone": zones(rows.column("country"), rows.column("state"))}


def zones(country: pa.ChunkedArray, state: pa.ChunkedArray) -> pa.Array:
    """Give time zones; each distinct pair of country and state is looked at once."""
    pairs = pa.compute.binary_join_element_wise(
        country, state, "|", null_handling="replace", null_replacement=""
    )
    return map_values(
        pairs.combine_chunks(),
        lambda pair: time_zone_of(pair.split("|")[0] or None, pair.split("|")[1] or None),
    )


def prepare_hcos(rows: pa.Table) -> pa.Table:
    """Add what is computed to rows of organisations."""
    return with_columns(rows, place_columns(rows))


_FATE = """
CREATE TEMP TABLE stage_hcos_fate ON COMMIT DROP AS
SELECT DISTINCT ON (s.system, s.value) s.line, s.system, s.value, s.id AS staged_id,
       coalesce(h.id, s.id) AS hco_id,
       CASE WHEN h.id IS NULL THEN 'new' WHEN h.row_hash = s.row_hash THEN 'unchanged'
            WHEN h.org_id <> %s THEN 'foreign' ELSE 'changed' END AS fate
FROM stage_hcos s LEFT JOIN directory_hco h ON h.system = s.system AND h.value = s.value
ORDER BY s.system, s.value, s.updated_on DESC NULLS LAST, s.line DESC
"""


def merge_hcos(load: Load, source: str) -> None:
    """Insert new organisations, change those whose row changed, add their identifiers."""
    cursor = load.cursor
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_hcos_fate")
    cursor.execute(_FATE, [load.org_id])
    cursor.execute("ANALYZE stage_hcos_fate")
    found = fates(load, "stage_hcos_fate")
    load.counts.add(found)
    load.counts.add({"unchanged": found.get("foreign", 0)})
    load.counts.note("kept_by_another_organisation", found.get("foreign", 0))
    cursor.execute(
        "SELECT s.line, s.value FROM stage_hcos s WHERE NOT EXISTS"
        " (SELECT FROM stage_hcos_fate f WHERE f.staged_id = s.id) ORDER BY s.line"
    )
    load.refused.refuse(Refusal(line, "row", value, _TWICE) for line, value in cursor.fetchall())
    if not load.dry_run:
        _insert(load, source)
        _update(load, source)


def _insert(load: Load, source: str) -> None:
    names = ", ".join(column for column, _, _ in _FIELDS)
    values = ", ".join(value for _, value, _ in _FIELDS)
    load.cursor.execute(
        f"""
        INSERT INTO directory_hco (id, org_id, system, value, {names}, source, source_load_id,
                                   row_hash, search_text)
        SELECT s.id, %s, s.system, s.value, {values}, %s, %s, s.row_hash, {_SEARCH}
        FROM stage_hcos s JOIN stage_hcos_fate f ON f.staged_id = s.id AND f.fate = 'new'
        """,  # noqa: S608
        [load.org_id, source, load.id],
    )


def _update(load: Load, source: str) -> None:
    fed = [(column, value) for column, value, feed in _FIELDS if feed not in load.absent]
    sets = ", ".join(f"{column} = {value}" for column, value in fed)
    load.cursor.execute(
        f"""
        UPDATE directory_hco h SET {sets}, source = %s, source_load_id = %s,
               row_hash = s.row_hash, search_text = {_SEARCH}
        FROM stage_hcos s JOIN stage_hcos_fate f ON f.staged_id = s.id AND f.fate = 'changed'
        WHERE h.id = f.hco_id
        """,  # noqa: S608
        [source, load.id],
    )


def merge_identifiers(load: Load) -> None:
    """Add the identifiers of organisations that were staged; those there already stay."""
    if load.dry_run:
        return
    load.cursor.execute(
        """
        INSERT INTO directory_hcoidentifier (id, org_id, hco_id, system, value)
        SELECT DISTINCT ON (f.hco_id, i.system, i.value) i.id, %s, f.hco_id, i.system, i.value
        FROM stage_identifiers i
        JOIN stage_hcos_fate f ON f.system = i.hco_system AND f.value = i.hco_value
        ORDER BY f.hco_id, i.system, i.value, i.line
        ON CONFLICT (hco_id, system, value) DO NOTHING
        """,
        [load.org_id],
    )
