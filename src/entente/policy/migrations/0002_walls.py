"""Decisions are seen by the organisation that asked; packs by everybody."""

from django.db import migrations

from entente.foundation.access import rls


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial"), ("foundation", "0003_ledger")]
    operations = [
        rls.own("policy_decision"),
        rls.append_only("policy_decision"),
        # Rule packs are the installation's and hold nothing about anybody.
        rls.custom("policy_packtext", select="true", insert="true", update="false"),
        rls.append_only("policy_packtext"),
        rls.custom("policy_packset", select="true", insert="true", update="false"),
        rls.append_only("policy_packset"),
    ]
