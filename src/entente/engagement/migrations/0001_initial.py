import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('alliances', '0002_walls'),
        ('content', '0002_walls'),
        ('directory', '0002_walls'),
        ('foundation', '0003_ledger'),
        ('policy', '0002_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='Expense',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('breakfast', 'Breakfast'), ('lunch', 'Lunch'), ('dinner', 'Dinner'), ('refreshment', 'Refreshment')], max_length=12)),
                ('setting', models.CharField(choices=[('office', 'Practice or office'), ('hospital', 'Hospital'), ('restaurant', 'Restaurant'), ('conference', 'Conference')], max_length=12)),
                ('spent_on', models.DateField()),
                ('country', models.CharField(max_length=2)),
                ('currency', models.CharField(max_length=3)),
                ('total_minor', models.BigIntegerField()),
                ('headcount', models.PositiveSmallIntegerField()),
                ('with_discussion', models.BooleanField()),
                ('takeaway', models.BooleanField()),
                ('guests', models.PositiveSmallIntegerField(default=0)),
                ('standing', models.CharField(choices=[('cleared', 'In order'), ('referred', 'Needs a person'), ('breach', 'Against a rule')], max_length=10)),
                ('recorded_by_id', models.UUIDField(null=True)),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.campaign')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity')),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
            ],
            options={
                'indexes': [models.Index(fields=['org', '-spent_on', '-id'], name='expense_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('total_minor__gt', 0)), name='expense_is_positive'), models.CheckConstraint(condition=models.Q(('headcount__gte', 1)), name='somebody_partook')],
            },
        ),
        migrations.CreateModel(
            name='ExpenseShare',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('amount_minor', models.BigIntegerField()),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.decision')),
                ('expense', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='engagement.expense')),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['hcp'], name='expense_share_by_hcp')],
                'constraints': [models.UniqueConstraint(fields=('expense', 'hcp'), name='one_share_per_expense_and_hcp')],
            },
        ),
        migrations.CreateModel(
            name='Send',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('channel', models.CharField(default='email', max_length=16)),
                ('purpose', models.CharField(max_length=16)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('status', models.CharField(choices=[('forbidden', 'Must not go'), ('referred', 'Needs a person'), ('queued', 'Waiting to leave'), ('sent', 'Sent'), ('withheld', 'Held back at the last check'), ('refused', 'Refused by the receiving server'), ('parked', 'Outcome unknown')], max_length=12)),
                ('requested_by_id', models.UUIDField(null=True)),
                ('sender_role', models.CharField(max_length=32)),
                ('requested_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=300)),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.campaign')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.decision')),
                ('delivery_decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.decision')),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.version')),
            ],
            options={
                'indexes': [models.Index(fields=['hcp', 'channel', '-requested_at'], name='send_by_hcp'), models.Index(fields=['campaign', 'status'], name='send_by_campaign'), models.Index(fields=['org', '-requested_at', '-id'], name='send_latest')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'hcp', 'version'), name='one_send_per_campaign_hcp_and_version')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('opt_out', 'Opted out'), ('bounce', 'Bounced'), ('complaint', 'Complained')], max_length=12)),
                ('responded_at', models.DateTimeField()),
                ('source', models.CharField(max_length=64)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('send', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='engagement.send')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('send', 'kind'), name='one_response_per_send_and_kind')],
            },
        ),
    ]
