"""Who is in an audience is known to the organisation that chose it; partners see numbers."""

from django.db import migrations

from entente.foundation.access import rls


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial"), ("foundation", "0003_ledger")]
    operations = [rls.own("planning_audience"), rls.own("planning_audiencemember")]
