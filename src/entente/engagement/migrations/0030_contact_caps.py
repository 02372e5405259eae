"""Caps over all channels: contacts with a person are counted together."""

from django.db import migrations

from entente.engagement.reads.contacts_sql import CONTACTS_OF_PERSON


class Migration(migrations.Migration):
    dependencies = [("engagement", "0029_meetings")]
    operations = [
        migrations.RunSQL(
            CONTACTS_OF_PERSON,
            "DROP FUNCTION"
            " app.engagement_contacts(uuid, text, timestamptz, uuid, uuid, uuid, uuid)",
        )
    ]
