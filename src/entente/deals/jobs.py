"""The room's jobs; each may be killed and done again."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from entente.foundation.access.scope import act_as


@app.periodic(cron="7 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="deals.expire", queueing_lock="deals.expire")  # type: ignore[untyped-decorator]
def expire(timestamp: int) -> int:
    """Mark deals whose protection has run out; the host is a party of every deal."""
    from entente.deals.actions import expire_deals
    from entente.foundation.organisations import host, system_scope

    found = host()
    if found is None:
        return 0
    with act_as(system_scope(found.id, is_host=True, name="job:expire_deals")):
        return expire_deals(at=datetime.now(UTC))
