"""Change requests, their lines and what proves them; they proceed in one direction only."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.conf import settings
from django.db import migrations, models

from entente.foundation.access import rls

STATUS_MOVES = {
    "draft": ("submitted", "withdrawn"),
    "submitted": ("partially_accepted", "accepted", "rejected", "withdrawn"),
    "partially_accepted": (),
    "accepted": (),
    "rejected": (),
    "withdrawn": (),
}
VERDICT_MOVES = {"open": ("accepted", "rejected"), "accepted": (), "rejected": ()}


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0019_field_values'),
        ('foundation', '0006_qualification'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangeLine',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('field', models.CharField(max_length=32)),
                ('old_value', models.CharField(blank=True, max_length=300)),
                ('new_value', models.CharField(max_length=300)),
                ('verdict', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('rejected', 'Rejected')], default='open', max_length=8)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
        ),
        migrations.AddField(
            model_name='fieldvalue',
            name='change_line',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.changeline'),
        ),
        migrations.CreateModel(
            name='ChangeRequest',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waits for a steward'), ('partially_accepted', 'Partly accepted'), ('accepted', 'Accepted'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], default='draft', max_length=20)),
                ('reason', models.CharField(max_length=500)),
                ('asked_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
        ),
        migrations.AddField(
            model_name='changeline',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='directory.changerequest'),
        ),
        migrations.CreateModel(
            name='ChangeEvidence',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=32)),
                ('n_bytes', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('added_at', models.DateTimeField()),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='directory.changerequest')),
            ],
        ),
        migrations.AddIndex(
            model_name='changerequest',
            index=models.Index(fields=['org', '-asked_at', '-id'], name='changes_newest_first'),
        ),
        migrations.AddIndex(
            model_name='changerequest',
            index=models.Index(fields=['hcp', 'status'], name='changes_of_hcp'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted', 'partially_accepted', 'accepted', 'rejected', 'withdrawn'])), name='change_status_known'),
        ),
        migrations.AddConstraint(
            model_name='changeline',
            constraint=models.UniqueConstraint(fields=('request', 'field'), name='asked_once_per_field'),
        ),
        migrations.AddConstraint(
            model_name='changeline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'rejected'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='rejected_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='changeevidence',
            constraint=models.UniqueConstraint(fields=('request', 'sha256'), name='evidence_once'),
        ),
        migrations.AddConstraint(
            model_name='changeevidence',
            constraint=models.CheckConstraint(condition=models.Q(('n_bytes__lte', 10485760)), name='evidence_not_too_large'),
        ),
        rls.own('directory_changerequest'),
        rls.own('directory_changeline'),
        rls.own('directory_changeevidence'),
        rls.states('directory_changerequest', 'status', STATUS_MOVES),
        rls.states('directory_changeline', 'verdict', VERDICT_MOVES),
    ]
