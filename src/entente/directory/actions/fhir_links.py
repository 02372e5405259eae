"""Find whom a FHIR resource names, and write who works where."""

from __future__ import annotations

from entente.directory.actions.fhir_subjects import name_specialties
from entente.directory.actions.loading import Load

# A resource of the same file comes first, then identifiers and our own ids, then what earlier
# loads of this organisation brought under the same address, or under the same id if only one did.
_POINTED = """
CREATE TEMP TABLE stage_fhir_pointed ON COMMIT DROP AS
WITH named AS (SELECT p.*, row_number() OVER () AS number,
                      CASE p.target WHEN 'hcp' THEN 'Practitioner' ELSE 'Organization' END AS kind
               FROM stage_fhir_pointers p),
hit AS (
    SELECT n.number, 0 AS rank, f.subject
    FROM named n JOIN stage_fhir s ON s.type = n.kind AND s.full_url = n.url
    JOIN stage_fhir_fate f ON f.staged_id = s.id WHERE n.url <> ''
    UNION ALL
    SELECT n.number, 1, f.subject
    FROM named n JOIN stage_fhir s ON s.type = n.kind AND s.logical_id = n.logical_id
    JOIN stage_fhir_fate f ON f.staged_id = s.id WHERE n.type = n.kind AND n.logical_id <> ''
    UNION ALL
    SELECT n.number, 1, f.subject
    FROM named n JOIN stage_fhir s ON s.type = n.kind AND s.logical_id = substr(n.url, 10)
    JOIN stage_fhir_fate f ON f.staged_id = s.id WHERE n.url LIKE 'urn:uuid:%'
    UNION ALL
    SELECT n.number, 1, f.subject
    FROM named n JOIN stage_fhir_identifiers i ON i.system = n.system AND i.value = n.value
    JOIN stage_fhir_fate f ON f.line = i.line AND f.type = n.kind WHERE n.value <> ''
    UNION ALL
    SELECT n.number, 2, h.id FROM named n JOIN directory_hcp h ON h.npi = n.value
    WHERE n.kind = 'Practitioner' AND n.system = 'npi'
    UNION ALL
    SELECT n.number, 2, h.id FROM named n JOIN directory_hcp h ON h.id = n.own_id::uuid
    WHERE n.kind = 'Practitioner'
    UNION ALL
    SELECT n.number, 3, x.hcp_id
    FROM named n JOIN directory_hcpidentifier x ON x.system = n.system AND x.value = n.value
    WHERE n.kind = 'Practitioner' AND n.value <> ''
    UNION ALL
    SELECT n.number, 2, o.id FROM named n JOIN directory_hco o ON o.id = n.own_id::uuid
    WHERE n.kind = 'Organization'
    UNION ALL
    SELECT n.number, 2, o.id
    FROM named n JOIN directory_hco o ON o.system = n.system AND o.value = n.value
    WHERE n.kind = 'Organization' AND n.value <> ''
    UNION ALL
    SELECT n.number, 3, x.hco_id
    FROM named n JOIN directory_hcoidentifier x ON x.system = n.system AND x.value = n.value
    WHERE n.kind = 'Organization' AND n.value <> ''
    UNION ALL
    SELECT n.number, 4, coalesce(k.hcp_id, k.hco_id)
    FROM named n JOIN directory_fhirresource k ON k.resource_type = n.kind AND k.full_url = n.url
    WHERE n.url <> ''
    UNION ALL
    SELECT n.number, 5, (array_agg(DISTINCT coalesce(k.hcp_id, k.hco_id)))[1]
    FROM named n JOIN directory_fhirresource k
        ON k.resource_type = n.kind AND k.logical_id = n.logical_id
    WHERE n.type = n.kind AND n.url = '' AND n.logical_id <> ''
    GROUP BY n.number HAVING count(DISTINCT coalesce(k.hcp_id, k.hco_id)) = 1
),
best AS (SELECT DISTINCT ON (number) number, subject FROM hit ORDER BY number, rank, subject)
SELECT n.line, max(b.subject::text) FILTER (WHERE n.target = 'hcp')::uuid AS hcp_id,
       max(b.subject::text) FILTER (WHERE n.target = 'hco')::uuid AS hco_id,
       count(*) FILTER (WHERE b.subject IS NULL) AS n_lost
FROM named n LEFT JOIN best b ON b.number = n.number GROUP BY n.line
"""
# What could not be linked when it came can be now: then the same resource is a change.
_NOW_KNOWN = """
UPDATE stage_fhir_fate f SET fate = 'changed' FROM stage_fhir_pointed p
WHERE p.line = f.line AND f.fate = 'unchanged'
  AND (f.type = 'PractitionerRole' AND f.kept_affiliation IS NULL
           AND p.hcp_id IS NOT NULL AND p.hco_id IS NOT NULL
       OR f.type IN ('Location', 'OrganizationAffiliation')
           AND f.kept_hco IS DISTINCT FROM p.hco_id AND p.hco_id IS NOT NULL)
"""


