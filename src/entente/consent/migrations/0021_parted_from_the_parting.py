"""What parting two records restricts counts from the parting, and keeps to its topic."""

from django.db import migrations

from entente.consent.reads.joined_sql import PARTED


class Migration(migrations.Migration):
    dependencies = [("consent", "0020_joined_persons")]
    operations = [migrations.RunSQL(PARTED, migrations.RunSQL.noop)]
