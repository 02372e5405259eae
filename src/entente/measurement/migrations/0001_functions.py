"""Numbers of a campaign over all its parties: for a party of it, and numbers only."""

from django.db import migrations

from entente.foundation.access import rls

PARTY = "campaign IN (SELECT app.alliances_campaign_mine())"


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("alliances", "0002_walls"),
        ("engagement", "0002_walls"),
        ("policy", "0002_walls"),
    ]
    operations = [
        # By the rules that spoke where something was stopped; a delivery that was held
        # back has a decision of its own.
        rls.definer(
            "measurement_sends",
            "campaign uuid",
            "TABLE (status text, rule_ids text[], n bigint)",
            f"""
            SELECT s.status::text,
                   CASE WHEN s.status IN ('forbidden', 'referred', 'withheld')
                        THEN d.rule_ids::text[] ELSE ARRAY[]::text[] END,
                   count(*)
            FROM engagement_send s
            JOIN policy_decision d ON d.id = coalesce(s.delivery_decision_id, s.decision_id)
            WHERE s.campaign_id = campaign AND {PARTY}
            GROUP BY 1, 2
            """,
            rows=50,
        ),
        rls.definer(
            "measurement_responses",
            "campaign uuid",
            "TABLE (kind text, n bigint)",
            f"""
            SELECT r.kind::text, count(*)
            FROM engagement_response r JOIN engagement_send s ON s.id = r.send_id
            WHERE s.campaign_id = campaign AND {PARTY}
            GROUP BY 1
            """,
            rows=5,
        ),
    ]
