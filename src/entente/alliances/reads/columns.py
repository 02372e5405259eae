"""What the room tells the gate about the campaign and the charter behind an act."""

from __future__ import annotations

from entente.foundation.facts import Columns, register_columns

CAMPAIGN = """
    WITH asked AS (
        SELECT DISTINCT a.campaign_id, a.at, a.on_day FROM act a WHERE a.campaign_id IS NOT NULL
    ), known AS (
        SELECT k.at, k.on_day, c.id,
               CASE WHEN c.status_since <= k.at THEN c.status END AS status,
               EXISTS (SELECT 1 FROM alliances_privacygate g
                       WHERE g.campaign_id = c.id AND g.passed_at <= k.at) AS privacy_gate_passed,
               EXISTS (SELECT 1 FROM alliances_budgetline b WHERE b.campaign_id = c.id)
                   AND app.alliances_not_agreed(c.id, k.at) = 0 AS budget_recorded,
               c.launch_on - k.on_day AS days_to_start,
               h.to_on - k.on_day AS charter_days_left,
               h.emails_30d AS charter_emails_30d,
               coalesce(
                   h.from_on <= k.on_day AND h.to_on >= k.on_day
                   AND (h.ended_on IS NULL OR h.ended_on > k.on_day)
                   AND NOT EXISTS (
                       SELECT 1 FROM alliances_charterside s WHERE s.charter_id = h.id
                       AND NOT (s.agreed_at IS NOT NULL AND s.agreed_at <= k.at
                                AND s.agreed_hash = h.terms_hash))
                   AND NOT EXISTS (
                       SELECT 1 FROM alliances_campaignside p WHERE p.campaign_id = c.id
                       AND NOT EXISTS (SELECT 1 FROM alliances_charterside s
                                       WHERE s.charter_id = h.id AND s.org_id = p.org_id)),
                   false) AS charter_in_force
        FROM asked k JOIN alliances_campaign c ON c.id = k.campaign_id
        LEFT JOIN alliances_charter h ON h.id = c.charter_id
    )
    SELECT act.n, known.status, known.privacy_gate_passed, known.budget_recorded,
           known.days_to_start, known.charter_in_force, known.charter_days_left,
           known.charter_emails_30d
    FROM act JOIN known
      ON known.id = act.campaign_id AND known.at = act.at AND known.on_day = act.on_day
"""

# An act outside a campaign has no other party, so nobody else's stop can bind it. The
# function sees every organisation's withdrawals and tells no more than yes or no.
OTHER_STOP = """
    WITH others AS (
        SELECT k.campaign_id, array_agg(s.org_id) AS orgs
        FROM (SELECT DISTINCT a.campaign_id, a.org_id FROM act a) k
        JOIN alliances_campaignside s ON s.campaign_id = k.campaign_id AND s.org_id <> k.org_id
        GROUP BY k.campaign_id
    )
    SELECT act.n,
           CASE WHEN others.orgs IS NULL THEN false
                ELSE app.consent_stopped_anywhere(act.recipient_id, others.orgs, act.at)
           END AS stopped
    FROM act LEFT JOIN others ON others.campaign_id = act.campaign_id
    WHERE act.recipient_id IS NOT NULL
"""


def register() -> None:
    """Register the facts of the grains ``campaign`` and ``campaign_recipient``."""
    register_columns(
        Columns(
            room="alliances",
            grain="campaign",
            keys=("n",),
            facts={
                "campaign.status": "status",
                "campaign.privacy_gate_passed": "privacy_gate_passed",
                "campaign.budget_recorded": "budget_recorded",
                "campaign.days_to_start": "days_to_start",
                "charter.in_force": "charter_in_force",
                "charter.days_left": "charter_days_left",
                "charter.emails_cap_30d": "charter_emails_30d",
            },
            select=CAMPAIGN,
        )
    )
    register_columns(
        Columns(
            room="alliances",
            grain="campaign_recipient",
            keys=("n",),
            facts={"suppression.other_controller": "stopped"},
            select=OTHER_STOP,
        )
    )
