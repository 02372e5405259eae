"""Business contacts are each organisation's own."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.foundation.access import rls


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0011_hierarchy'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('family_name', models.CharField(max_length=200)),
                ('given_name', models.CharField(blank=True, max_length=200)),
                ('kind', models.CharField(choices=[('buyer', 'Buyer'), ('executive', 'Executive'), ('payer_staff', 'Payer staff'), ('formulary_staff', 'Formulary committee'), ('clinic_staff', 'Clinic staff'), ('partner_staff', 'Partner staff'), ('other', 'Other')], max_length=24)),
                ('role', models.CharField(blank=True, max_length=200)),
                ('authority', models.CharField(choices=[('signs', 'Signs'), ('recommends', 'Recommends'), ('influences', 'Influences'), ('informs', 'Informs'), ('unknown', 'Not known')], default='unknown', max_length=16)),
                ('employer_name', models.CharField(blank=True, max_length=300)),
                ('country', models.CharField(max_length=2)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=32)),
                ('source_key', models.CharField(blank=True, max_length=64, null=True)),
                ('row_hash', models.UUIDField(null=True)),
                ('name_key', models.CharField(max_length=600)),
                ('search_text', models.TextField()),
                ('employer_hco', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hco')),
                ('employer_organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='ContactAddress',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('phone', 'Telephone')], max_length=16)),
                ('value', models.CharField(max_length=300)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='directory.contact')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['org', 'name_key', 'id'], name='contacts_by_name'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['employer_hco', 'name_key'], name='contacts_of_hco'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(fields=('org', 'source_key'), name='contact_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('employer_hco__isnull', True), ('employer_organisation__isnull', True), _connector='OR'), name='contact_has_one_employer'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['buyer', 'executive', 'payer_staff', 'formulary_staff', 'clinic_staff', 'partner_staff', 'other'])), name='contact_is_no_patient'),
        ),
        migrations.AddConstraint(
            model_name='contactaddress',
            constraint=models.UniqueConstraint(condition=models.Q(('to_on__isnull', True)), fields=('contact', 'channel'), name='one_current_address_of_a_contact'),
        ),
        migrations.AddConstraint(
            model_name='contactaddress',
            constraint=models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='address_ends_after_it_begins'),
        ),
        rls.own("directory_contact"),
        rls.own("directory_contactaddress"),
    ]
