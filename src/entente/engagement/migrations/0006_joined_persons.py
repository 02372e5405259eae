"""Caps, meals and open cases of a person with several records."""

from django.db import migrations

from entente.engagement.reads.joined_sql import OF_PERSON


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0005_answered_referrals"),
        ("consent", "0020_joined_persons"),
    ]
    operations = [migrations.RunSQL(OF_PERSON, migrations.RunSQL.noop)]
