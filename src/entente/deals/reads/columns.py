"""What the room knows for the gate: one deal, and whether its opportunity is another's."""

from __future__ import annotations

from entente.foundation.facts import Columns, register_columns

DEAL = Columns(
    room="deals",
    grain="deal",
    keys=("n",),
    facts={
        "deal.registered_at": "registered_on",
        "deal.mutual_acceptance_at": "accepted_on",
        "deal.qualification_ok": "is_qualified",
        "deal.conflict_id": "conflict",
        "deal.conflict_accepted_at": "conflict_on",
    },
    # A rival stays nameless: the reference says that there is one, its day says since when.
    select="""
        SELECT act.n,
               (d.registered_at AT TIME ZONE 'UTC')::date AS registered_on,
               (p.starts_at AT TIME ZONE 'UTC')::date AS accepted_on,
               d.is_qualified,
               CASE WHEN c.status = 'taken' THEN 'of another party' END AS conflict,
               (c.since AT TIME ZONE 'UTC')::date AS conflict_on
        FROM act
        JOIN deals_deal d ON d.id = act.deal_id
        LEFT JOIN deals_protection p ON p.deal_id = d.id
        CROSS JOIN LATERAL app.deals_conflict(
            d.account_key, ARRAY[]::text[], d.solution_id, d.site_key, act.at, d.id) c
    """,
)


def register() -> None:
    """Say what the room knows."""
    register_columns(DEAL)
