"""What the room knows for the gate: what a recipient got this year."""

from __future__ import annotations

from entente.foundation.facts import Columns, register_columns

# Meals and items are captured a moment after they are recorded, so those that are not captured yet
# are counted where they stand. The amounts are US cents: the rules that ask, ask about
# dollars only.
YEAR = Columns(
    room="disclosures",
    grain="recipient_year",
    keys=("n",),
    facts={"tally.tov_year": "tov_year"},
    select="""
        SELECT act.n,
               (SELECT coalesce(sum(t.amount_minor), 0)::bigint FROM disclosures_transferofvalue t
                WHERE t.hcp_id = ANY (act.records)
                  AND t.currency = 'USD'
                  AND t.program_year = extract(year FROM act.on_day)
                  AND t.source_id IS DISTINCT FROM act.object_id)
             + (SELECT coalesce(sum(s.amount_minor), 0)::bigint
                FROM engagement_expenseshare s JOIN engagement_expense e ON e.id = s.expense_id
                WHERE s.hcp_id = ANY (act.records)
                  AND e.currency = 'USD'
                  AND extract(year FROM e.spent_on) = extract(year FROM act.on_day)
                  AND e.id IS DISTINCT FROM act.object_id
                  AND NOT EXISTS (SELECT 1 FROM disclosures_transferofvalue t
                                  WHERE t.source_kind = 'engagement.expense'
                                    AND t.source_id = e.id AND t.hcp_id = s.hcp_id)
               )
             + (SELECT coalesce(sum(h.n_units * h.unit_value_minor), 0)::bigint
                FROM engagement_handover h
                WHERE h.hcp_id = ANY (act.records) AND h.status = 'done'
                  AND h.kind = 'item' AND h.item_kind <> 'patient_education'
                  AND h.currency = 'USD'
                  AND extract(year FROM h.handed_on) = extract(year FROM act.on_day)
                  AND h.id IS DISTINCT FROM act.object_id
                  AND NOT EXISTS (SELECT 1 FROM disclosures_transferofvalue t
                                  WHERE t.source_kind = 'engagement.hand_over'
                                    AND t.source_id = h.id)
               ) AS tov_year
        FROM act WHERE act.recipient_id IS NOT NULL
    """,
)


def register() -> None:
    """Say what the room knows."""
    register_columns(YEAR)
