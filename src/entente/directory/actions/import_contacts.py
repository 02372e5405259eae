"""Merge the addresses at which people may be reached."""

from __future__ import annotations

from entente.directory.actions.loading import Load, fates
from entente.directory.adapters.chunks import Refusal

_NO_PERSON = "No person with this NPI is in the directory; load the registry first."
_TWICE = "This NPI stands more than once in the file; its last row was taken."
_CONTACTS = """
CREATE TEMP TABLE stage_contact_fate ON COMMIT DROP AS
SELECT DISTINCT ON (s.npi) s.id, s.line, s.email, s.row_hash, h.id AS hcp_id,
       CASE WHEN h.id IS NULL THEN 'no_person' WHEN c.id IS NULL THEN 'new'
            WHEN c.value = s.email THEN 'unchanged' ELSE 'changed' END AS fate
FROM stage_contacts s
LEFT JOIN directory_hcp h ON h.npi = s.npi
LEFT JOIN directory_contactpoint c
    ON c.hcp_id = h.id AND c.channel = 'email' AND c.to_on IS NULL AND c.org_id = %s
ORDER BY s.npi, s.line DESC
"""


def merge_contacts(load: Load) -> None:
    """Add addresses; a new one ends the one before it, from the day of the load."""
    cursor, on = load.cursor, load.at.date()
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_contact_fate")
    cursor.execute(_CONTACTS, [load.org_id])
    load.counts.add(fates(load, "stage_contact_fate"))
    cursor.execute(
        "SELECT s.line, s.npi FROM stage_contacts s WHERE NOT EXISTS"
        " (SELECT FROM stage_contact_fate f WHERE f.id = s.id) ORDER BY s.line"
    )
    load.refused.refuse(Refusal(line, "npi", npi, _TWICE) for line, npi in cursor.fetchall())
    cursor.execute(
        "SELECT f.line, s.npi FROM stage_contact_fate f JOIN stage_contacts s ON s.id = f.id"
        " WHERE f.fate = 'no_person' ORDER BY f.line"
    )
    load.refused.refuse(Refusal(line, "npi", npi, _NO_PERSON) for line, npi in cursor.fetchall())
    if load.dry_run:
        return
    cursor.execute(
        """
        UPDATE directory_contactpoint c SET to_on = %s FROM stage_contact_fate f
        WHERE f.fate = 'changed' AND c.hcp_id = f.hcp_id AND c.channel = 'email'
          AND c.to_on IS NULL AND c.org_id = %s
        """,
        [on, load.org_id],
    )
    cursor.execute(
        """
        INSERT INTO directory_contactpoint
            (id, org_id, hcp_id, channel, value, from_on, source, row_hash)
        SELECT id, %s, hcp_id, 'email', email, %s, 'contacts', row_hash
        FROM stage_contact_fate WHERE fate IN ('new', 'changed')
        """,
        [load.org_id, on],
    )
