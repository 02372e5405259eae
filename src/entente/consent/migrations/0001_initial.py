import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0002_walls'),
        ('foundation', '0003_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='Capture',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('phone', 'Telephone'), ('fax', 'Fax'), ('post', 'Post'), ('in_person', 'In person'), ('web', 'Web'), ('social', 'Social media'), ('any', 'Any channel')], max_length=16)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('source', models.CharField(max_length=64)),
                ('actor_id', models.UUIDField(null=True)),
                ('import_hash', models.UUIDField(null=True)),
                ('purpose', models.CharField(choices=[('promotion', 'Product information'), ('education', 'Disease education'), ('medical', 'Medical information'), ('event', 'Events'), ('disclosure', 'Disclosure of payments')], max_length=16)),
                ('wording_version', models.CharField(blank=True, max_length=64)),
                ('method', models.CharField(max_length=32)),
                ('proof_ref', models.CharField(blank=True, max_length=200)),
                ('captured_at', models.DateTimeField()),
                ('expires_on', models.DateField(null=True)),
                ('needs_confirmation', models.BooleanField(default=False)),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity')),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
            ],
            options={
                'indexes': [models.Index(fields=['hcp', 'controller', 'channel', 'purpose', '-captured_at'], name='captures_of_person')],
                'constraints': [models.UniqueConstraint(fields=('org', 'import_hash'), name='capture_imported_once')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('confirmed_at', models.DateTimeField()),
                ('source', models.CharField(max_length=64)),
                ('capture', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='consent.capture')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('emails_30d', models.PositiveSmallIntegerField(null=True)),
                ('paused_until', models.DateField(null=True)),
                ('source', models.CharField(max_length=64)),
                ('set_at', models.DateTimeField()),
                ('actor_id', models.UUIDField(null=True)),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['hcp', '-set_at'], name='preferences_of_person')],
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('stop', 'Asked by the person'), ('never', 'Required by law')], default='stop', max_length=8)),
                ('reason', models.CharField(max_length=300)),
                ('source', models.CharField(max_length=64)),
                ('address_mark', models.CharField(blank=True, max_length=64)),
                ('suppressed_at', models.DateTimeField()),
                ('actor_id', models.UUIDField(null=True)),
                ('controller', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity')),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['hcp', '-suppressed_at'], name='suppressions_of_person')],
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('phone', 'Telephone'), ('fax', 'Fax'), ('post', 'Post'), ('in_person', 'In person'), ('web', 'Web'), ('social', 'Social media'), ('any', 'Any channel')], max_length=16)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('source', models.CharField(max_length=64)),
                ('actor_id', models.UUIDField(null=True)),
                ('import_hash', models.UUIDField(null=True)),
                ('purpose', models.CharField(blank=True, choices=[('promotion', 'Product information'), ('education', 'Disease education'), ('medical', 'Medical information'), ('event', 'Events'), ('disclosure', 'Disclosure of payments')], max_length=16)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('withdrawn_at', models.DateTimeField()),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity')),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
            ],
            options={
                'indexes': [models.Index(fields=['hcp', 'controller', '-withdrawn_at'], name='withdrawals_of_person')],
                'constraints': [models.UniqueConstraint(fields=('org', 'import_hash'), name='withdrawal_imported_once')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('version', models.CharField(max_length=64)),
                ('country', models.CharField(max_length=2)),
                ('language', models.CharField(max_length=16)),
                ('text', models.TextField()),
                ('status', models.CharField(choices=[('staged', 'Staged'), ('active', 'Active'), ('inactive', 'Inactive')], default='staged', max_length=8)),
                ('activated_at', models.DateTimeField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('org', 'version'), name='wording_version_once'), models.UniqueConstraint(condition=models.Q(('status', 'active')), fields=('org', 'country', 'language'), name='one_active_wording')],
            },
        ),
    ]
