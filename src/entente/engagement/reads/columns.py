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
        "tally.calls_year": "calls_year",
        "tally.meals_year": "meals_year",
        "tally.meals_company_year": "meals_company_year",
        "tally.meals_value_day": "meals_value_day",
    },
    # The functions see every company's sends and give back numbers only.
    select="""
        SELECT act.n, sent.emails_30d, sent.emails_3d,
               -- A week that is full by the person's own wish leaves no room in the month either.
               CASE WHEN wish.emails_7d <= app.engagement_sends_since(
                            act.recipient_id, act.channel, act.at - interval '7 days',
                            act.object_id)
                    THEN least(sent.cap_30d, sent.emails_30d)
                    ELSE sent.cap_30d
               END AS cap_30d,
               app.engagement_meals_in_year(act.recipient_id, act.on_day, act.object_id)
                   AS meals_year,
               own.meals_company_year, own.meals_value_day, calls.calls_year
        FROM act LEFT JOIN LATERAL (
            SELECT count(*)::int AS meals_company_year,
                   coalesce(sum(s.amount_minor) FILTER (WHERE e.spent_on = act.on_day), 0)::bigint
                       AS meals_value_day
            FROM engagement_expenseshare s JOIN engagement_expense e ON e.id = s.expense_id
            WHERE s.hcp_id = ANY (act.records)
              AND e.org_id = act.org_id
              AND e.id IS DISTINCT FROM act.object_id
              AND extract(year FROM e.spent_on) = extract(year FROM act.on_day)
              AND e.spent_on <= act.on_day
        ) own ON true CROSS JOIN LATERAL (
            -- The company's own unsolicited ones; a plan counts until a day after its time.
            SELECT count(*)::int AS calls_year FROM engagement_touch t
            WHERE t.hcp_id = ANY (act.records) AND t.org_id = act.org_id
              AND t.purpose = 'promotion' AND NOT t.was_requested AND t.superseded_at IS NULL
              AND t.root_id IS DISTINCT FROM act.object_id
              AND extract(year FROM t.happened_at) = extract(year FROM act.on_day)
              AND (t.status = 'done'
                   OR (t.status = 'planned' AND t.happened_at > act.at - interval '1 day'))
        ) calls CROSS JOIN LATERAL (
            SELECT app.engagement_sends_since(
                       act.recipient_id, act.channel, act.at - interval '30 days', act.object_id
                   ) AS emails_30d,
                   app.engagement_sends_since(
                       act.recipient_id, act.channel, act.at - interval '3 days', act.object_id
                   ) AS emails_3d,
                   app.engagement_cap_30d(act.recipient_id, act.channel, act.at) AS cap_30d
            OFFSET 0  -- each is asked once, however often it is named
        ) sent LEFT JOIN LATERAL app.engagement_newest_wish(act.recipient_id, act.at) wish
            ON true
        WHERE act.recipient_id IS NOT NULL
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


FIRST_USE = Columns(
    room="engagement",
    grain="version_use",
    keys=("version_id", "at"),
    facts={"action.first_use": "first_use"},
    # A piece is in use from the first message that left with it.
    select="""
        SELECT DISTINCT act.version_id, act.at,
               app.engagement_first_use(act.version_id, act.at) AS first_use
        FROM act WHERE act.version_id IS NOT NULL
    """,
)


def register() -> None:
    """Say what the room knows."""
    register_columns(CLOCK)
    register_columns(TALLIES)
    register_columns(CASES)
    register_columns(FIRST_USE)
