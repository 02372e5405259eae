"""Data-share contracts, lists, comparisons: tables, walls, and the functions that compare."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

from entente.consent.reads import overlap_people_sql, overlap_sql, share_sql
from entente.foundation.access import rls

IN_FORCE = "contract_id IN (SELECT app.consent_shares_open())"
PARTY = "contract_id IN (SELECT app.consent_sharecontract_mine())"
WALLS = [
    rls.joint_header("consent_sharecontract", "consent_sharecontractside", "contract_id"),
    rls.joint_side("consent_sharecontractside", "contract_id", "consent_sharecontract"),
    rls.own("consent_partnerlist"),
    # What a list holds is written once and then only read, by its owner alone; the host is
    # no exception.
    rls.custom(
        "consent_partnerlistentry", select=rls.MINE, insert=rls.MINE, update="false", delete="false"
    ),
    *[
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            share_sql.STATE,
            share_sql.OPEN,
            share_sql.FROZEN,
            share_sql.SIDE,
            share_sql.LISTS,
            *overlap_sql.ALL,
            overlap_people_sql.PEOPLE,
        )
    ],
    # Written by app.consent_compare alone; seen by both parties while the contract is in force.
    rls.custom("consent_overlapcomparison", select=IN_FORCE, insert="false", update="false"),
    # Who matched whom is for the functions only.
    rls.custom("consent_overlapmember", select="false", insert="false", update="false"),
    # Written by app.consent_overlap_people alone; both parties see who looked, for good.
    rls.custom("consent_shareread", select=PARTY, insert="false", update="false"),
    rls.append_only("consent_shareread"),
]


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0005_retention'),
        ('directory', '0016_catalogue'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.AlterField(
            model_name='capture',
            name='purpose',
            field=models.CharField(choices=[('promotion', 'Product information'), ('education', 'Disease education'), ('medical', 'Medical information'), ('event', 'Events'), ('disclosure', 'Disclosure of payments'), ('sharing', 'Passing on to a partner')], max_length=16),
        ),
        migrations.AlterField(
            model_name='withdrawal',
            name='purpose',
            field=models.CharField(blank=True, choices=[('promotion', 'Product information'), ('education', 'Disease education'), ('medical', 'Medical information'), ('event', 'Events'), ('disclosure', 'Disclosure of payments'), ('sharing', 'Passing on to a partner')], max_length=16),
        ),
        migrations.CreateModel(
            name='PartnerList',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('version', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('people', 'People'), ('organisations', 'Organisations')], max_length=16)),
                ('source', models.CharField(blank=True, max_length=255)),
                ('data_licence', models.CharField(blank=True, max_length=300)),
                ('licensed_fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, default=list, size=None)),
                ('n_entries', models.PositiveIntegerField(default=0)),
                ('loaded_at', models.DateTimeField()),
                ('loaded_by_name', models.CharField(max_length=200)),
                ('sealed_at', models.DateTimeField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='PartnerListEntry',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('npi', models.CharField(blank=True, max_length=10)),
                ('org_system', models.CharField(blank=True, max_length=32)),
                ('org_value', models.CharField(blank=True, max_length=64)),
                ('domain', models.CharField(blank=True, max_length=253)),
                ('digest', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Cast(django.db.models.functions.text.MD5(models.Func('npi', models.Value('|'), 'org_system', models.Value('|'), 'org_value', models.Value('|'), 'domain', arg_joiner=' || ', output_field=models.TextField(), template='%(expressions)s')), models.UUIDField()), output_field=models.UUIDField())),
                ('name', models.CharField(blank=True, max_length=300)),
                ('specialty', models.CharField(blank=True, max_length=250)),
                ('city', models.CharField(blank=True, max_length=200)),
                ('us_state', models.CharField(blank=True, max_length=100)),
                ('affiliation', models.CharField(blank=True, max_length=300)),
                ('email', models.CharField(blank=True, max_length=300)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('label_specialty', models.CharField(blank=True, max_length=250)),
                ('label_state', models.CharField(blank=True, max_length=100)),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.partnerlist')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='ShareContract',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('purpose', models.TextField()),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, default=list, size=None)),
                ('breakdown', models.CharField(choices=[('none', 'Total only'), ('specialty', 'By specialty'), ('state', 'By state')], max_length=16)),
                ('min_cell', models.PositiveSmallIntegerField(default=11)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField()),
                ('data_licence', models.CharField(max_length=300)),
                ('legal_basis', models.CharField(choices=[('consent', 'Consent of each person'), ('authorisation', 'Written authorisation of each person (HIPAA)'), ('legitimate_interest', 'Legitimate interest, balanced in writing'), ('public_source', 'Public registry data only'), ('counts_only', 'None needed: counts only')], max_length=32)),
                ('deidentification', models.CharField(choices=[('small_cells', 'Counts with small cells suppressed'), ('expert', 'Expert determination (45 CFR 164.514(b)(1))'), ('safe_harbor', 'Safe harbor (45 CFR 164.514(b)(2))'), ('none', 'None: named persons under the legal basis')], max_length=32)),
                ('authorisation_ref', models.CharField(blank=True, max_length=200)),
                ('agreement_ref', models.CharField(max_length=200)),
                ('terms_hash', models.CharField(max_length=64)),
                ('written_by_name', models.CharField(max_length=200)),
                ('proposed_at', models.DateTimeField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('partner', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('replaces', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='consent.sharecontract')),
            ],
        ),
        migrations.CreateModel(
            name='OverlapComparison',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(max_length=16)),
                ('breakdown', models.CharField(max_length=16)),
                ('min_cell', models.PositiveSmallIntegerField()),
                ('asked_by_org', models.UUIDField()),
                ('asked_by_id', models.UUIDField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('outcome', models.CharField(max_length=16)),
                ('total', models.PositiveIntegerField(null=True)),
                ('published', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=250), default=list, size=None)),
                ('cells', models.JSONField(default=list)),
                ('first_org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('repeats', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.overlapcomparison')),
                ('second_org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('first_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.partnerlist')),
                ('second_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.partnerlist')),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.sharecontract')),
            ],
        ),
        migrations.CreateModel(
            name='ShareContractSide',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('signed_at', models.DateTimeField(null=True)),
                ('signed_hash', models.CharField(blank=True, max_length=64)),
                ('signer_name', models.CharField(blank=True, max_length=200)),
                ('signer_title', models.CharField(blank=True, max_length=200)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by_name', models.CharField(blank=True, max_length=200)),
                ('ended_because', models.TextField(blank=True)),
                ('offered_at', models.DateTimeField(null=True)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sides', to='consent.sharecontract')),
                ('controller', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.legalentity')),
                ('offered_list', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.partnerlist')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('signature', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.signature')),
            ],
        ),
        migrations.CreateModel(
            name='ShareRead',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('reader_org', models.UUIDField()),
                ('reader_id', models.UUIDField(null=True)),
                ('n_persons', models.PositiveIntegerField()),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, default=list, size=None)),
                ('read_at', models.DateTimeField()),
                ('comparison', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.overlapcomparison')),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.sharecontract')),
            ],
        ),
        migrations.CreateModel(
            name='OverlapMember',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('element', models.UUIDField()),
                ('matched_on', models.CharField(max_length=16)),
                ('first_entry_id', models.UUIDField()),
                ('second_entry_id', models.UUIDField()),
                ('label', models.CharField(blank=True, max_length=250)),
                ('comparison', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.overlapcomparison')),
            ],
            options={
                'indexes': [models.Index(fields=['comparison', 'element'], name='overlap_members')],
            },
        ),
        migrations.AddIndex(
            model_name='partnerlist',
            index=models.Index(fields=['org', '-loaded_at', '-id'], name='lists_newest_first'),
        ),
        migrations.AddConstraint(
            model_name='partnerlist',
            constraint=models.UniqueConstraint(fields=('org', 'name', 'version'), name='list_version_once'),
        ),
        migrations.AddConstraint(
            model_name='partnerlist',
            constraint=models.CheckConstraint(condition=models.Q(('licensed_fields__contained_by', ['npi', 'name', 'specialty', 'city', 'state', 'affiliation', 'email', 'phone'])), name='list_fields_known'),
        ),
        migrations.AddConstraint(
            model_name='partnerlistentry',
            constraint=models.UniqueConstraint(fields=('list', 'digest'), name='list_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='partnerlistentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('domain', ''), ('org_system', ''), ('org_value', ''), models.Q(('npi', ''), _negated=True)), models.Q(('domain', ''), ('npi', ''), models.Q(('org_system', ''), _negated=True), models.Q(('org_value', ''), _negated=True)), models.Q(('npi', ''), ('org_system', ''), ('org_value', ''), models.Q(('domain', ''), _negated=True)), _connector='OR'), name='list_entry_has_one_key'),
        ),
        migrations.AddConstraint(
            model_name='sharecontract',
            constraint=models.CheckConstraint(condition=models.Q(('to_on__gte', models.F('from_on'))), name='share_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='sharecontract',
            constraint=models.CheckConstraint(condition=models.Q(('min_cell__gte', 11)), name='share_cell_large_enough'),
        ),
        migrations.AddConstraint(
            model_name='sharecontract',
            constraint=models.CheckConstraint(condition=models.Q(('fields__contained_by', ['npi', 'name', 'specialty', 'city', 'state', 'affiliation', 'email', 'phone'])), name='share_fields_known'),
        ),
        migrations.AddIndex(
            model_name='overlapcomparison',
            index=models.Index(fields=['first_org', 'second_org', 'recorded_at'], name='overlap_of_pair'),
        ),
        migrations.AddIndex(
            model_name='overlapcomparison',
            index=models.Index(fields=['contract', '-recorded_at'], name='overlap_of_share'),
        ),
        migrations.AddConstraint(
            model_name='sharecontractside',
            constraint=models.UniqueConstraint(fields=('contract', 'org'), name='one_side_per_share_and_org'),
        ),
        migrations.AddIndex(
            model_name='shareread',
            index=models.Index(fields=['contract', '-recorded_at'], name='reads_of_share'),
        ),
        *WALLS,
    ]