def resolve_pointers(load: Load) -> None:
    """Find the people and organisations that roles and places name; count those not found."""
    cursor = load.cursor
    cursor.execute(_POINTED)
    cursor.execute("ANALYZE stage_fhir_pointed")
    cursor.execute(_NOW_KNOWN)
    cursor.execute(
        "SELECT coalesce(sum(p.n_lost), 0) FROM stage_fhir_pointed p"
        " JOIN stage_fhir_fate f ON f.line = p.line"
    )
    load.counts.note("references_not_resolved", int(cursor.fetchone()[0]))
    cursor.execute(
        "SELECT count(*) FROM stage_fhir_fate f LEFT JOIN stage_fhir_pointed p ON p.line = f.line"
        " WHERE f.type = 'PractitionerRole' AND (p.hcp_id IS NULL OR p.hco_id IS NULL)"
    )
    load.counts.note("roles_kept_without_affiliation", cursor.fetchone()[0])


_TOLD = """
CREATE TEMP TABLE stage_fhir_role ON COMMIT DROP AS
SELECT DISTINCT ON (p.hcp_id, p.hco_id, coalesce(s.role, '')) s.id, p.hcp_id, p.hco_id,
       coalesce(s.role, '') AS role, s.from_on,
       CASE WHEN s.is_active IS FALSE THEN coalesce(s.to_on, %s) ELSE s.to_on END AS to_on
FROM stage_fhir s JOIN stage_fhir_fate f ON f.staged_id = s.id
JOIN stage_fhir_pointed p ON p.line = s.line
WHERE f.type = 'PractitionerRole' AND f.fate IN ('new', 'changed')
  AND p.hcp_id IS NOT NULL AND p.hco_id IS NOT NULL
ORDER BY p.hcp_id, p.hco_id, coalesce(s.role, ''), s.line DESC
"""


def write_affiliations(load: Load) -> None:
    """Write who works where, as roles say; a role that is over ends with the load at the latest."""
    cursor = load.cursor
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_fhir_role")
    cursor.execute(_TOLD, [load.at.date()])
    # Not one upsert: a row of another organisation in the way would end the load with an error.
    cursor.execute(
        """
        UPDATE directory_affiliation a SET from_on = r.from_on, to_on = r.to_on, source_load_id = %s
        FROM stage_fhir_role r
        WHERE a.hcp_id = r.hcp_id AND a.hco_id = r.hco_id AND a.source = 'fhir'
          AND a.role = r.role AND a.org_id = %s
        """,
        [load.id, load.org_id],
    )
    cursor.execute(
        """
        INSERT INTO directory_affiliation (id, org_id, hcp_id, hco_id, source, role, from_on, to_on,
                                           source_load_id)
        SELECT id, %s, hcp_id, hco_id, 'fhir', role, from_on, to_on, %s FROM stage_fhir_role
        ON CONFLICT (hcp_id, hco_id, source, role) DO NOTHING
        """,
        [load.org_id, load.id],
    )
    name_specialties(
        load,
        "SELECT DISTINCT ON (p.hcp_id) p.hcp_id, s.taxonomy_code, s.profession, s.can_prescribe,"
        " s.covered FROM stage_fhir s JOIN stage_fhir_fate f ON f.staged_id = s.id"
        " JOIN stage_fhir_pointed p ON p.line = s.line"
        " WHERE f.type = 'PractitionerRole' AND f.fate IN ('new', 'changed')"
        " AND s.taxonomy_code <> '' ORDER BY p.hcp_id, s.line DESC",
    )
