import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0002_walls'),
        ('foundation', '0003_ledger'),
        ('foundation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('text', models.CharField(max_length=1500)),
                ('market', models.CharField(max_length=2)),
                ('in_label', models.BooleanField(default=False)),
                ('label_section', models.CharField(blank=True, max_length=100)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('in_label', False), models.Q(('label_section', ''), _negated=True), _connector='OR'), name='claim_in_label_names_its_section')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('promo', 'Promotion of a product'), ('educational', 'Education'), ('disease_awareness', 'Disease awareness'), ('scientific_exchange', 'Scientific exchange'), ('response', 'Answer to a question'), ('service', 'Service notice')], max_length=24)),
                ('cobranded', models.BooleanField(default=False)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ItemSide',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sides', to='content.item')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'org'), name='one_side_per_item_and_org')],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('title', models.CharField(max_length=300)),
                ('source', models.CharField(max_length=300)),
                ('anchor', models.CharField(max_length=100)),
                ('url', models.URLField(blank=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='references', to='content.claim')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('number', models.PositiveIntegerField()),
                ('subject', models.CharField(max_length=200)),
                ('html', models.TextField()),
                ('text', models.TextField()),
                ('markets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), size=None)),
                ('audiences', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None)),
                ('expires_on', models.DateField()),
                ('support_statement', models.TextField(blank=True)),
                ('content_hash', models.CharField(max_length=64)),
                ('status', models.CharField(choices=[('draft', 'draft'), ('in_review', 'in_review'), ('approved', 'approved'), ('rejected', 'rejected'), ('superseded', 'superseded'), ('withdrawn', 'withdrawn')], default='draft', max_length=12)),
                ('author_name', models.CharField(max_length=200)),
                ('author_keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('has_unsubscribe_link', models.BooleanField(default=False)),
                ('has_postal_address', models.BooleanField(default=False)),
                ('has_support_statement', models.BooleanField(default=False)),
                ('is_ad_identified', models.BooleanField(default=False)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('review_due_on', models.DateField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('rejected_at', models.DateTimeField(null=True)),
                ('superseded_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='content.item')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['status', 'submitted_at'], name='version_by_status')],
                'constraints': [models.UniqueConstraint(fields=('item', 'number'), name='one_version_per_number'), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('item',), name='one_draft_per_item')],
            },
        ),
        migrations.CreateModel(
            name='ClaimUse',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='content.claim')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.item')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claim_uses', to='content.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'claim'), name='claim_once_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('verdict', models.CharField(choices=[('approve', 'approve'), ('approve_with_changes', 'approve_with_changes'), ('refuse', 'refuse')], max_length=24)),
                ('comment', models.TextField(blank=True)),
                ('signer_name', models.CharField(max_length=200)),
                ('signer_title', models.CharField(blank=True, max_length=200)),
                ('person_key', models.CharField(max_length=64)),
                ('content_hash', models.CharField(max_length=64)),
                ('signed_at', models.DateTimeField()),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('signature', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.signature')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.item')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='content.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'person_key'), name='one_verdict_per_person_and_version'), models.CheckConstraint(condition=models.Q(('verdict', 'approve'), models.Q(('comment', ''), _negated=True), _connector='OR'), name='verdict_other_than_approval_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('reason', models.TextField()),
                ('by_name', models.CharField(max_length=200)),
                ('withdrawn_at', models.DateTimeField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.item')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='content.version')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
