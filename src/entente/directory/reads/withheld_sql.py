"""The database's answer to: which fields of a record may no partner see, by their licence."""

from __future__ import annotations

from entente.directory.domain.sources import HAND, KNOWN

_USUAL = ", ".join(f"('{each.key}', '{each.allows}')" for each in KNOWN.values())
# The terms are those of the organisation that keeps the record. What nobody has described is
# withheld: an unknown licence allows nothing.
WITHHELD = f"""
    SELECT h.id, f.field
    FROM directory_hcp h CROSS JOIN unnest(fields) f(field)
    LEFT JOIN directory_fieldvalue v
        ON v.hcp_id = h.id AND v.field = f.field AND v.holds AND v.valid_to IS NULL
    CROSS JOIN LATERAL (SELECT coalesce(v.source, nullif(h.source, ''), '{HAND}') AS key) s
    LEFT JOIN directory_sourceterms t ON t.org_id = h.org_id AND t.key = s.key
    LEFT JOIN (VALUES {_USUAL}) u(key, allows) ON u.key = s.key
    WHERE h.id = ANY (ids)
      AND coalesce(t.field_allows ->> f.field, t.allows, u.allows, 'internal') = 'internal'
"""  # noqa: S608 - the keys are named in domain.sources
