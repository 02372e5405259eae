"""The pre-check of a version."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from entente.content import reads
from entente.content.api.shapes import now, router
from entente.foundation.web.doors import operation


class FoundOut(Schema):
    """One finding; ``start`` and ``end`` count characters of the form's source."""

    rule: str
    title: str
    severity: str
    form: str
    start: int
    end: int
    words: str
    remedy: str
    label_words: str
    label_section: str


class PrecheckOut(Schema):
    """A run; ``kept_at`` is empty for one over a draft, which is not kept."""

    version_id: UUID
    content_hash: str
    pack_version: str
    pack_hash: str
    label_version_id: UUID | None
    kept_at: datetime | None
    found: list[FoundOut]


@router.get("/versions/{version_id}/precheck", response=PrecheckOut, summary="Its pre-check")
@operation("content.read")
def precheck(request: HttpRequest, version_id: UUID) -> Any:
    """Give what the pre-check found: as kept at the submission, or of a draft as it is now."""
    version = reads.version(version_id)
    kept = reads.kept_run(version)
    told = {"version_id": version.id, "content_hash": version.content_hash}
    if kept is not None:
        return {
            **told,
            "pack_version": kept.pack_version,
            "pack_hash": kept.pack_hash,
            "label_version_id": kept.label_version_id,
            "kept_at": kept.ran_at,
            "found": kept.findings["found"],
        }
    run = reads.precheck_of(version, today=now().date())
    return {
        **told,
        "pack_version": run.pack.version,
        "pack_hash": run.pack.hash,
        "label_version_id": run.label_version.id if run.label_version else None,
        "kept_at": None,
        "found": run.told(),
    }
