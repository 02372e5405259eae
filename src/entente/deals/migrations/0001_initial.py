import django.contrib.postgres.fields
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
            name='Deal',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('account_key', models.CharField(max_length=320)),
                ('site', models.CharField(blank=True, max_length=120)),
                ('site_key', models.CharField(blank=True, max_length=120)),
                ('kind', models.CharField(choices=[('new', 'New customer'), ('expansion', 'Expansion'), ('renewal', 'Renewal')], max_length=10)),
                ('confirmed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ('is_qualified', models.BooleanField()),
                ('value_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('registered_at', models.DateTimeField()),
                ('registered_by_id', models.UUIDField(null=True)),
                ('status', models.CharField(choices=[('submitted', 'Submitted'), ('refused', 'Not registered'), ('accepted_by_vendor', 'Accepted by the vendor'), ('accepted_by_partner', 'Accepted by the partner'), ('protected', 'Protected'), ('won', 'Won'), ('lost', 'Lost'), ('expired', 'Expired'), ('withdrawn', 'Withdrawn'), ('declined', 'Declined')], default='submitted', max_length=20)),
                ('status_since', models.DateTimeField()),
                ('closed_because', models.CharField(blank=True, max_length=300)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hco')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('solution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
            ],
            options={
                'indexes': [models.Index(fields=['org', '-id'], name='deal_latest'), models.Index(fields=['account'], name='deal_by_account'), models.Index(fields=['account_key', 'solution'], name='deal_by_opportunity')],
                'constraints': [models.CheckConstraint(condition=models.Q(('value_minor__gt', 0)), name='deal_value_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='DealBuyer',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('deal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='buyer', to='deals.deal')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DealSide',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('is_vendor', models.BooleanField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('accepted_by_id', models.UUIDField(null=True)),
                ('decision_id', models.UUIDField(null=True)),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sides', to='deals.deal')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('deal', 'org'), name='one_side_per_deal_and_org'), models.UniqueConstraint(fields=('deal', 'is_vendor'), name='one_vendor_one_partner')],
            },
        ),
        migrations.CreateModel(
            name='Protection',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('account_key', models.CharField(max_length=320)),
                ('site_key', models.CharField(blank=True, max_length=120)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(null=True)),
                ('deal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='protection', to='deals.deal')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('solution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
            ],
            options={
                'indexes': [models.Index(fields=['ends_at'], name='protection_by_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='protection_ends_after_it_starts')],
            },
        ),
    ]
