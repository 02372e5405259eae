"""The room's jobs; each may be killed and done again."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from procrastinate.contrib.django import app

from entente.foundation.access.scope import Scope, act_as


@app.task(name="planning.send_audience", retry=20)
def send_audience(audience_id: str, org_id: str, actor_id: str | None) -> None:
    """Send a campaign to its audience, part by part, each part in its own transaction."""
    from entente.foundation.organisations import host
    from entente.planning.actions import send_part

    found = host()
    scope = Scope(
        org_id=UUID(org_id),
        is_host=found is not None and str(found.id) == org_id,
        actor_name=f"job:send_audience for {actor_id or 'nobody'}",
    )
    after: UUID | None = None
    while True:
        with act_as(scope):
            after = send_part(UUID(audience_id), after, at=datetime.now(UTC))
        if after is None:
            return
