"""The room's jobs; each may be killed and done again."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from entente.foundation.access.scope import act_as


@app.periodic(cron="23 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="engagement.message_lists", queueing_lock="engagement.message_lists")  # type: ignore[untyped-decorator]
def close_message_lists(timestamp: int) -> int:
    """Close lists of messages that are over, so that nobody's cap waits for them."""
    from entente.engagement.actions.message_lists import close_lists
    from entente.foundation.organisations import every_system_scope

    n_closed = 0
    for scope in every_system_scope("job:message_lists"):
        with act_as(scope):
            n_closed += close_lists(at=datetime.now(UTC))
    return n_closed
