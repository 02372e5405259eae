"""Requests of people about their own data; the one change that an erasure makes to records."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.foundation.access import rls

# Records of permission never change, but for one thing: an erasure blanks the address that
# stands in them. Only this function can do it, for the organisation that asks.
BLANK = """
CREATE FUNCTION app.consent_only_blanked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.address = '' AND OLD.address <> ''
       AND to_jsonb(NEW) - 'address' = to_jsonb(OLD) - 'address' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER consent_capture_append_only ON consent_capture;
CREATE TRIGGER consent_capture_append_only BEFORE UPDATE OR DELETE ON consent_capture
    FOR EACH ROW EXECUTE FUNCTION app.consent_only_blanked();
DROP TRIGGER consent_withdrawal_append_only ON consent_withdrawal;
CREATE TRIGGER consent_withdrawal_append_only BEFORE UPDATE OR DELETE ON consent_withdrawal
    FOR EACH ROW EXECUTE FUNCTION app.consent_only_blanked();
CREATE FUNCTION app.consent_blank_addresses(hcp uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE n_captures integer; n_withdrawals integer;
BEGIN
    UPDATE consent_capture SET address = ''
    WHERE hcp_id = hcp AND org_id = app.ctx_org() AND address <> '';
    GET DIAGNOSTICS n_captures = ROW_COUNT;
    UPDATE consent_withdrawal SET address = ''
    WHERE hcp_id = hcp AND org_id = app.ctx_org() AND address <> '';
    GET DIAGNOSTICS n_withdrawals = ROW_COUNT;
    RETURN n_captures + n_withdrawals;
END $$;
REVOKE ALL ON FUNCTION app.consent_blank_addresses(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.consent_blank_addresses(uuid) TO entente_runtime;
"""
OPEN = ("answered", "refused", "withdrawn")
MOVES = {
    "received": ("verified", *OPEN[1:]),
    "verified": ("in_progress", *OPEN),
    "in_progress": OPEN,
}


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0003_wordings_topics'),
        ('directory', '0004_label_facts'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubjectRequest',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('access', 'See what is held'), ('rectification', 'Correct something'), ('erasure', 'Erase'), ('objection', 'Object to a use')], max_length=16)),
                ('status', models.CharField(choices=[('received', 'Received'), ('verified', 'Identity checked'), ('in_progress', 'In progress'), ('answered', 'Answered'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='received', max_length=12)),
                ('source', models.CharField(max_length=64)),
                ('words', models.CharField(blank=True, max_length=2000)),
                ('received_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('extended_because', models.CharField(blank=True, max_length=300)),
                ('verified_how', models.CharField(blank=True, max_length=300)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_because', models.CharField(blank=True, max_length=2000)),
                ('outcome', models.JSONField(default=list)),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='SubjectRequestStep',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('did', models.CharField(max_length=16)),
                ('note', models.CharField(blank=True, max_length=2000)),
                ('evidence', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('actor_id', models.UUIDField(null=True)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='consent.subjectrequest')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='subjectrequest',
            index=models.Index(fields=['org', 'status', 'due_on'], name='subject_requests_by_due'),
        ),
        migrations.AddIndex(
            model_name='subjectrequest',
            index=models.Index(fields=['hcp', '-received_at'], name='subject_requests_of_person'),
        ),
        migrations.AddConstraint(
            model_name='subjectrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['received', 'verified', 'in_progress'])), fields=('org', 'hcp', 'kind'), name='one_open_request_of_a_kind'),
        ),
        rls.own("consent_subjectrequest"),
        rls.states("consent_subjectrequest", "status", MOVES),
        rls.own("consent_subjectrequeststep"),
        migrations.RunSQL(BLANK, migrations.RunSQL.noop),
    ]
