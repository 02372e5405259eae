"""FHIR resources as received, and identifiers of people in any system."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.foundation.access import rls


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0006_identity_walls'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.AlterField(
            model_name='hco',
            name='system',
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name='hco',
            name='value',
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name='hcoidentifier',
            name='system',
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name='hcoidentifier',
            name='value',
            field=models.CharField(max_length=200),
        ),
        migrations.CreateModel(
            name='FhirResource',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('resource_type', models.CharField(max_length=32)),
                ('logical_id', models.CharField(blank=True, max_length=64)),
                ('full_url', models.CharField(blank=True, max_length=500)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('key_system', models.CharField(max_length=200)),
                ('key_value', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('row_hash', models.UUIDField()),
                ('received_at', models.DateTimeField()),
                ('affiliation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directory.affiliation')),
                ('hco', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='fhir_resources', to='directory.hco')),
                ('hcp', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='fhir_resources', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('source_load', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.sourceload')),
            ],
            options={
                'indexes': [models.Index(fields=['resource_type', 'logical_id'], name='fhir_by_logical_id'), models.Index(fields=['hcp', 'resource_type'], name='fhir_of_hcp'), models.Index(fields=['hco', 'resource_type'], name='fhir_of_hco')],
                'constraints': [models.UniqueConstraint(fields=('org', 'resource_type', 'key_system', 'key_value', 'logical_id'), name='fhir_resource_once')],
            },
        ),
        migrations.CreateModel(
            name='HcpIdentifier',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('system', models.CharField(max_length=200)),
                ('value', models.CharField(max_length=200)),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identifiers', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['system', 'value'], name='hcp_by_identifier')],
                'constraints': [models.UniqueConstraint(fields=('org', 'system', 'value'), name='hcp_identifier_once')],
            },
        ),
        # An identifier is as public as the registry row; a resource may say more than a registry.
        rls.public("directory_hcpidentifier"),
        rls.own("directory_fhirresource"),
    ]
