"""Territories are each organisation's own; two that agree compare their cover by counts."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.conf import settings
from django.db import migrations, models

from entente.foundation.access import rls

OWN = (
    "directory_territory",
    "directory_territoryversion",
    "directory_territoryexception",
    "directory_territoryassignment",
    "directory_territorymember",
    "directory_alignment",
    "directory_territorychallenge",
    "directory_coveragreement",
)
CHALLENGE_MOVES = {"open": ("accepted", "rejected", "withdrawn")}

# Which organisations agreed to compare with the one that asks; their rows stay their own.
COVER_AGREED = """
    SELECT org_id FROM directory_coveragreement
    WHERE partner_id = app.ctx_org() AND from_on <= today AND (to_on IS NULL OR to_on > today)
"""

# Counts by state of two field forces, for two organisations that both agreed. They are those of
# the first day of a month: whoever could ask anew after each change of his own territories would
# learn from the difference whom the other one covers. A cell is told only if neither it nor what
# is left of a number that the asker knows is smaller than eleven.
JOINT_COVER = """
    WITH agreed AS (
        SELECT 1 FROM directory_coveragreement mine JOIN directory_coveragreement theirs
            ON theirs.org_id = mine.partner_id AND theirs.partner_id = mine.org_id
        WHERE mine.org_id = app.ctx_org() AND mine.partner_id = other
          AND mine.from_on <= today AND (mine.to_on IS NULL OR mine.to_on > today)
          AND theirs.from_on <= today AND (theirs.to_on IS NULL OR theirs.to_on > today)
        LIMIT 1
    ), first AS (
        SELECT date_trunc('month', today)::date AS on_day FROM agreed
    ), covered AS (
        SELECT m.hcp_id, bool_or(m.org_id <> other) AS mine, bool_or(m.org_id = other) AS theirs
        FROM first JOIN directory_territorymember m
            ON m.from_on <= first.on_day AND (m.to_on IS NULL OR m.to_on > first.on_day)
        WHERE m.org_id IN ((SELECT app.ctx_org()), other)
        GROUP BY m.hcp_id
    ), cells AS (
        SELECT h.us_state AS state, count(*) FILTER (WHERE c.mine AND c.theirs) AS both_n,
               count(*) FILTER (WHERE c.mine AND NOT c.theirs) AS mine_n,
               count(*) FILTER (WHERE c.theirs AND NOT c.mine) AS theirs_n,
               count(*) FILTER (WHERE c.hcp_id IS NULL) AS neither_n
        FROM first CROSS JOIN directory_hcp h LEFT JOIN covered c ON c.hcp_id = h.id
        WHERE h.identity_status IN ('candidate', 'unverified', 'verified') AND h.us_state <> ''
        GROUP BY h.us_state
    )
    SELECT state::text, CASE WHEN both_n >= 11 AND mine_n >= 11 THEN both_n END,
           CASE WHEN both_n >= 11 AND mine_n >= 11 THEN mine_n END,
           CASE WHEN theirs_n >= 11 AND neither_n >= 11 THEN theirs_n END,
           CASE WHEN theirs_n >= 11 AND neither_n >= 11 THEN neither_n END
    FROM cells ORDER BY state
