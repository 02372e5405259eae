"""The room's jobs; each may be killed and done again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from procrastinate.contrib.django import app

from entente.foundation.access.scope import act_as


@app.periodic(cron="11 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="content.recalls", queueing_lock="content.recalls")  # type: ignore[untyped-decorator]
def follow_recalls(timestamp: int) -> int:
    """Recall claims whose last day is over, and close recalls of which nothing is open."""
    from entente.content.actions import recall_expired_claims, settle_open_recalls
    from entente.foundation.organisations import every_system_scope

    n_opened, at = 0, datetime.now(UTC)
    for scope in every_system_scope("job:recalls"):
        with act_as(scope):
            n_opened += len(recall_expired_claims(at=at))
            settle_open_recalls(at=at)
    return n_opened


@app.periodic(cron="40 3 1 * *")  # type: ignore[untyped-decorator]
@app.task(name="content.samples", queueing_lock="content.samples")  # type: ignore[untyped-decorator]
def sample_fast_lane(timestamp: int) -> int:
    """Draw last month's samples of the fast lane, company by company."""
    from entente.content.actions import draw_samples
    from entente.foundation.organisations import every_system_scope

    at = datetime.now(UTC)
    last_month, n_drawn = at.date().replace(day=1) - timedelta(days=1), 0
    for scope in every_system_scope("job:samples"):
        with act_as(scope):
            n_drawn += len(draw_samples(last_month, at=at))
    return n_drawn


@app.periodic(cron="41 0 * * *")  # type: ignore[untyped-decorator]
@app.task(name="content.flag_claims", queueing_lock="content.flag_claims")  # type: ignore[untyped-decorator]
def flag_claims(timestamp: int) -> int:
    """Flag claims that a label touches which takes effect today, or whose study fell at a partner.

    Done for every organisation.
    """
    from entente.content.actions import flag_fallen_studies, flag_touched_claims
    from entente.foundation.organisations import every_system_scope

    n_flagged = 0
    for scope in every_system_scope("job:flag_claims"):
        with act_as(scope):
            n_flagged += flag_touched_claims(at=datetime.now(UTC))
            n_flagged += flag_fallen_studies(at=datetime.now(UTC))
    return n_flagged
