"""Merge what hangs on people: affiliations with hospitals, and addresses."""

from __future__ import annotations

from entente.directory.actions.loading import Load, fates
from entente.directory.adapters.chunks import Refusal

_AFFILIATIONS = """
CREATE TEMP TABLE stage_affiliation_fate ON COMMIT DROP AS
SELECT DISTINCT ON (s.npi, s.hospital_ccn) s.id, s.line, h.id AS hcp_id, o.id AS hco_id,
       CASE WHEN h.id IS NULL THEN 'no_person' WHEN o.id IS NULL THEN 'no_hospital'
            WHEN a.id IS NULL THEN 'new' ELSE 'unchanged' END AS fate
FROM stage_affiliations s
LEFT JOIN directory_hcp h ON h.npi = s.npi
LEFT JOIN directory_hco o ON o.system = 'ccn' AND o.value = s.hospital_ccn
LEFT JOIN directory_affiliation a
    ON a.hcp_id = h.id AND a.hco_id = o.id AND a.source = 'clinicians' AND a.role = ''
ORDER BY s.npi, s.hospital_ccn, s.line
"""


def merge_affiliations(load: Load) -> None:
    """Link people and hospitals that are both known; count the pairs that are not."""
    cursor = load.cursor
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_affiliation_fate")
    cursor.execute(_AFFILIATIONS)
    found = fates(load, "stage_affiliation_fate")
    load.counts.add(found)
    load.counts.note("person_not_known_here", found.get("no_person", 0))
    load.counts.note("hospital_not_known_here", found.get("no_hospital", 0))
    cursor.execute("SELECT coalesce(sum(n_mentions), 0) FROM stage_affiliations")
    load.counts.note("affiliations_named", int(cursor.fetchone()[0]))
    if load.dry_run:
        return
    cursor.execute(
        """
        INSERT INTO directory_affiliation (id, org_id, hcp_id, hco_id, source, role, source_load_id)
        SELECT id, %s, hcp_id, hco_id, 'clinicians', '', %s
        FROM stage_affiliation_fate WHERE fate = 'new'
        ON CONFLICT (hcp_id, hco_id, source, role) DO NOTHING
        """,
        [load.org_id, load.id],
    )


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