"""


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0013_licences'),
        ('foundation', '0006_qualification'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Territory',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=120)),
                ('force', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('geographic', 'Geographic'), ('accounts', 'Named accounts')], max_length=16)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('takes_uncovered', models.BooleanField(default=False)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='TerritoryAssignment',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('territory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='directory.territory')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='TerritoryChallenge',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('wanted', models.CharField(choices=[('add', 'Put into the territory'), ('remove', 'Take out of the territory')], max_length=8)),
                ('reason', models.CharField(max_length=500)),
                ('status', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], default='open', max_length=16)),
                ('raised_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('territory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='challenges', to='directory.territory')),
            ],
        ),
        migrations.CreateModel(
            name='TerritoryException',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('is_added', models.BooleanField()),
                ('reason', models.CharField(max_length=300)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('hco', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hco')),
                ('hcp', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('territory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exceptions', to='directory.territory')),
            ],
        ),
        migrations.CreateModel(
            name='TerritoryMember',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('basis', models.CharField(choices=[('rule', 'By the rule'), ('account', 'Works at a named account'), ('exception', 'By an exception')], max_length=16)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('territory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.territory')),
            ],
        ),
        migrations.CreateModel(
            name='TerritoryVersion',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('number', models.PositiveIntegerField()),
                ('country', models.CharField(max_length=2)),
                ('states', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('zip_prefixes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('specialties', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=250), default=list, size=None)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('territory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='directory.territory')),
            ],
        ),
        migrations.CreateModel(
            name='Alignment',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('as_of', models.DateField()),
                ('asked_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('n_begun', models.BigIntegerField(default=0)),
                ('n_ended', models.BigIntegerField(default=0)),
                ('n_members', models.BigIntegerField(default=0)),
                ('by_state', models.JSONField(default=dict)),
                ('by_territory', models.JSONField(default=dict)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['org', '-asked_at'], name='alignments_newest_first')],
            },
        ),
        migrations.CreateModel(
            name='CoverAgreement',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('to_on__isnull', True)), fields=('org', 'partner'), name='one_cover_agreement_at_a_time'), models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='cover_agreement_ends_after_it_begins')],
            },
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.UniqueConstraint(fields=('org', 'force', 'name'), name='territory_named_once'),
        ),
        migrations.AddConstraint(
            model_name='territoryassignment',
            constraint=models.UniqueConstraint(condition=models.Q(('to_on__isnull', True)), fields=('territory', 'user'), name='assigned_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='territoryassignment',
            constraint=models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='assignment_ends_after_it_begins'),
        ),
        migrations.AddIndex(
            model_name='territorychallenge',
            index=models.Index(fields=['org', 'status', 'raised_at'], name='challenges_by_status'),
        ),
        migrations.AddConstraint(
            model_name='territorychallenge',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('territory', 'hcp'), name='one_open_challenge_of_a_person'),
        ),
        migrations.AddConstraint(
            model_name='territoryexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hco__isnull', True), ('hcp__isnull', False)), models.Q(('hco__isnull', False), ('hcp__isnull', True), ('is_added', True)), _connector='OR'), name='exception_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='territoryexception',
            constraint=models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='exception_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='territoryexception',
            constraint=models.UniqueConstraint(condition=models.Q(('hcp__isnull', False), ('to_on__isnull', True)), fields=('territory', 'hcp'), name='one_exception_of_a_person'),
        ),
        migrations.AddConstraint(
            model_name='territoryexception',
            constraint=models.UniqueConstraint(condition=models.Q(('hco__isnull', False), ('to_on__isnull', True)), fields=('territory', 'hco'), name='one_exception_of_an_account'),
        ),
        migrations.AddIndex(
            model_name='territorymember',
            index=models.Index(fields=['hcp', 'from_on'], name='territories_of_hcp'),
        ),
        migrations.AddIndex(
            model_name='territorymember',
            index=models.Index(fields=['territory', 'from_on'], name='members_of_territory'),
        ),
        migrations.AddConstraint(
            model_name='territorymember',
            constraint=models.UniqueConstraint(condition=models.Q(('to_on__isnull', True)), fields=('territory', 'hcp'), name='member_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='territorymember',
            constraint=models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='member_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='territoryversion',
            constraint=models.UniqueConstraint(fields=('territory', 'number'), name='version_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='territoryversion',
            constraint=models.UniqueConstraint(condition=models.Q(('to_on__isnull', True)), fields=('territory',), name='one_rule_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='territoryversion',
            constraint=models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='territory_rule_ends_after_it_begins'),
        ),
        *[rls.own(table) for table in OWN],
        rls.definer(
            "directory_cover_agreed",
            "today date",
            "TABLE (organisation_id uuid)",
            COVER_AGREED,
            rows=10,
        ),
        rls.states("directory_territorychallenge", "status", CHALLENGE_MOVES),
        rls.definer(
            "directory_joint_cover",
            "other uuid, today date",
            "TABLE (state text, both_n bigint, mine_n bigint, theirs_n bigint, neither_n bigint)",
            JOINT_COVER,
            rows=60,
        ),
    ]
