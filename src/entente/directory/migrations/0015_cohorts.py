"""Cohort rules are each organisation's own; what was signed stays as it was signed."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.conf import settings
from django.db import migrations, models

from entente.foundation.access import rls


MOVES = {"draft": ("signed", "withdrawn"), "signed": ("withdrawn",)}
FROZEN = """
    CREATE FUNCTION app.directory_cohortrule_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE free text[] := ARRAY['status', 'signature_id', 'withdrawn_at', 'withdrawn_because'];
    BEGIN
        IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
            RAISE EXCEPTION 'cohort rule %: its definition does not change; draft another one',
                OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER directory_cohortrule_frozen BEFORE UPDATE ON directory_cohortrule
        FOR EACH ROW EXECUTE FUNCTION app.directory_cohortrule_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0014_territories'),
        ('foundation', '0006_qualification'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CentreOfExcellence',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('area', models.CharField(max_length=120)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('hco', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hco')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('to_on__isnull', True)), fields=('org', 'hco', 'area'), name='centre_named_once_at_a_time'), models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='centre_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='CohortRule',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=120)),
                ('purpose', models.CharField(max_length=500)),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), default=list, size=None)),
                ('states', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('specialties', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=250), default=list, size=None)),
                ('taxonomy_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('centre_area', models.CharField(blank=True, max_length=120)),
                ('minimum_cell', models.PositiveIntegerField(default=11)),
                ('expires_on', models.DateField()),
                ('content_hash', models.CharField(max_length=64)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('signed', 'Signed'), ('withdrawn', 'Withdrawn')], default='draft', max_length=16)),
                ('author_key', models.CharField(blank=True, max_length=64)),
                ('drafted_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_because', models.CharField(blank=True, max_length=300)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('signature', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.signature')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'withdrawn'), _negated=True), fields=('org', 'name'), name='cohort_named_once'), models.CheckConstraint(condition=models.Q(('minimum_cell__gte', 11)), name='cohort_cell_not_too_small'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'signed'), _negated=True), ('signature__isnull', False), _connector='OR'), name='cohort_signed_by_somebody')],
            },
        ),
        rls.own("directory_centreofexcellence"),
        rls.own("directory_cohortrule"),
        rls.states("directory_cohortrule", "status", MOVES),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]
