"""Keep what the pre-check found, as evidence beside the submission."""

from __future__ import annotations

from datetime import datetime

from entente.content.models import PrecheckRun, Version
from entente.content.reads.material import checks_of, precheck_of
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope


def keep_precheck(version: Version, *, at: datetime) -> PrecheckRun:
    """Keep a run over the bytes of a version, with pack, label and every finding.

    Called in the transaction of the submission. Writes the run and one ledger entry.
    """
    scope = current_scope()
    scope.require("content.write")
    run = precheck_of(version, today=at.date())
    checks = checks_of(version, today=at.date())
    kept = PrecheckRun.objects.create(
        org_id=scope.org_id,
        item_id=version.item_id,
        version=version,
        content_hash=version.content_hash,
        pack_version=run.pack.version,
        pack_hash=run.pack.hash,
        label_version=run.label_version,
        n_blocking=run.count("block"),
        n_warning=run.count("warn"),
        findings={
            "found": run.told(),
            "checks": [{"code": c.code, "passed": c.passed, "blocks": c.blocks} for c in checks],
        },
        ran_at=at,
    )
    ledger.append(
        ledger.Entry(
            "content.version.prechecked",
            "content.version",
            version.id,
            {"content_hash": version.content_hash, "pack_hash": run.pack.hash,
             "warnings": kept.n_warning},
        ),
        at=at,
    )  # fmt: skip
    return kept
