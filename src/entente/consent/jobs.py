"""The room's jobs; each may be killed and done again."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from entente.foundation.access.scope import act_as


@app.periodic(cron="23 2 * * *")  # type: ignore[untyped-decorator]
@app.task(name="consent.retention", queueing_lock="consent.retention")  # type: ignore[untyped-decorator]
def keep_no_longer(timestamp: int) -> int:
    """Delete what has been kept long enough, organisation by organisation, each with its proof."""
    from entente.consent.actions import delete_what_is_due
    from entente.foundation.organisations import every_system_scope

    n_deleted = 0
    for scope in every_system_scope("job:retention"):
        with act_as(scope):
            n_deleted += sum(run.n_deleted for run in delete_what_is_due(at=datetime.now(UTC)))
    return n_deleted
