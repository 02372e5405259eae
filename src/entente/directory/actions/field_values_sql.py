"""The statements that decide fields by trust; ``field_values`` says what they are for."""

# ruff: noqa: S608 - the names put into SQL here are those of domain.sources

from __future__ import annotations

from entente.directory.domain.sources import PROVEN

ADDRESS = ("address_line", "address_line2", "city", "us_state", "postal_code", "country")
# Only people of whom more than one source is known: for the others the merge has said it all.
_HELD = ", ".join(f"h.{name}" for name in PROVEN)
BEFORE = f"""
CREATE TEMP TABLE stage_before ON COMMIT DROP AS
SELECT h.id AS hcp_id, h.source, h.registry_updated_on AS updated_on, {_HELD}
FROM ({{people}}) p JOIN directory_hcp h ON h.id = p.hcp_id WHERE h.org_id = %s
"""
TRUST = """
CREATE TEMP TABLE stage_trust ON COMMIT DROP AS
SELECT * FROM unnest(%s::text[], %s::text[], %s::int[]) t(source, field, trust)
"""


def _row(name: str) -> str:
    group = "true" if name in ADDRESS else "false"
    return f"('{name}', b.{name}, t.{name}, h.{name}, {group})"


def _has_address(row: str) -> str:
    parts = " || ".join(f"coalesce({row}.{name}, '')" for name in ADDRESS if name != "country")
    return f"({parts}) <> ''"


