"""Topics, what wordings showed, what countries ask, and the state that follows from them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.consent.reads.state_by_subject_sql import ADDRESS_KEY, STATE_BY_SUBJECT
from entente.foundation.access import rls

FROZEN = """
CREATE OR REPLACE FUNCTION app.consent_wording_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'staged' AND (NEW.text, NEW.version, NEW.country, NEW.language,
            NEW.controller_id, NEW.controllers, NEW.channels, NEW.purposes, NEW.topics)
            IS DISTINCT FROM (OLD.text, OLD.version, OLD.country, OLD.language,
            OLD.controller_id, OLD.controllers, OLD.channels, OLD.purposes, OLD.topics) THEN
        RAISE EXCEPTION 'wording % was shown to people and stays as it was', OLD.version
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
EMAILS_7D = """
SELECT min(newest.emails_7d) FROM (
    SELECT DISTINCT ON (p.org_id) p.emails_7d FROM consent_preference p
    WHERE p.hcp_id = person AND p.set_at <= moment
    ORDER BY p.org_id, p.set_at DESC, p.recorded_at DESC, p.id DESC) newest
"""
# Wordings of before belong to the legal entity that stands for their organisation.
OWNERS = """
UPDATE consent_wording w SET controller_id = (
    SELECT e.id FROM directory_legalentity e WHERE e.org_id = w.org_id
    ORDER BY e.is_main DESC, e.recorded_at, e.id LIMIT 1);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0002_walls'),
        ('directory', '0004_label_facts'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountryRule',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('country', models.CharField(max_length=2)),
                ('channel', models.CharField(max_length=16)),
                ('keeps_months', models.PositiveSmallIntegerField(null=True)),
                ('needs_own_wording', models.BooleanField(default=True)),
                ('needs_confirmation', models.BooleanField(default=False)),
                ('set_at', models.DateTimeField()),
                ('actor_id', models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=120)),
                ('retired_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='wording',
            name='one_active_wording',
        ),
        migrations.AddField(
            model_name='capture',
            name='country',
            field=models.CharField(blank=True, default='', db_default='', max_length=2),
        ),
        migrations.AddField(
            model_name='preference',
            name='emails_7d',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='relayed_from',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='wording',
            name='activator_key',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='wording',
            name='channels',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), default=list, size=None),
        ),
        migrations.AddField(
            model_name='wording',
            name='controller',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity'),
        ),
        migrations.AddField(
            model_name='wording',
            name='controllers',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='wording',
            name='purposes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), default=list, size=None),
        ),
        migrations.AddField(
            model_name='wording',
            name='retired_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='wording',
            name='topics',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='wording',
            name='writer_key',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'active')), fields=('org', 'controller', 'country', 'language'), name='one_active_wording_of_controller', nulls_distinct=False),
        ),
        migrations.AddField(
            model_name='countryrule',
            name='org',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation'),
        ),
        migrations.AddField(
            model_name='topic',
            name='org',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation'),
        ),
        migrations.AddField(
            model_name='capture',
            name='topic',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.topic'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='topic',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.topic'),
        ),
        migrations.AddConstraint(
            model_name='capture',
            constraint=models.CheckConstraint(condition=models.Q(('product__isnull', True), ('topic__isnull', True), _connector='OR'), name='capture_of_one_subject'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.UniqueConstraint(fields=('controller', 'relayed_from'), name='withdrawal_relayed_once'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(('product__isnull', True), ('topic__isnull', True), _connector='OR'), name='withdrawal_of_one_subject'),
        ),
        migrations.AddIndex(
            model_name='countryrule',
            index=models.Index(fields=['org', 'country', 'channel', '-set_at'], name='rules_of_country'),
        ),
        migrations.AddConstraint(
            model_name='topic',
            constraint=models.UniqueConstraint(fields=('org', 'name'), name='topic_named_once'),
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
        rls.own("consent_topic"),
        rls.own("consent_countryrule"),
        rls.append_only("consent_countryrule"),
        # The least of what the person asked of any organisation, each by its newest wish.
        rls.definer("consent_emails_7d", "person uuid, moment timestamptz", "integer", EMAILS_7D),
        migrations.RunSQL(ADDRESS_KEY, migrations.RunSQL.noop),
        migrations.RunSQL(STATE_BY_SUBJECT, migrations.RunSQL.noop),
    ]
