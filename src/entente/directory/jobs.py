"""The room's jobs; each may be killed and done again."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from procrastinate.contrib.django import app

from entente.foundation.access.scope import act_as
from entente.foundation.organisations import host, system_scope


@app.task(name="directory.align", retry=5)  # type: ignore[untyped-decorator]
def align(alignment_id: str, org_id: str) -> None:
    """Compute who is in which territory, wholly or not at all."""
    from entente.directory.actions import do_alignment

    found = host()
    is_host = found is not None and str(found.id) == org_id
    with act_as(system_scope(UUID(org_id), is_host=is_host, name="job:align")):
        do_alignment(UUID(alignment_id), at=datetime.now(UTC))


@app.task(name="directory.search_suspects", retry=5)  # type: ignore[untyped-decorator]
def search_suspects(search_id: str, org_id: str) -> None:
    """Search the directory for records that may be one person, wholly or not at all."""
    from entente.directory.actions import do_search

    found = host()
    is_host = found is not None and str(found.id) == org_id
    with act_as(system_scope(UUID(org_id), is_host=is_host, name="job:identity")):
        do_search(UUID(search_id), at=datetime.now(UTC))