_DIFFERS = " OR ".join(
    f"b.{name} <> '' AND t.{name} <> '' AND"
    f" app.directory_folded('{name}', b.{name}) <> app.directory_folded('{name}', t.{name})"
    for name in ADDRESS
)
# One row for each field that may come out differently: what was held, what is told, what stands
# now. Two addresses that differ are taken whole, so that no street is put to another's city.
DECIDED = f"""
CREATE TEMP TABLE stage_decided ON COMMIT DROP AS
SELECT b.hcp_id, v.field, v.held, coalesce(v.told, '') AS told, v.now, v.told IS NULL AS is_silent,
       coalesce(o.source, nullif(b.source, ''), %(hand)s) AS held_source,
       CASE WHEN o.id IS NULL THEN b.updated_on ELSE o.verified_on END AS held_on, t.told_on,
       CASE WHEN v.in_group AND a.differs THEN {_has_address("b")} ELSE v.held <> '' END AS is_held,
       CASE WHEN v.in_group AND a.differs THEN {_has_address("t")}
            ELSE coalesce(v.told, '') <> '' END AS is_told,
       coalesce(nullif(h.source, ''), %(hand)s) AS record_source, o.id AS holding_id,
       app.directory_folded(v.field, v.held) = app.directory_folded(v.field, coalesce(v.told, ''))
           AS agrees,
       coalesce(mt.trust, %(unknown)s) > coalesce(ht.trust, %(unknown)s)
       OR coalesce(mt.trust, %(unknown)s) = coalesce(ht.trust, %(unknown)s)
          AND coalesce(t.told_on > CASE WHEN o.id IS NULL THEN b.updated_on ELSE o.verified_on END,
                       t.told_on IS NOT NULL) AS wins
FROM stage_before b
JOIN stage_told t ON t.hcp_id = b.hcp_id
JOIN directory_hcp h ON h.id = b.hcp_id
CROSS JOIN LATERAL (VALUES {", ".join(map(_row, PROVEN))}) v(field, held, told, now, in_group)
CROSS JOIN LATERAL (SELECT {_DIFFERS} AS differs) a
LEFT JOIN directory_fieldvalue o
    ON o.hcp_id = b.hcp_id AND o.field = v.field AND o.holds AND o.valid_to IS NULL
LEFT JOIN directory_fieldvalue mine ON mine.hcp_id = b.hcp_id AND mine.field = v.field
    AND mine.source = %(source)s AND mine.valid_to IS NULL
LEFT JOIN stage_trust mt ON mt.source = %(source)s AND mt.field = v.field
LEFT JOIN stage_trust ht
    ON ht.source = coalesce(o.source, nullif(b.source, ''), %(hand)s) AND ht.field = v.field
WHERE v.told <> v.held OR v.held <> v.now OR b.source <> h.source OR o.id IS NOT NULL
   OR mine.id IS NOT NULL OR v.told <> '' AND mt.trust > ht.trust AND ht.source <> mt.source
"""
DECIDED_FINAL = """
CREATE TEMP TABLE stage_final ON COMMIT DROP AS
SELECT d.*, CASE WHEN d.is_silent THEN d.now
                 WHEN d.held_source = %(source)s AND d.holding_id IS NULL AND %(writes)s
                     THEN d.now
                 WHEN NOT d.is_told THEN d.held
                 WHEN d.held_source = %(source)s
                     THEN CASE WHEN d.told_on < d.held_on THEN d.held ELSE d.told END
                 WHEN NOT d.is_held THEN d.told
                 WHEN d.agrees THEN CASE WHEN d.holding_id IS NULL THEN d.now ELSE d.held END
                 WHEN d.wins THEN d.told ELSE d.held END AS final
FROM stage_decided d
"""
OVERRULED = """
SELECT count(*) FROM stage_final f
WHERE f.told <> '' AND f.held_source <> %(source)s AND NOT f.agrees AND f.final <> f.told
"""
# What this source said before and says no longer.
CLOSE_OWN = """
UPDATE directory_fieldvalue v SET valid_to = %(day)s, holds = false
FROM stage_final f
WHERE v.hcp_id = f.hcp_id AND v.field = f.field AND v.source = %(source)s AND v.valid_to IS NULL
  AND f.is_told AND (f.held_source <> %(source)s OR f.final = f.told)
  AND (v.value <> f.told OR f.agrees AND NOT v.holds
       OR f.final = f.told AND f.record_source = %(source)s)
"""
# What another source says does not hold any more, but it is still said.
DROP_HOLD = """
UPDATE directory_fieldvalue v SET holds = false
FROM stage_final f
WHERE v.id = f.holding_id AND v.source <> %(source)s
  AND (f.final <> f.held OR f.is_told AND f.agrees AND f.wins)
"""
_WRITTEN = ", ".join(f"{name} = coalesce(w.to_write ->> '{name}', h.{name})" for name in PROVEN)
TAKE_BACK = f"""
UPDATE directory_hcp h SET {_WRITTEN}
FROM (SELECT f.hcp_id, jsonb_object_agg(f.field, f.final) AS to_write
      FROM stage_final f WHERE f.final <> f.now GROUP BY f.hcp_id) w
WHERE h.id = w.hcp_id
RETURNING h.id
"""
_INSERT = """
INSERT INTO directory_fieldvalue (id, org_id, hcp_id, field, value, source, source_load_id, holds,
                                  valid_from, verified_on)
"""
# Another source's value: it holds although the record counts as this source's, or it is overruled.
KEEP_HELD = f"""
{_INSERT}
SELECT gen_random_uuid(), %(org)s, f.hcp_id, f.field, f.held, f.held_source, NULL,
       f.final = f.held, %(day)s, f.held_on
FROM stage_final f
WHERE f.held <> '' AND f.held_source <> %(source)s AND f.holding_id IS NULL
  AND (f.final <> f.held
       OR f.record_source <> f.held_source AND NOT (f.is_told AND f.agrees AND f.wins))
ON CONFLICT (hcp_id, field, source) WHERE valid_to IS NULL
    DO UPDATE SET value = excluded.value, holds = excluded.holds
"""
# What this source tells: it holds although the record counts as another's, or it is overruled.
KEEP_TOLD = f"""
{_INSERT}
SELECT gen_random_uuid(), %(org)s, f.hcp_id, f.field,
       CASE WHEN f.agrees THEN f.final ELSE f.told END, %(source)s, %(load)s,
       f.agrees OR f.final = f.told, %(day)s, f.told_on
FROM stage_final f
WHERE f.told <> '' AND CASE
    WHEN f.held_source = %(source)s
    THEN f.holding_id IS NOT NULL AND f.final = f.told AND f.record_source <> %(source)s
    WHEN f.agrees THEN f.wins AND f.record_source <> %(source)s
    ELSE f.final <> f.told OR f.record_source <> %(source)s END
ON CONFLICT (hcp_id, field, source) WHERE valid_to IS NULL DO UPDATE
    SET holds = excluded.holds, verified_on = excluded.verified_on
"""
