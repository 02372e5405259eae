"""What sources say of single fields, and which fields their licence keeps from partners."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.directory.reads.withheld_sql import WITHHELD
from entente.foundation.access import rls

# Two spellings that differ in case, points and blanks alone agree, and so do a ZIP and its ZIP+4.
FOLDED = """
    CREATE FUNCTION app.directory_folded(field text, value text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN field = 'postal_code' AND f.folded ~ '^[0-9]{9}$' THEN left(f.folded, 5)
                    ELSE f.folded END
        FROM (SELECT lower(regexp_replace(value, '[^[:alnum:]]+', '', 'g')) AS folded) f
    $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0018_sources'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.CreateModel(
            name='FieldValue',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('field', models.CharField(max_length=32)),
                ('value', models.CharField(max_length=300)),
                ('source', models.CharField(max_length=32)),
                ('holds', models.BooleanField(default=False)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('verified_on', models.DateField(null=True)),
                ('verified_by', models.UUIDField(null=True)),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='field_values', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('source_load', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.sourceload')),
            ],
            options={
                'indexes': [models.Index(fields=['hcp', 'field'], name='values_of_field')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('hcp', 'field', 'source'), name='one_value_per_source_now'), models.UniqueConstraint(condition=models.Q(('holds', True), ('valid_to__isnull', True)), fields=('hcp', 'field'), name='one_value_holds_now')],
            },
        ),
        rls.own('directory_fieldvalue'),
        migrations.RunSQL(FOLDED, migrations.RunSQL.noop),
        # A partner reads the record, not the terms of whoever keeps it: it is told what to leave out.
        rls.definer('directory_withheld', 'ids uuid[], fields text[]', 'TABLE (hcp_id uuid, field text)', WITHHELD, rows=100),
    ]
