"""Decide field by field which source holds when a file is loaded, and keep what the others say.

The merge of a file writes as its registry does; here, for people of whom more than that registry
is known, each field goes to the source that is believed most.
"""

from __future__ import annotations

from uuid import UUID

from entente.directory.actions.field_values_sql import (
    BEFORE,
    CLOSE_OWN,
    DECIDED,
    DECIDED_FINAL,
    DROP_HOLD,
    KEEP_HELD,
    KEEP_TOLD,
    OVERRULED,
    TAKE_BACK,
    TRUST,
)
from entente.directory.actions.loading import Load
from entente.directory.domain.search_keys import search_key
from entente.directory.domain.sources import HAND, PROVEN, known_as
from entente.directory.domain.time_zones import time_zone_of
from entente.directory.models import Hcp
from entente.directory.reads.sources import source_terms, trust_by_source

__all__ = ["remember_fields", "settle_fields"]


def remember_fields(load: Load, people: str) -> None:
    """Keep what records show before a merge writes; call it before.

    Parameters
    ----------
    people : str
        A query with ``hcp_id``: whose fields are decided one by one.
    """
    load.cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_before")
    load.cursor.execute(BEFORE.format(people=people), [load.org_id])
    load.cursor.execute("CREATE INDEX ON stage_before (hcp_id)")
    load.cursor.execute("ANALYZE stage_before")


def settle_fields(load: Load, source: str, told: str, *, merge_writes: bool = True) -> None:
    """Give each remembered field to the source that is believed most; call it after the merge.

    Writes the records and, where sources differ, what each says. Of equal trust the value
    verified later holds. A field that only one source tells is filled from it, an address only
    as a whole. A source below its bar is believed least.

    Parameters
    ----------
    source : str
        Whose file is loaded.
    told : str
        A query with ``hcp_id``, ``told_on`` and the fields of ``domain.sources.PROVEN`` that the
        file tells, as texts; null where it tells nothing of a field.
    merge_writes : bool
        Whether the merge has written already what this source says of its own records.
    """
    cursor = load.cursor
    _offer_trust(load)
    for table in ("stage_told", "stage_decided", "stage_final"):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(f"CREATE TEMP TABLE stage_told ON COMMIT DROP AS {told}")
    named = {
        "org": load.org_id, "source": source, "load": load.id, "day": load.at.date(), "hand": HAND,
        "writes": merge_writes, "unknown": known_as("unknown source").trust,
    }  # fmt: skip
    cursor.execute(DECIDED, named)
    cursor.execute(DECIDED_FINAL, named)
    cursor.execute("ANALYZE stage_final")
    cursor.execute(OVERRULED, named)
    load.counts.note("values_of_more_trusted_sources_kept", cursor.fetchone()[0])
    cursor.execute(CLOSE_OWN, named)
    cursor.execute(DROP_HOLD, named)
    cursor.execute(TAKE_BACK, named)
    written = [row[0] for row in cursor.fetchall()]
    cursor.execute(KEEP_HELD, named)
    cursor.execute(KEEP_TOLD, named)
    _compute_anew(written)


def _offer_trust(load: Load) -> None:
    """Put how far each source is believed about each field where statements can join it."""
    terms, usable = source_terms(), trust_by_source()
    rows = [
        (key, name, each.trust_in(name) if usable.get(key, 0) >= 0 else -1)
        for key, each in terms.items()
        for name in PROVEN
    ]
    keys, names, trusts = (list(column) for column in zip(*rows, strict=True))
    load.cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_trust")
    load.cursor.execute(TRUST, [keys, names, trusts])


_CHUNK = 2_000


def _compute_anew(ids: list[UUID]) -> None:
    """Compute what follows from names and places of records that were written here."""
    for start in range(0, len(ids), _CHUNK):
        rows = list(Hcp.objects.filter(id__in=ids[start : start + _CHUNK]))
        for row in rows:
            follow_fields(row)
        Hcp.objects.bulk_update(rows, FOLLOWING)


FOLLOWING = ("name_key", "search_text", "time_zone")


def follow_fields(row: Hcp) -> None:
    """Set what follows from a record's name, place and specialty: how it is found, its zone."""
    row.name_key = search_key(row.family_name, row.given_name, row.middle_name)[:600]
    place = (row.city, row.us_state, row.country)
    row.search_text = " " + search_key(row.name_key, row.npi, row.specialty, *place)
    row.time_zone = time_zone_of(row.country, row.us_state) or ""
