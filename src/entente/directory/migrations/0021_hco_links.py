"""Records of one organisation: links, merges, pairs that wait; weights are kept by subject."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.directory.reads.identity_hcos_sql import (
    HCO_SURVIVOR_OF,
    SAME_HCO,
    search_without_joined_hcos,
)
from entente.foundation.access import rls

SUSPECT_MOVES = {
    "open": ("joined", "apart"),
    "joined": ("apart", "open"),
    "apart": ("open", "joined"),
}

# A link ends once and is otherwise as it was made: what was one on a past day stays so.
LINK_STAYS = """
CREATE FUNCTION app.directory_hcoidentitylink_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.to_at IS NOT NULL
            OR (OLD.survivor_id, OLD.loser_id, OLD.from_at, OLD.org_id)
                IS DISTINCT FROM (NEW.survivor_id, NEW.loser_id, NEW.from_at, NEW.org_id) THEN
        RAISE EXCEPTION 'link %: which records were one does not change afterwards', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER directory_hcoidentitylink_stays BEFORE UPDATE ON directory_hcoidentitylink
    FOR EACH ROW EXECUTE FUNCTION app.directory_hcoidentitylink_stays();
REVOKE DELETE, TRUNCATE ON directory_hcoidentitylink FROM entente_runtime;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0020_change_requests'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.CreateModel(
            name='HcoIdentityLink',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('from_at', models.DateTimeField()),
                ('to_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='HcoMerge',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('reason', models.CharField(max_length=500)),
                ('plan', models.JSONField()),
                ('merged_at', models.DateTimeField()),
                ('merged_by', models.UUIDField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.UUIDField(null=True)),
                ('undo_reason', models.CharField(blank=True, max_length=500)),
                ('since', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='HcoSuspect',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('score_bp', models.PositiveSmallIntegerField()),
                ('reasons', models.JSONField(default=list)),
                ('key_agrees', models.BooleanField(default=False)),
                ('status', models.CharField(choices=[('open', 'To be looked at'), ('joined', 'One organisation'), ('apart', 'Two organisations')], default='open', max_length=8)),
                ('found_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.UUIDField(null=True)),
                ('decision_reason', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='matchweights',
            name='weights_numbered',
        ),
        migrations.AddField(
            model_name='matchweights',
            name='subject',
            field=models.CharField(db_default='people', default='people', max_length=16),
        ),
        migrations.AddConstraint(
            model_name='matchweights',
            constraint=models.UniqueConstraint(fields=('org', 'subject', 'version'), name='weights_numbered_of_subject'),
        ),
        migrations.AddField(
            model_name='hcoidentitylink',
            name='loser',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hco'),
        ),
        migrations.AddField(
            model_name='hcoidentitylink',
            name='org',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation'),
        ),
        migrations.AddField(
            model_name='hcoidentitylink',
            name='survivor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hco'),
        ),
        migrations.AddField(
            model_name='hcomerge',
            name='link',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='merge', to='directory.hcoidentitylink'),
        ),
        migrations.AddField(
            model_name='hcomerge',
            name='org',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation'),
        ),
        migrations.AddField(
            model_name='hcosuspect',
            name='one',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hco'),
        ),
        migrations.AddField(
            model_name='hcosuspect',
            name='org',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation'),
        ),
        migrations.AddField(
            model_name='hcosuspect',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hco'),
        ),
        migrations.AddIndex(
            model_name='hcoidentitylink',
            index=models.Index(fields=['survivor', 'from_at'], name='hco_links_of_survivor'),
        ),
        migrations.AddIndex(
            model_name='hcoidentitylink',
            index=models.Index(fields=['loser', 'from_at'], name='hco_links_of_loser'),
        ),
        migrations.AddConstraint(
            model_name='hcoidentitylink',
            constraint=models.UniqueConstraint(condition=models.Q(('to_at__isnull', True)), fields=('loser',), name='hco_joined_to_one'),
        ),
        migrations.AddConstraint(
            model_name='hcoidentitylink',
            constraint=models.CheckConstraint(condition=models.Q(('survivor', models.F('loser')), _negated=True), name='hco_joined_to_another'),
        ),
        migrations.AddIndex(
            model_name='hcomerge',
            index=models.Index(fields=['org', '-merged_at', '-id'], name='hco_merges_newest_first'),
        ),
        migrations.AddIndex(
            model_name='hcosuspect',
            index=models.Index(fields=['org', 'status', '-score_bp', 'id'], name='hco_suspects_best'),
        ),
        migrations.AddConstraint(
            model_name='hcosuspect',
            constraint=models.UniqueConstraint(fields=('org', 'one', 'other'), name='hco_suspected_once'),
        ),
        migrations.AddConstraint(
            model_name='hcosuspect',
            constraint=models.CheckConstraint(condition=models.Q(('one', models.F('other')), _negated=True), name='hco_suspected_with_another'),
        ),
        # Whoever knows an organisation must know which records are the same one, or an
        # opportunity would be protected twice. Reasons and scores stay at home.
        rls.public("directory_hcoidentitylink"),
        rls.own("directory_hcomerge"),
        rls.own("directory_hcosuspect"),
        rls.states("directory_hcosuspect", "status", SUSPECT_MOVES),
        migrations.RunSQL(LINK_STAYS, migrations.RunSQL.noop),
        migrations.RunSQL(SAME_HCO, migrations.RunSQL.noop),
        migrations.RunSQL(HCO_SURVIVOR_OF, migrations.RunSQL.noop),
        migrations.RunSQL(search_without_joined_hcos(), migrations.RunSQL.noop),
    ]
