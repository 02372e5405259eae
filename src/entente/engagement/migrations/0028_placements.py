"""Publications on digital channels: who sees them, how they move, which figures stay."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.engagement.reads import placements_sql
from entente.foundation.access import rls


class Migration(migrations.Migration):

    dependencies = [
        ('alliances', '0002_walls'),
        ('content', '0031_study_walls'),
        ('directory', '0022_loads_in_parts'),
        ('engagement', '0027_detailing'),
        ('foundation', '0008_more_roles'),
        ('policy', '0006_audits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('reference', models.CharField(max_length=16)),
                ('channel', models.CharField(choices=[('social', 'Social media'), ('search', 'Search'), ('display', 'Display'), ('consumer', 'Consumer media'), ('press', 'Press release'), ('podcast', 'Podcast'), ('video', 'Video'), ('portal', 'Portal'), ('app', 'App message'), ('sms', 'SMS')], max_length=12)),
                ('markets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), size=None)),
                ('audience', models.CharField(choices=[('hcp', 'HCPs'), ('public', 'The public'), ('patient', 'Patients'), ('partner', 'Partners')], max_length=12)),
                ('outlet', models.CharField(max_length=200)),
                ('target_url', models.CharField(blank=True, max_length=500)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(null=True)),
                ('media_line', models.CharField(blank=True, max_length=120)),
                ('planned_minor', models.BigIntegerField(default=0)),
                ('currency', models.CharField(max_length=3)),
                ('shows_spend', models.BooleanField(default=True)),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('cleared', 'Cleared'), ('live', 'Live'), ('ended', 'Ended'), ('withdrawn', 'Withdrawn')], default='planned', max_length=12)),
                ('planned_at', models.DateTimeField()),
                ('planned_by_name', models.CharField(max_length=200)),
                ('cleared_at', models.DateTimeField(null=True)),
                ('live_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_because', models.CharField(blank=True, max_length=500)),
                ('closed_by_name', models.CharField(blank=True, max_length=200)),
                ('taken_down_at', models.DateTimeField(null=True)),
                ('budget_line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.budgetline')),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.campaign')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.version')),
            ],
            options={
                'indexes': [models.Index(fields=['org', '-planned_at', '-id'], name='placement_latest'), models.Index(fields=['version', 'status'], name='placement_by_version')],
                'constraints': [models.UniqueConstraint(fields=('reference',), name='one_placement_per_reference'), models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='placement_ends_after_its_start'), models.CheckConstraint(condition=models.Q(('planned_minor__gte', 0)), name='placement_plan_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['live', 'ended']), _negated=True), ('live_at__isnull', False), _connector='OR'), name='placement_live_since')],
            },
        ),
        migrations.CreateModel(
            name='PlacementSide',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sides', to='engagement.placement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('placement', 'org'), name='one_side_per_placement_and_org')],
            },
        ),
        migrations.CreateModel(
            name='PlacementAnswer',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('market', models.CharField(max_length=2)),
                ('stage', models.CharField(choices=[('clearing', 'Clearing'), ('going_live', 'Going live')], max_length=12)),
                ('outcome', models.CharField(max_length=8)),
                ('sentence', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField()),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.decision')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='engagement.placement')),
            ],
            options={
                'indexes': [models.Index(fields=['placement', '-asked_at'], name='answers_of_placement')],
            },
        ),
        migrations.CreateModel(
            name='PlacementFigure',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('on', models.DateField()),
                ('what', models.CharField(choices=[('impressions', 'Impressions'), ('clicks', 'Clicks'), ('engagements', 'Engagements'), ('video_views', 'Video views'), ('completions', 'Completions'), ('downloads', 'Downloads'), ('pickups', 'Pick-ups'), ('followers', 'Followers'), ('delivered', 'Delivered'), ('failed', 'Failed'), ('opted_out', 'Opted out'), ('spend', 'Spend')], max_length=12)),
                ('amount', models.BigIntegerField()),
                ('source', models.CharField(max_length=200)),
                ('told_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='engagement.placement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('placement', 'on', 'what'), name='one_figure_per_placement_and_day'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='placement_figure_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='MessageList',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('made_at', models.DateTimeField()),
                ('made_by_name', models.CharField(max_length=200)),
                ('expires_at', models.DateTimeField()),
                ('handed_out_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lists', to='engagement.placement')),
            ],
            options={
                'indexes': [models.Index(fields=['placement', '-made_at'], name='lists_of_placement')],
            },
        ),
        migrations.AddField(
            model_name='send',
            name='message_list',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sends', to='engagement.messagelist'),
        ),
        rls.joint_header("engagement_placement", "engagement_placementside", "placement_id"),
        rls.states("engagement_placement", "status", placements_sql.STATES),
        rls.joint_side("engagement_placementside", "placement_id", "engagement_placement"),
        rls.custom(
            "engagement_placementanswer",
            select="placement_id IN (SELECT app.engagement_placement_mine())",
            insert=placements_sql.OWN_PLACEMENT,
            update="false",
        ),
        rls.append_only("engagement_placementanswer"),
        # The side that spends tells the figures; the other parties read them.
        rls.custom(
            "engagement_placementfigure",
            select=placements_sql.FIGURES_SEEN,
            insert=placements_sql.OWN_PLACEMENT,
            update=placements_sql.OWN_PLACEMENT,
        ),
        migrations.RunSQL(placements_sql.FIGURE_STAYS, migrations.RunSQL.noop),
        # Whom a company writes to is its own list.
        rls.own("engagement_messagelist"),
        migrations.RunSQL(placements_sql.FIRST_USE, migrations.RunSQL.noop),
    ]
