"""Whether a piece of content has left before, told to every party of it as yes or no."""

from django.db import migrations

from entente.foundation.access import rls


class Migration(migrations.Migration):
    dependencies = [("engagement", "0003_medical_case")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX send_by_version ON engagement_send (version_id) WHERE status = 'sent'",
            "DROP INDEX send_by_version",
        ),
        rls.definer(
            "engagement_first_use",
            "piece uuid, moment timestamptz",
            "boolean",
            """
            SELECT NOT EXISTS (
                SELECT 1 FROM engagement_send s
                WHERE s.version_id = piece AND s.status = 'sent' AND s.settled_at < moment
            )
            """,
        ),
    ]
