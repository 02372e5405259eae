import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('content', '0002_walls'),
        ('directory', '0002_walls'),
        ('foundation', '0003_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='Charter',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('purpose', models.TextField()),
                ('measures', models.TextField(blank=True)),
                ('way_out', models.TextField(blank=True)),
                ('shared_fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None)),
                ('emails_30d', models.PositiveSmallIntegerField()),
                ('from_on', models.DateField()),
                ('to_on', models.DateField()),
                ('terms_hash', models.CharField(max_length=64)),
                ('ended_on', models.DateField(null=True)),
                ('ended_because', models.TextField(blank=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('to_on__gte', models.F('from_on'))), name='charter_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('purpose', models.CharField(choices=[('promotion', 'Promotion'), ('education', 'Education'), ('medical', 'Medical'), ('event', 'Event')], max_length=16)),
                ('kind', models.CharField(choices=[('launch', 'Product launch'), ('thought', 'Thought leadership'), ('demand', 'Demand generation'), ('brand', 'Brand building')], max_length=16)),
                ('country', models.CharField(max_length=2)),
                ('launch_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('ceiling_minor', models.BigIntegerField()),
                ('status', models.CharField(choices=[('idea', 'idea'), ('planning', 'planning'), ('privacy', 'privacy'), ('content', 'content'), ('funded', 'funded'), ('ready', 'ready'), ('live', 'live'), ('paused', 'paused'), ('closing', 'closing'), ('reconciled', 'reconciled'), ('archived', 'archived')], default='idea', max_length=12)),
                ('status_since', models.DateTimeField()),
                ('terms_hash', models.CharField(max_length=64)),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.version')),
                ('charter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='alliances.charter')),
            ],
            options={
                'indexes': [models.Index(fields=['status', 'launch_on'], name='campaign_by_status')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('launch_on'))), name='campaign_ends_after_its_launch'), models.CheckConstraint(condition=models.Q(('ceiling_minor__gte', 0)), name='campaign_ceiling_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='CharterSide',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('agreed_at', models.DateTimeField(null=True)),
                ('agreed_hash', models.CharField(blank=True, max_length=64)),
                ('signer_name', models.CharField(blank=True, max_length=200)),
                ('signer_title', models.CharField(blank=True, max_length=200)),
                ('charter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sides', to='alliances.charter')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('signature', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.signature')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('charter', 'org'), name='one_side_per_charter_and_org')],
            },
        ),
        migrations.CreateModel(
            name='PrivacyGate',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('passed_by', models.CharField(max_length=200)),
                ('passed_at', models.DateTimeField()),
                ('note', models.TextField()),
                ('terms_hash', models.CharField(max_length=64)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='privacy_gates', to='alliances.campaign')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('title', models.CharField(max_length=200)),
                ('lane', models.CharField(max_length=8)),
                ('offset_days', models.IntegerField()),
                ('lead_workdays', models.PositiveSmallIntegerField(default=0)),
                ('due_on', models.DateField()),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.CharField(blank=True, max_length=200)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='alliances.campaign')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['org', 'due_on'], name='task_open')],
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('category', models.CharField(choices=[('content', 'Content'), ('media', 'Media and sending'), ('event', 'Event'), ('research', 'Research'), ('agency', 'Agency'), ('other', 'Other')], max_length=16)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('rule', models.CharField(choices=[('equal', 'Equal parts (50/50 for two)'), ('tiered', 'Tiered by contribution band'), ('fixed', 'Fixed amounts, one party carries the rest'), ('capped', 'By share, up to a cap')], max_length=8)),
                ('shares', models.JSONField(default=dict)),
                ('currency', models.CharField(max_length=3)),
                ('estimate_minor', models.BigIntegerField()),
                ('committed_minor', models.BigIntegerField(default=0)),
                ('actual_minor', models.BigIntegerField(default=0)),
                ('evidence', models.CharField(blank=True, max_length=200)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='budget_lines', to='alliances.campaign')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('actual_minor__gte', 0), ('committed_minor__gte', 0), ('estimate_minor__gte', 0)), name='budget_amounts_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='CampaignSide',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('agreed_at', models.DateTimeField(null=True)),
                ('agreed_hash', models.CharField(blank=True, max_length=64)),
                ('signer_name', models.CharField(blank=True, max_length=200)),
                ('signer_title', models.CharField(blank=True, max_length=200)),
                ('share', models.DecimalField(decimal_places=6, max_digits=7)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sides', to='alliances.campaign')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('signature', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.signature')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'org'), name='one_side_per_campaign_and_org'), models.CheckConstraint(condition=models.Q(('share__gte', 0), ('share__lte', 1)), name='side_share_from_0_to_1')],
            },
        ),
    ]
