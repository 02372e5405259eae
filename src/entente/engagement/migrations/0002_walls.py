"""Sends and expenses are their organisation's; caps see all, and tell numbers only."""

from django.db import migrations

from entente.foundation.access import rls


class Migration(migrations.Migration):
    dependencies = [("engagement", "0001_initial"), ("consent", "0002_walls")]
    operations = [
        rls.own("engagement_send"),
        rls.states(
            "engagement_send",
            "status",
            {
                "queued": ("sent", "withheld", "refused", "parked"),
                "parked": ("sent", "withheld", "refused"),
                "refused": ("sent", "withheld", "parked"),
                "forbidden": (),
                "referred": (),
                "withheld": (),
                "sent": (),
            },
        ),
        rls.own("engagement_response"),
        rls.append_only("engagement_response"),
        rls.own("engagement_expense"),
        rls.own("engagement_expenseshare"),
        rls.append_only("engagement_expenseshare"),
        # Queued sends count: a place is taken when it is asked for, not when it is used.
        rls.definer(
            "engagement_sends_since",
            "person uuid, way text, since timestamptz, itself uuid",
            "bigint",
            """
            SELECT count(*) FROM engagement_send
            WHERE hcp_id = person AND channel = way AND purpose = 'promotion'
              AND requested_at > since AND status IN ('queued', 'sent', 'parked')
              AND id IS DISTINCT FROM itself
            """,
        ),
        # The person's own wish and signs of fatigue lower the cap, nothing raises it:
        # one complaint, or an opt-out elsewhere, halves it for 60 days.
        rls.definer(
            "engagement_cap_30d",
            "person uuid, way text, moment timestamptz",
            "integer",
            """
            SELECT least(
                4,
                (SELECT min(p.emails_30d) FROM consent_preference p WHERE p.hcp_id = person),
                CASE WHEN EXISTS (
                    SELECT 1 FROM engagement_response r JOIN engagement_send s ON s.id = r.send_id
                    WHERE s.hcp_id = person AND s.channel = way AND r.kind = 'complaint'
                      AND r.responded_at > moment - interval '60 days'
                ) THEN 2 END
            )
            """,
        ),
        rls.definer(
            "engagement_meals_in_year",
            "person uuid, day date, itself uuid",
            "bigint",
            """
            SELECT count(*) FROM engagement_expenseshare s JOIN engagement_expense e ON e.id = s.expense_id
            WHERE s.hcp_id = person AND e.id IS DISTINCT FROM itself
              AND date_trunc('year', e.spent_on) = date_trunc('year', day)
            """,
        ),
    ]
