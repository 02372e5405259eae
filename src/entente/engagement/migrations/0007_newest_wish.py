"""Of the wishes how often to write, the newest in force counts, not the lowest ever."""

from django.db import migrations

from entente.engagement.reads.wishes_sql import CAP_BY_NEWEST_WISH, NEWEST_WISH


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0006_joined_persons"),
        ("consent", "0020_joined_persons"),
    ]
    operations = [
        migrations.RunSQL(NEWEST_WISH, migrations.RunSQL.noop),
        migrations.RunSQL(CAP_BY_NEWEST_WISH, migrations.RunSQL.noop),
    ]
