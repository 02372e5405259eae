"""Load permissions and withdrawals that another system recorded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from entente.consent.models.records import Purpose
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
from entente.directory.adapters.consents import read_consents
from entente.foundation.access.scope import current_scope

_REMEDIES = {
    "no_person": ("npi", "No person with this NPI is in the directory; load the registry first."),
    "no_controller": (
        "controller",
        "Name a legal entity of your own organisation as it is written there, or add it first.",
    ),
    "no_purpose": ("purpose", "Write one of " + ", ".join(Purpose.values) + "."),
    "no_product": ("product", "No product of this name is in the directory; load products first."),
    "future": ("captured_at", "This moment has not come yet; give the moment it happened."),
    "twice": ("row", "The same row stands more than once in the file; it was taken once."),
}

# A day alone is read as its first instant in UTC: as the last day of a permission it is that
# day, whatever the person's zone. Any other moment ends on the person's own day.
_FATE = """
CREATE TEMP TABLE stage_consent_fate ON COMMIT DROP AS
SELECT s.*, h.id AS hcp_id, coalesce(h.country, '') AS home_country,
       e.id AS controller_id, p.id AS product_id,
       CASE WHEN (s.expires_at AT TIME ZONE 'UTC')::time = '00:00'
            THEN (s.expires_at AT TIME ZONE 'UTC')::date
            ELSE (s.expires_at AT TIME ZONE
                  coalesce(nullif(h.time_zone, ''), e.time_zone, 'UTC'))::date END AS expires_on,
       CASE WHEN row_number() OVER (PARTITION BY s.row_hash ORDER BY s.line) > 1 THEN 'twice'
            WHEN c.id IS NOT NULL OR w.id IS NOT NULL THEN 'unchanged'
            WHEN h.id IS NULL THEN 'no_person'
            WHEN e.id IS NULL THEN 'no_controller'
            WHEN lower(s.purpose) <> ALL (%(purposes)s) THEN 'no_purpose'
            WHEN s.product IS NOT NULL AND p.id IS NULL THEN 'no_product'
            WHEN greatest(s.captured_at, s.withdrawn_at) > %(at)s THEN 'future'
            ELSE 'new' END AS fate
FROM stage_consents s
LEFT JOIN directory_hcp h ON h.npi = s.npi
LEFT JOIN directory_legalentity e ON lower(e.name) = lower(s.controller) AND e.org_id = %(org)s
LEFT JOIN directory_product p ON lower(p.name) = lower(s.product) AND p.org_id = %(org)s
LEFT JOIN consent_capture c ON c.import_hash = s.row_hash AND c.org_id = %(org)s
LEFT JOIN consent_withdrawal w ON w.import_hash = s.row_hash AND w.org_id = %(org)s
"""
_CAPTURES = """
INSERT INTO consent_capture (id, org_id, hcp_id, controller_id, channel, purpose, product_id,
    address, wording_version, source, method, proof_ref, captured_at, expires_on,
    needs_confirmation, country, actor_id, import_hash)
SELECT id, %(org)s, hcp_id, controller_id, channel, lower(purpose), product_id,
       coalesce(address, ''), coalesce(wording_version, ''), coalesce(source, 'import'), 'import',
       coalesce(proof_ref, ''), captured_at, expires_on, false, home_country,
       %(actor)s, row_hash
FROM stage_consent_fate
WHERE fate = 'new' AND captured_at IS NOT NULL
  AND (status <> 'withdrawn' OR captured_at < withdrawn_at)
"""
_WITHDRAWALS = """
INSERT INTO consent_withdrawal (id, org_id, hcp_id, controller_id, channel, purpose, product_id,
    address, source, reason, withdrawn_at, actor_id, import_hash)
SELECT id, %(org)s, hcp_id, controller_id, channel, lower(purpose), product_id,
       coalesce(address, ''), coalesce(source, 'import'), coalesce(reason, ''), withdrawn_at,
       %(actor)s, row_hash
FROM stage_consent_fate WHERE fate = 'new' AND status = 'withdrawn'
"""


def _merge(load: Load) -> None:
    cursor, scope = load.cursor, current_scope()
    named = {
        "org": load.org_id,
        "actor": scope.actor_id,
        "at": load.at,
        "purposes": list(Purpose.values),
    }
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_consent_fate")
    cursor.execute(_FATE, named)
    load.counts.add(fates(load, "stage_consent_fate"))
    cursor.execute("SELECT count(*) FROM stage_consent_fate WHERE fate = 'new' AND status = 'none'")
    load.counts.note("without_proof", cursor.fetchone()[0])
    for fate, (field, remedy) in _REMEDIES.items():
        cursor.execute(
            "SELECT line, npi, controller, purpose, product, captured_at::text, '' AS row"
            " FROM stage_consent_fate WHERE fate = %s ORDER BY line",
            [fate],
        )
        place = ["npi", "controller", "purpose", "product", "captured_at", "row"].index(field) + 1
        load.refused.refuse(
            Refusal(row[0], field, row[place] or "", remedy) for row in cursor.fetchall()
        )
    if not load.dry_run:
        cursor.execute(_CAPTURES, named)
        cursor.execute(_WITHDRAWALS, named)


_CONSENTS = FileKind(
    "consents", "consent.import", {"consents": schemas.CONSENTS}, read_consents, _merge, {}
)


def import_consents(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load permissions and withdrawals by NPI, controller, channel and purpose.

    Writes captures and withdrawals, one ``SourceLoad`` and one ledger entry. A row that was
    loaded before, recognised by its hash, changes nothing. A permission without proof is kept
    and permits nothing; ``notes`` counts them. See ``directory.actions.loading.run_load`` for
    the arguments.
    """
    return run_load(
        _CONSENTS, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )
