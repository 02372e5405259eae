"""Samples and items handed over: who sees them, what never changes, which numbers cross."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.conf import settings
from django.db import migrations, models

from entente.engagement.reads import stock_sql
from entente.foundation.access import rls


class Migration(migrations.Migration):

    dependencies = [
        ('alliances', '0002_walls'),
        ('directory', '0022_loads_in_parts'),
        ('engagement', '0023_events'),
        ('foundation', '0007_certificates'),
        ('policy', '0006_audits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('number', models.CharField(max_length=40)),
                ('expires_on', models.DateField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('client_id', models.UUIDField()),
                ('kind', models.CharField(max_length=6)),
                ('item_kind', models.CharField(blank=True, max_length=20)),
                ('n_units', models.PositiveSmallIntegerField()),
                ('unit_value_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('country', models.CharField(max_length=2)),
                ('place', models.CharField(choices=[('practice', 'Practice, hospital or office'), ('stand', 'Stand at a congress of somebody else')], max_length=8)),
                ('status', models.CharField(choices=[('referred', 'Needs a person'), ('approved', 'Approved, not handed over yet'), ('forbidden', 'Refused'), ('done', 'Handed over'), ('cancelled', 'Cancelled')], max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('handed_on', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('sender_role', models.CharField(max_length=32)),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.campaign')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.decision')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
                ('touch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.touch')),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='engagement.lot')),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('signed_on', models.DateField()),
                ('signer_name', models.CharField(max_length=200)),
                ('signature_kind', models.CharField(choices=[('typed', 'Typed'), ('drawn', 'Drawn')], max_length=5)),
                ('signature', models.TextField(blank=True, max_length=20000)),
                ('taken_by_id', models.UUIDField(null=True)),
                ('hand_over', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='engagement.handover')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SampleRequest',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('n_packs', models.PositiveSmallIntegerField()),
                ('signed_on', models.DateField()),
                ('signer_name', models.CharField(max_length=200)),
                ('signature_kind', models.CharField(choices=[('typed', 'Typed'), ('drawn', 'Drawn')], max_length=5)),
                ('signature', models.TextField(blank=True, max_length=20000)),
                ('taken_by_id', models.UUIDField(null=True)),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
            ],
        ),
        migrations.AddField(
            model_name='handover',
            name='request',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='engagement.samplerequest'),
        ),
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('sample', 'Sample'), ('item', 'Item')], max_length=6)),
                ('item_kind', models.CharField(blank=True, choices=[('educational', 'Educational, for the HCP'), ('patient_education', 'Educational, for patients'), ('medical_utility', 'Medical utility'), ('reminder', 'Reminder'), ('personal', 'Personal gift'), ('cash_equivalent', 'Cash or what stands for it')], max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('unit_value_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('tax_basis', models.CharField(blank=True, choices=[('with_tax', 'With tax'), ('without_tax', 'Without tax')], max_length=12)),
                ('is_smallest_pack', models.BooleanField(null=True)),
                ('is_marked_free', models.BooleanField(null=True)),
                ('has_characteristics', models.BooleanField(null=True)),
                ('is_controlled', models.BooleanField(null=True)),
                ('is_starter_pack', models.BooleanField(null=True)),
                ('patients_per_pack', models.PositiveSmallIntegerField(null=True)),
                ('is_branded', models.BooleanField(null=True)),
                ('is_inexpensive', models.BooleanField(null=True)),
                ('is_for_practice', models.BooleanField(null=True)),
                ('benefits_patients', models.BooleanField(null=True)),
                ('is_certified', models.BooleanField(null=True)),
                ('offsets_practice_cost', models.BooleanField(null=True)),
                ('has_independent_value', models.BooleanField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.product')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('org', 'name'), name='stock_named_once'), models.CheckConstraint(condition=models.Q(('unit_value_minor__gte', 0)), name='stock_value_is_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('item_kind', ''), ('kind', 'sample'), ('product__isnull', False)), models.Q(('kind', 'item'), models.Q(('item_kind', ''), _negated=True)), _connector='OR'), name='a_sample_has_a_product_and_an_item_a_kind')],
            },
        ),
        migrations.AddField(
            model_name='samplerequest',
            name='stock',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.stock'),
        ),
        migrations.AddField(
            model_name='lot',
            name='stock',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='engagement.stock'),
        ),
        migrations.AddField(
            model_name='handover',
            name='stock',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.stock'),
        ),
        migrations.CreateModel(
            name='StockMove',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('received', 'Received'), ('handed', 'Handed over'), ('returned', 'Returned'), ('lost', 'Lost or stolen'), ('counted', 'Difference found by a count')], max_length=8)),
                ('n_units', models.IntegerField()),
                ('moved_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('recorded_by_id', models.UUIDField(null=True)),
                ('hand_over', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='engagement.handover')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='engagement.lot')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'received'), ('n_units__gt', 0)), models.Q(('kind__in', ['handed', 'returned', 'lost']), ('n_units__lt', 0)), ('kind', 'counted'), _connector='OR'), name='a_movement_has_its_sign'), models.CheckConstraint(condition=models.Q(models.Q(('hand_over__isnull', False), ('kind', 'handed')), models.Q(models.Q(('kind', 'handed'), _negated=True), ('hand_over__isnull', True)), _connector='OR'), name='what_is_handed_over_names_to_whom')],
                'indexes': [models.Index(models.F('lot'), models.F('holder'), models.OrderBy(models.F('moved_at'), descending=True), name='stock_move_by_lot'), models.Index(fields=['org', '-moved_at', '-id'], name='stock_move_latest')],
            },
        ),
        migrations.CreateModel(
            name='DomesticSales',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('country', models.CharField(max_length=2)),
                ('year', models.PositiveSmallIntegerField()),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('org', 'country', 'year'), name='one_figure_of_sales_per_year'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='sales_are_positive')],
            },
        ),
        migrations.CreateModel(
            name='Carried',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('n_units', models.PositiveIntegerField(default=0)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='carried', to='engagement.lot')),
            ],
            options={
                'indexes': [models.Index(fields=['holder'], name='carried_by_holder')],
                'constraints': [models.UniqueConstraint(fields=('lot', 'holder'), name='one_line_per_lot_and_holder'), models.CheckConstraint(condition=models.Q(('n_units__gte', 0)), name='nobody_carries_less_than_0')],
            },
        ),
        migrations.AddIndex(
            model_name='samplerequest',
            index=models.Index(fields=['hcp', 'product', 'signed_on'], name='sample_request_by_hcp'),
        ),
        migrations.AddConstraint(
            model_name='samplerequest',
            constraint=models.CheckConstraint(condition=models.Q(('n_packs__gte', 1)), name='somebody_asked_for_packs'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.UniqueConstraint(fields=('stock', 'number'), name='lot_numbered_once'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['org', '-asked_at', '-id'], name='hand_over_latest'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('status', 'done')), fields=['hcp', 'handed_on'], name='hand_over_by_hcp'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('kind', 'sample'), ('status', 'done')), fields=['org', 'country', 'handed_on'], name='hand_over_samples_of_year'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(fields=('org', 'client_id'), name='one_hand_over_per_client_id'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('n_units__gte', 1)), name='something_is_handed_over'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('handed_on__isnull', False), ('status', 'done')), models.Q(models.Q(('status', 'done'), _negated=True), ('handed_on__isnull', True)), _connector='OR'), name='what_is_handed_over_has_its_day'),
        ),
        rls.own("engagement_stock"),
        rls.own("engagement_lot"),
        rls.own("engagement_carried"),
        rls.own("engagement_stockmove"),
        rls.append_only("engagement_stockmove"),
        rls.own("engagement_samplerequest"),
        rls.append_only("engagement_samplerequest"),
        rls.own("engagement_receipt"),
        rls.append_only("engagement_receipt"),
        rls.own("engagement_domesticsales"),
        rls.own("engagement_handover"),
        rls.states(
            "engagement_handover",
            "status",
            {
                "referred": ("approved", "forbidden", "cancelled"),
                "approved": ("done", "referred", "forbidden", "cancelled"),
                "forbidden": (),
                "done": (),
                "cancelled": (),
            },
        ),
        migrations.RunSQL(stock_sql.IMMUTABLE, migrations.RunSQL.noop),
        rls.definer(
            "engagement_sample_packs",
            "person uuid, of_product uuid, day date, itself uuid",
            "bigint",
            stock_sql.SAMPLE_PACKS,
        ),
        rls.definer(
            "engagement_first_request",
            "person uuid, of_product uuid",
            "date",
            stock_sql.FIRST_REQUEST,
        ),
    ]
