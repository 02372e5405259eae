"""Load FHIR R4 files with the permissions of health professionals in them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from entente.consent.adapters.fhir import FHIR_CONSENTS, ConsentTaker
from entente.consent.models.records import Purpose
from entente.directory.actions import import_fhir as import_directory_fhir
from entente.directory.actions.import_fhir import AlsoTaken
from entente.directory.actions.loading import ImportCounts, Load, Progress
from entente.directory.adapters.chunks import Refusal
from entente.foundation.access.scope import current_scope

_REMEDIES = {
    "not_given": ("status", "A draft or a proposal is no consent yet; load it when it is active."),
    "no_person": ("performer", "The directory does not know this practitioner; load it first."),
    "no_controller": (
        "organization",
        "Name a legal entity of your own organisation as it is written there, or add it first.",
    ),
    "no_purpose": ("provision.purpose", "Write one of " + ", ".join(Purpose.values) + "."),
    "no_product": ("extension", "No product of this name is in the directory; load it first."),
    "future": ("dateTime", "This moment has not come yet; give the moment it happened."),
}
# A person who comes in with the same file is known only by the staged id until it is written;
# a dry run counts on that id. What was exported here is known by its own id; a permission that
# comes back as ended is a withdrawal, unless one is there already.
_FATE = """
CREATE TEMP TABLE stage_fhir_consent_fate ON COMMIT DROP AS
WITH found AS (
    SELECT s.*, p.hcp_id, e.id AS entity_id, d.id AS product_id,
           md5(concat_ws('|', p.hcp_id, e.id, s.status, s.channel, s.purpose, d.id, s.captured_at,
                         s.withdrawn_at, s.expires_on, s.proof_ref, s.address))::uuid AS mark,
           c.id AS own_capture, w.id AS own_withdrawal, u.id AS own_stop
    FROM stage_fhir_consents s
    LEFT JOIN stage_fhir_pointed p ON p.line = s.line
    LEFT JOIN directory_legalentity e ON e.org_id = %(org)s AND CASE
        WHEN EXISTS (SELECT FROM directory_legalentity x
                     WHERE x.id = s.controller_id::uuid AND x.org_id = %(org)s)
        THEN e.id = s.controller_id::uuid ELSE lower(e.name) = lower(s.controller_name) END
    LEFT JOIN directory_product d ON lower(d.name) = lower(s.product) AND d.org_id = %(org)s
    LEFT JOIN consent_capture c ON c.id = s.own_id::uuid AND c.org_id = %(org)s
    LEFT JOIN consent_withdrawal w ON w.id = s.own_id::uuid AND w.org_id = %(org)s
    LEFT JOIN consent_suppression u ON u.id = s.own_id::uuid AND u.org_id = %(org)s
)
SELECT f.*, CASE
    WHEN f.own_withdrawal IS NOT NULL OR f.own_stop IS NOT NULL THEN 'unchanged'
    WHEN f.own_capture IS NOT NULL AND f.status IN ('granted', 'none') THEN 'unchanged'
    WHEN f.status = 'none' THEN 'not_given'
    WHEN f.hcp_id IS NULL THEN 'no_person'
    WHEN f.entity_id IS NULL THEN 'no_controller'
    WHEN f.purpose <> '' AND f.purpose <> ALL (%(purposes)s) THEN 'no_purpose'
    WHEN f.product IS NOT NULL AND f.product_id IS NULL THEN 'no_product'
    WHEN greatest(f.captured_at, f.withdrawn_at) > %(at)s THEN 'future'
    WHEN EXISTS (SELECT FROM consent_capture c
                 WHERE c.org_id = %(org)s AND c.import_hash = f.mark)
      OR EXISTS (SELECT FROM consent_withdrawal w
                 WHERE w.org_id = %(org)s AND w.import_hash = f.mark) THEN 'unchanged'
    WHEN f.own_capture IS NOT NULL AND EXISTS (
        SELECT FROM consent_withdrawal w JOIN consent_capture c ON c.id = f.own_capture
        WHERE w.hcp_id = c.hcp_id AND w.controller_id = c.controller_id AND w.org_id = %(org)s
          AND w.channel IN (c.channel, 'any') AND w.purpose IN (c.purpose, '')
          AND w.withdrawn_at >= c.captured_at) THEN 'unchanged'
    WHEN row_number() OVER (PARTITION BY f.mark ORDER BY f.line) > 1 THEN 'unchanged'
    ELSE 'new' END AS fate
