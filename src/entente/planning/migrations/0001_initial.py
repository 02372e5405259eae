import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('alliances', '0002_walls'),
        ('directory', '0002_walls'),
        ('foundation', '0003_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='Audience',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('rule', models.JSONField()),
                ('sentence', models.CharField(max_length=1000)),
                ('chosen_at', models.DateTimeField()),
                ('n_members', models.PositiveIntegerField()),
                ('members_hash', models.CharField(max_length=64)),
                ('launched_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.campaign')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['campaign', '-chosen_at'], name='audience_by_campaign')],
            },
        ),
        migrations.CreateModel(
            name='AudienceMember',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('audience', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='planning.audience')),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('audience', 'hcp'), name='one_place_per_hcp_and_audience')],
            },
        ),
    ]
