"""Searches for pairs of records that may be one person."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.foundation.access import rls


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0016_catalogue'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.CreateModel(
            name='SuspectSearch',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('asked_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('n_records', models.BigIntegerField(null=True)),
                ('n_queued', models.BigIntegerField(null=True)),
                ('n_joined', models.BigIntegerField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['org', '-asked_at'], name='searches_newest_first')],
            },
        ),
        rls.own('directory_suspectsearch'),
    ]
