"""Price books and categories of partners are each organisation's own."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.foundation.access import rls


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0015_cohorts'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.AddField(
            model_name='product',
            name='nature',
            field=models.CharField(choices=[('brand', 'Brand'), ('solution', 'Solution')], db_default='brand', default='brand', max_length=16),
        ),
        migrations.AddField(
            model_name='product',
            name='owner_entity',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity'),
        ),
        migrations.CreateModel(
            name='PartnerCategory',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('category', models.CharField(choices=[('technology', 'Technology'), ('channel', 'Channel or systems integrator'), ('complementary', 'Complementary'), ('provider_org', 'Provider organisation'), ('payer', 'Payer'), ('society', 'Medical society'), ('patient_org', 'Patient group'), ('telehealth', 'Telehealth'), ('other', 'Other')], max_length=24)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('to_on__isnull', True)), fields=('org', 'organisation'), name='one_category_at_a_time'), models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='category_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='ProductPrice',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('country', models.CharField(max_length=2)),
                ('currency', models.CharField(max_length=3)),
                ('unit', models.CharField(max_length=60)),
                ('amount_minor', models.BigIntegerField()),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='directory.product')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('to_on__isnull', True)), fields=('org', 'product', 'country', 'currency', 'unit'), name='one_current_price'), models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0)), name='price_not_below_zero'), models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='price_ends_after_it_begins')],
            },
        ),
        rls.own("directory_partnercategory"),
        rls.own("directory_productprice"),
    ]