FROM found f
"""
_CAPTURES = """
INSERT INTO consent_capture (id, org_id, hcp_id, controller_id, channel, purpose, product_id,
    address, wording_version, source, method, proof_ref, captured_at, expires_on,
    needs_confirmation, actor_id, import_hash)
SELECT id, %(org)s, hcp_id, entity_id, channel, purpose, product_id, coalesce(address, ''),
       coalesce(wording_version, ''), 'fhir', 'import', coalesce(proof_ref, ''), captured_at,
       expires_on, false, %(actor)s, mark
FROM stage_fhir_consent_fate WHERE fate = 'new' AND status = 'granted'
"""
_WITHDRAWALS = """
INSERT INTO consent_withdrawal (id, org_id, hcp_id, controller_id, channel, purpose, product_id,
    address, source, reason, withdrawn_at, actor_id, import_hash)
SELECT id, %(org)s, hcp_id, entity_id, channel, purpose, product_id, coalesce(address, ''),
       'fhir', '', coalesce(withdrawn_at, %(at)s), %(actor)s, mark
FROM stage_fhir_consent_fate WHERE fate = 'new' AND status = 'withdrawn'
"""


def import_fhir(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load people, organisations, roles, places and permissions from a FHIR R4 file.

    Writes what ``directory.actions.import_fhir`` writes and, of Consents that a practitioner
    gave, captures and withdrawals. A permission without proof is kept and permits nothing. The
    consents of patients are read, decided, counted in ``notes`` and refused. Guarded by
    ``directory.import``, and by ``consent.import`` where the file holds Consents.
    """
    taker = ConsentTaker(at)

    def merge(load: Load) -> None:
        for outcome, n in sorted(taker.of_patients.items()):
            load.counts.note(f"patient_consents_{outcome.replace('-', '_')}", n)
        _merge(load)

    also = AlsoTaken("Consent", {"fhir_consents": FHIR_CONSENTS}, taker.rows, merge)
    return import_directory_fhir(
        path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path, also=also
    )


def _merge(load: Load) -> None:
    cursor, scope = load.cursor, current_scope()
    cursor.execute("SELECT count(*) FROM stage_fhir_consents")
    if cursor.fetchone()[0] == 0:
        return
    scope.require("consent.import")
    named = {
        "org": load.org_id,
        "actor": scope.actor_id,
        "at": load.at,
        "purposes": list(Purpose.values),
    }
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_fhir_consent_fate")
    cursor.execute(_FATE, named)
    # A Consent with several channels or purposes is one row of the file.
    cursor.execute(
        "SELECT fate, count(*) FROM (SELECT line, CASE WHEN bool_or(fate = 'new') THEN 'new'"
        " ELSE max(fate) END AS fate FROM stage_fhir_consent_fate GROUP BY line) l GROUP BY fate"
    )
    load.counts.add(dict(cursor.fetchall()))
    cursor.execute(
        "SELECT count(DISTINCT line) FROM stage_fhir_consent_fate"
        " WHERE fate = 'new' AND status = 'granted' AND coalesce(proof_ref, '') = ''"
    )
    load.counts.note("without_proof", cursor.fetchone()[0])
    for fate, (element, remedy) in _REMEDIES.items():
        cursor.execute(
            "SELECT DISTINCT line FROM stage_fhir_consent_fate WHERE fate = %s ORDER BY line",
            [fate],
        )
        load.refused.refuse(
            Refusal(line, f"Consent.{element}", "", remedy) for (line,) in cursor.fetchall()
        )
    if not load.dry_run:
        cursor.execute(_CAPTURES, named)
        cursor.execute(_WITHDRAWALS, named)
