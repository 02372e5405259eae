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
        "tally.contacts_30d": "contacts_30d",
        "tally.promotional_calls_30d": "calls_30d",
        "tally.invitations_30d": "invitations_30d",
        "tally.campaign_contacts_30d": "campaign_30d",
        "tally.brand_contacts_30d": "brand_30d",
        "recipient.complained_60d": "complained_60d",
        "tally.calls_year": "calls_year",
        "tally.meals_year": "meals_year",
        "tally.meals_company_year": "meals_company_year",
        "tally.meals_value_day": "meals_value_day",
    },
    # The functions see every company's sends and give back numbers only.
    select="""
        SELECT act.n, had.*,
               -- A week that is full by the person's own wish leaves no room in the month either.
               CASE WHEN wish.emails_7d <= had.emails_7d
                    THEN least(most.emails_30d, had.emails_30d)
                    ELSE most.emails_30d
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
                   OR (t.status = 'planned'
                       AND t.happened_at > least(act.at, now()) - interval '1 day'))
        ) calls CROSS JOIN LATERAL app.engagement_contacts(
            act.recipient_id, act.channel, act.at, act.object_id, act.campaign_id, act.version_id,
            act.product_id
        ) had LEFT JOIN LATERAL app.engagement_newest_wish(act.recipient_id, act.at) wish
            ON true CROSS JOIN LATERAL (
            SELECT app.engagement_cap_30d(act.recipient_id, act.channel, act.at) AS emails_30d
            OFFSET 0  -- asked once, however often it is named
        ) most
        WHERE act.recipient_id IS NOT NULL
    """,
)

CASES = Columns(
    room="engagement",
    grain="recipient_case",
    keys=("n",),
    facts={"recipient.medical_case_open": "medical_case_open"},
    # The only thing that crosses the wall: yes or no. What was asked in a remote detail while
    # it went on does not end that talk; it is asked about only where something is open at all.
    select="""
        SELECT act.n,
               CASE WHEN told.is_open AND act.object_id IS NOT NULL
                    THEN app.engagement_case_open_besides(
                        act.recipient_id, act.org_id, act.object_id)
                    ELSE told.is_open
               END AS medical_case_open
        FROM act JOIN (
            SELECT DISTINCT act.recipient_id,
                   app.engagement_case_open(act.recipient_id, act.org_id) AS is_open
            FROM act WHERE act.recipient_id IS NOT NULL
        ) told ON told.recipient_id = act.recipient_id
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

# Asked only for acts that hand something over: others name no stock, and the join is empty.
HANDED = Columns(
    room="engagement",
    grain="stock",
    keys=("n",),
    facts={
        "item.kind": "item_kind",
        "item.unit_value_minor": "unit_value_minor",
        "item.branded": "is_branded",
        "item.inexpensive": "is_inexpensive",
        "item.for_practice": "is_for_practice",
        "item.benefits_patients": "benefits_patients",
        "item.certified": "is_certified",
        "item.offsets_practice_cost": "offsets_practice_cost",
        "item.independent_value": "has_independent_value",
        "sample.product": "product",
        "sample.pack_is_smallest": "is_smallest_pack",
        "sample.label_ok": "is_marked_free",
        "sample.spc_enclosed": "has_characteristics",
        "sample.controlled_substance": "is_controlled",
        "sample.is_starter_pack": "is_starter_pack",
        "sample.patients_per_pack": "patients_per_pack",
        "sample.first_request_date": "first_request",
        "sample.receipt_missing_before": "receipt_missing",
        "tally.sample_packs_year": "packs_year",
        "tally.items_value_year": "items_year",
        "tally.samples_value_share": "samples_share",
    },
    select="""
        SELECT act.n, nullif(s.item_kind, '') AS item_kind, s.unit_value_minor, s.is_branded,
               s.is_inexpensive, s.is_for_practice, s.benefits_patients, s.is_certified,
               s.offsets_practice_cost, s.has_independent_value,
               CASE WHEN s.kind = 'sample' THEN p.name END AS product, s.is_smallest_pack,
               s.is_marked_free, s.has_characteristics, s.is_controlled, s.is_starter_pack,
               s.patients_per_pack::int,
               CASE WHEN s.kind = 'sample'
                    THEN app.engagement_first_request(act.recipient_id, s.product_id)
               END AS first_request,
               CASE WHEN s.kind = 'sample' THEN EXISTS (
                   SELECT FROM engagement_handover h
                   WHERE h.hcp_id = ANY (act.records) AND h.org_id = act.org_id
                     AND h.status = 'done' AND h.kind = 'sample'
                     AND h.id IS DISTINCT FROM act.object_id
                     AND NOT EXISTS (SELECT FROM engagement_receipt r WHERE r.hand_over_id = h.id)
               ) END AS receipt_missing,
               -- France counts the samples of a year, the others the packs of one product.
               CASE WHEN s.kind = 'sample' THEN app.engagement_sample_packs(
                   act.recipient_id,
                   CASE WHEN act.country = 'FR' THEN NULL ELSE s.product_id END,
                   act.on_day, act.object_id)
               END AS packs_year,
               CASE WHEN s.kind = 'item' THEN items.worth END AS items_year,
               CASE WHEN s.kind = 'sample' AND d.id IS NOT NULL THEN (
                   SELECT CASE WHEN count(*) FILTER (WHERE h.currency <> d.currency) = 0
                               THEN least(1, ceil(coalesce(sum(h.n_units * h.unit_value_minor), 0)
                                                  * 1000000.0 / d.amount_minor) / 1000000) END
                   FROM engagement_handover h
                   WHERE h.org_id = act.org_id AND h.country = d.country
                     AND h.status = 'done' AND h.kind = 'sample'
                     AND h.handed_on BETWEEN date_trunc('year', act.on_day)::date AND act.on_day
                     AND h.id IS DISTINCT FROM act.object_id
               ) END AS samples_share
        FROM act JOIN engagement_stock s ON s.id = act.stock_id
        LEFT JOIN directory_product p ON p.id = s.product_id
        LEFT JOIN engagement_domesticsales d
            ON d.org_id = act.org_id AND d.country = act.country
           AND d.year = extract(year FROM act.on_day)
        LEFT JOIN LATERAL (
            -- The company's own; worth in another currency cannot be added, so the sum is unknown.
            SELECT CASE WHEN count(*) FILTER (WHERE h.currency <> s.currency) = 0
                        THEN coalesce(sum(h.n_units * h.unit_value_minor), 0)::bigint END AS worth
            FROM engagement_handover h
            WHERE h.hcp_id = ANY (act.records) AND h.org_id = act.org_id
              AND h.status = 'done' AND h.kind = 'item'
              AND h.id IS DISTINCT FROM act.object_id
              AND h.handed_on BETWEEN date_trunc('year', act.on_day)::date AND act.on_day
        ) items ON true
    """,
)


def register() -> None:
    """Say what the room knows."""
    register_columns(CLOCK)
    register_columns(TALLIES)
    register_columns(CASES)
    register_columns(FIRST_USE)
    register_columns(HANDED)
