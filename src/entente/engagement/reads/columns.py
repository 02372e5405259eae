"""What the room knows for the gate: tallies, the recipient's clock, the caps."""

from __future__ import annotations

from entente.foundation.facts import Columns, register_columns

CLOCK = Columns(
    room="engagement",
    grain="recipient_clock",
    keys=("recipient_id", "at"),
    facts={"action.date": "local_day", "action.local_time": "local_minute"},
    # A day is a day where the recipient is; so are quiet hours.
    select="""
        SELECT recipient_id, at, clock::date AS local_day,
               (extract(hour FROM clock) * 60 + extract(minute FROM clock))::int AS local_minute
        FROM (
            SELECT DISTINCT act.recipient_id, act.at,
                   act.at AT TIME ZONE coalesce(nullif(h.time_zone, ''), 'UTC') AS clock
            FROM act JOIN directory_hcp h ON h.id = act.recipient_id
        ) told
    """,
)

TALLIES = Columns(
    room="engagement",
    grain="recipient_tallies",
    keys=("n",),
    facts={
        "tally.emails_30d": "emails_30d",
        "tally.emails_3d": "emails_3d",
        "tally.emails_cap_30d": "cap_30d",
        "tally.meals_year": "meals_year",
    },
    # The functions see every company's sends and give back numbers only.
    select="""
        SELECT act.n,
               app.engagement_sends_since(
                   act.recipient_id, act.channel, act.at - interval '30 days', act.object_id
               ) AS emails_30d,
               app.engagement_sends_since(
                   act.recipient_id, act.channel, act.at - interval '3 days', act.object_id
               ) AS emails_3d,
               app.engagement_cap_30d(act.recipient_id, act.channel, act.at) AS cap_30d,
               app.engagement_meals_in_year(act.recipient_id, act.on_day, act.object_id)
                   AS meals_year
        FROM act WHERE act.recipient_id IS NOT NULL
    """,
)

CASES = Columns(
    room="engagement",
    grain="recipient_case",
    keys=("recipient_id",),
    facts={"recipient.medical_case_open": "medical_case_open"},
    # The only thing that crosses the wall: yes or no.
    select="""
        SELECT DISTINCT act.recipient_id,
               app.engagement_case_open(act.recipient_id, act.org_id) AS medical_case_open
        FROM act WHERE act.recipient_id IS NOT NULL
    """,
)


def register() -> None:
    """Say what the room knows."""
    register_columns(CLOCK)
    register_columns(TALLIES)
    register_columns(CASES)
