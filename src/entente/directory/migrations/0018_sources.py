"""What an organisation says of its sources, and which loads were good enough to be used."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.foundation.access import rls


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0017_suspect_search'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.AddField(
            model_name='sourceload',
            name='n_complete',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='sourceload',
            name='n_judged',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='sourceload',
            name='not_used_because',
            field=models.CharField(blank=True, db_default='', default='', max_length=500),
        ),
        migrations.AddField(
            model_name='sourceload',
            name='outcome',
            field=models.CharField(choices=[('used', 'Used'), ('not_used', 'Not used')], db_default='used', default='used', max_length=8),
        ),
        migrations.CreateModel(
            name='SourceTerms',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('key', models.CharField(max_length=32)),
                ('name', models.CharField(max_length=100)),
                ('trust', models.PositiveSmallIntegerField()),
                ('field_trust', models.JSONField(default=dict)),
                ('licence', models.CharField(max_length=300)),
                ('allows', models.CharField(choices=[('internal', 'Inside the organisation only'), ('partners', 'Partners may see it'), ('public', 'Anybody may see it')], max_length=8)),
                ('field_allows', models.JSONField(default=dict)),
                ('bar_bp', models.PositiveIntegerField(default=2500)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.UUIDField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('org', 'key'), name='terms_once_per_source'), models.CheckConstraint(condition=models.Q(('trust__lte', 100)), name='trust_to_100'), models.CheckConstraint(condition=models.Q(('bar_bp__lte', 10000)), name='bar_to_whole')],
            },
        ),
        rls.own('directory_sourceterms'),
    ]
