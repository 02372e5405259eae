"""The room's jobs; each may be killed and done again."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from entente.foundation.access.scope import act_as


@app.periodic(cron="41 0 * * *")  # type: ignore[untyped-decorator]
@app.task(name="content.flag_claims", queueing_lock="content.flag_claims")  # type: ignore[untyped-decorator]
def flag_claims(timestamp: int) -> int:
    """Flag claims that a label touches which takes effect today, for every organisation."""
    from entente.content.actions import flag_touched_claims
    from entente.foundation.organisations import every_system_scope

    n_flagged = 0
    for scope in every_system_scope("job:flag_claims"):
        with act_as(scope):
            n_flagged += flag_touched_claims(at=datetime.now(UTC))
    return n_flagged
