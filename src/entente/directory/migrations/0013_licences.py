"""Licences to practise are public, as the registries are that issue them; rows only end."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.foundation.access import rls


# One state at a time of one licence; an unknown beginning lies before every day.
ONE_STATE = """
    ALTER TABLE directory_licence ADD CONSTRAINT licence_in_one_state_at_a_time
        EXCLUDE USING gist (hcp_id WITH =, country WITH =, region WITH =, number WITH =,
                            kind WITH =, daterange(from_on, expires_on, '[]') WITH &&);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0012_contacts'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.CreateModel(
            name='Licence',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('country', models.CharField(max_length=2)),
                ('region', models.CharField(blank=True, max_length=10)),
                ('number', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('practise', 'To practise'), ('prescribe', 'To prescribe controlled substances'), ('dispense', 'To dispense')], default='practise', max_length=16)),
                ('status', models.CharField(choices=[('active', 'Active'), ('suspended', 'Suspended'), ('revoked', 'Revoked'), ('surrendered', 'Surrendered'), ('lapsed', 'Lapsed')], max_length=16)),
                ('from_on', models.DateField(blank=True, null=True)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=64)),
                ('verified_on', models.DateField(blank=True, null=True)),
                ('row_hash', models.UUIDField(null=True)),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='licences', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['hcp', 'kind'], name='licences_of_hcp')],
                'constraints': [models.CheckConstraint(condition=models.Q(('from_on__isnull', True), ('expires_on__isnull', True), ('expires_on__gte', models.F('from_on')), _connector='OR'), name='licence_expires_after_it_begins')],
            },
        ),
        rls.public("directory_licence"),
        migrations.RunSQL(ONE_STATE, migrations.RunSQL.noop),
    ]
