"""Transfers of value are their organisation's, and are never changed."""

from django.db import migrations

from entente.foundation.access import rls


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0001_initial"), ("engagement", "0002_walls")]
    operations = [
        rls.own("disclosures_transferofvalue"),
        rls.append_only("disclosures_transferofvalue"),
    ]
