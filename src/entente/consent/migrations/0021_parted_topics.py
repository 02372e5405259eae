"""Parted records keep the topic of what is copied or taken back."""

from django.db import migrations

from entente.consent.reads.parted_sql import PARTED_BY_SUBJECT


class Migration(migrations.Migration):
    dependencies = [("consent", "0020_joined_persons")]
    operations = [migrations.RunSQL(PARTED_BY_SUBJECT, migrations.RunSQL.noop)]
