"""Permissions of a person with several records, and what holds once records are parted."""

from django.db import migrations

from entente.consent.reads.joined_sql import PARTED, STATE_OF_PERSON, STOPPED_ANYWHERE_OF_PERSON


class Migration(migrations.Migration):
    dependencies = [("consent", "0011_share_contracts"), ("directory", "0016_catalogue")]
    operations = [
        migrations.RunSQL(STATE_OF_PERSON, migrations.RunSQL.noop),
        migrations.RunSQL(STOPPED_ANYWHERE_OF_PERSON, migrations.RunSQL.noop),
        migrations.RunSQL(PARTED, migrations.RunSQL.noop),
    ]
