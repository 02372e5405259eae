"""The room's jobs; each may be killed and done again."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from procrastinate.contrib.django import app

from entente.foundation.access.scope import act_as
from entente.foundation.organisations import host, scope_of_user, system_scope


@app.task(name="planning.send_audience", retry=20)  # type: ignore[untyped-decorator]
def send_audience(audience_id: str, org_id: str, actor_id: str | None) -> None:
    """Send a campaign to its audience, part by part, each part in its own transaction."""
    from entente.planning.actions import send_part

    scope = scope_of_user(UUID(actor_id), name="job:send_audience") if actor_id else None
    if scope is None:
        found = host()
        is_host = found is not None and str(found.id) == org_id
        scope = system_scope(UUID(org_id), is_host=is_host, name="job:send_audience")
    after: UUID | None = None
    while True:
        with act_as(scope):
            after = send_part(UUID(audience_id), after, at=datetime.now(UTC))
        if after is None:
            return
