"""How long what is kept, and the proofs of deletion."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.foundation.access import rls


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0004_subject_requests'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('what', models.CharField(max_length=40)),
                ('purpose', models.CharField(max_length=200)),
                ('keep_days', models.PositiveIntegerField()),
                ('because', models.CharField(max_length=300)),
                ('set_at', models.DateTimeField()),
                ('actor_id', models.UUIDField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('ran_at', models.DateTimeField()),
                ('ended_before', models.DateTimeField()),
                ('n_deleted', models.PositiveIntegerField()),
                ('ids_hash', models.CharField(max_length=64)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='consent.retentionrule')),
            ],
        ),
        migrations.AddIndex(
            model_name='retentionrule',
            index=models.Index(fields=['org', 'what', '-set_at'], name='retention_rules_newest'),
        ),
        migrations.AddIndex(
            model_name='retentionrun',
            index=models.Index(fields=['org', '-ran_at'], name='retention_runs_newest'),
        ),
        rls.own("consent_retentionrule"),
        rls.append_only("consent_retentionrule"),
        rls.own("consent_retentionrun"),
        rls.append_only("consent_retentionrun"),
    ]
