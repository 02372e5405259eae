"""What came back for e-mails: who sees it, what of it may change, and the mail services' door."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import entente.foundation.models.base
from django.db import migrations, models
from django.db.migrations import RunSQL

from entente.foundation.access import rls

# What a service told stays as it was told. A machine's rule is added once; what an erasure
# removes becomes empty; what stops an address outlives every term of retention.
GUARD = """
CREATE FUNCTION app.engagement_mailevent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.stops_address THEN
            RAISE EXCEPTION 'mail event %: it stops an address and stays', OLD.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (OLD.id, OLD.org_id, OLD.recorded_at, OLD.provider, OLD.kind, OLD.happened_at,
        OLD.heard_at, OLD.hook_id, OLD.send_id, OLD.found_by, OLD.version_id, OLD.campaign_id,
        OLD.address_mark, OLD.address_shown, OLD.message_ref, OLD."group", OLD.stops_address,
        OLD.refused_field, OLD.refused_because, OLD.content_key)
       IS DISTINCT FROM
       (NEW.id, NEW.org_id, NEW.recorded_at, NEW.provider, NEW.kind, NEW.happened_at,
        NEW.heard_at, NEW.hook_id, NEW.send_id, NEW.found_by, NEW.version_id, NEW.campaign_id,
        NEW.address_mark, NEW.address_shown, NEW.message_ref, NEW."group", NEW.stops_address,
        NEW.refused_field, NEW.refused_because, NEW.content_key)
       OR NEW.machine_rule <> OLD.machine_rule AND OLD.machine_rule <> ''
       OR NEW.url NOT IN (OLD.url, '') OR NEW.agent NOT IN (OLD.agent, '')
       OR NEW.said NOT IN (OLD.said, '')
    THEN
        RAISE EXCEPTION 'mail event %: what was told is never changed', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_mailevent_guard BEFORE UPDATE OR DELETE ON engagement_mailevent
    FOR EACH ROW EXECUTE FUNCTION app.engagement_mailevent_guard();
REVOKE TRUNCATE ON engagement_mailevent FROM entente_runtime;
CREATE TRIGGER engagement_mailevent_no_truncate BEFORE TRUNCATE ON engagement_mailevent
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('alliances', '0002_walls'),
        ('content', '0031_study_walls'),
        ('directory', '0022_loads_in_parts'),
        ('engagement', '0018_surveys'),
        ('foundation', '0006_qualification'),
        ('policy', '0004_approvals_for_want_of_a_fact'),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressRelease',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('address_mark', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=300)),
                ('released_at', models.DateTimeField()),
                ('released_by_id', models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='MailEvent',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('provider', models.CharField(choices=[('sendgrid', 'SendGrid'), ('mailgun', 'Mailgun')], max_length=16)),
                ('kind', models.CharField(blank=True, choices=[('processed', 'Taken by the mail service'), ('deferred', 'Put off by the receiving server'), ('delivered', 'Delivered'), ('open', 'Opened'), ('click', 'Link followed'), ('bounce', 'Bounced'), ('dropped', 'Not sent by the mail service'), ('complaint', 'Reported as spam'), ('unsubscribe', 'Unsubscribed'), ('group_unsubscribe', 'Unsubscribed from a group'), ('group_resubscribe', 'Subscribed to a group again')], max_length=20)),
                ('happened_at', models.DateTimeField()),
                ('heard_at', models.DateTimeField()),
                ('found_by', models.CharField(blank=True, max_length=12)),
                ('address_mark', models.CharField(blank=True, max_length=64)),
                ('address_shown', models.CharField(blank=True, max_length=254)),
                ('message_ref', models.CharField(blank=True, max_length=255)),
                ('group', models.CharField(blank=True, max_length=64)),
                ('url', models.CharField(blank=True, max_length=1000)),
                ('agent', models.CharField(blank=True, max_length=300)),
                ('said', models.CharField(blank=True, max_length=300)),
                ('stops_address', models.BooleanField(default=False)),
                ('machine_rule', models.CharField(blank=True, max_length=24)),
                ('refused_field', models.CharField(blank=True, max_length=64)),
                ('refused_because', models.CharField(blank=True, max_length=300)),
                ('content_key', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='MailHook',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('provider', models.CharField(choices=[('sendgrid', 'SendGrid'), ('mailgun', 'Mailgun')], max_length=16)),
                ('sealed_key', models.BinaryField()),
                ('key_mark', models.CharField(max_length=12)),
                ('made_at', models.DateTimeField()),
                ('made_by_name', models.CharField(max_length=200)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by_name', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MailHookToken',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('token_mark', models.CharField(max_length=64)),
                ('signed_at', models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name='send',
            index=models.Index(models.F('org'), django.db.models.functions.text.Lower('address'), name='send_by_address'),
        ),
        migrations.AddField(
            model_name='addressrelease',
            name='org',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation'),
        ),
        migrations.AddField(
            model_name='mailevent',
            name='campaign',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.campaign'),
        ),
        migrations.AddField(
            model_name='mailevent',
            name='org',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation'),
        ),
        migrations.AddField(
            model_name='mailevent',
            name='send',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='engagement.send'),
        ),
        migrations.AddField(
            model_name='mailevent',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.version'),
        ),
        migrations.AddField(
            model_name='addressrelease',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.mailevent'),
        ),
        migrations.AddField(
            model_name='mailhook',
            name='org',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation'),
        ),
        migrations.AddField(
            model_name='mailevent',
            name='hook',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.mailhook'),
        ),
        migrations.AddField(
            model_name='mailhooktoken',
            name='hook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='engagement.mailhook'),
        ),
        migrations.AddField(
            model_name='mailhooktoken',
            name='org',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation'),
        ),
        migrations.AddIndex(
            model_name='addressrelease',
            index=models.Index(fields=['org', 'address_mark'], name='address_release_by_mark'),
        ),
        migrations.AddIndex(
            model_name='mailevent',
            index=models.Index(fields=['send', 'happened_at'], name='mail_event_by_send'),
        ),
        migrations.AddIndex(
            model_name='mailevent',
            index=models.Index(fields=['campaign', 'kind'], name='mail_event_by_campaign'),
        ),
        migrations.AddIndex(
            model_name='mailevent',
            index=models.Index(fields=['org', '-happened_at', '-id'], name='mail_event_latest'),
        ),
        migrations.AddIndex(
            model_name='mailevent',
            index=models.Index(condition=models.Q(('address_mark', ''), _negated=True), fields=['org', 'address_mark'], name='mail_event_by_address'),
        ),
        migrations.AddConstraint(
            model_name='mailevent',
            constraint=models.UniqueConstraint(condition=models.Q(('refused_because', '')), fields=('org', 'content_key'), name='one_mail_event_per_content'),
        ),
        migrations.AddConstraint(
            model_name='mailevent',
            constraint=models.UniqueConstraint(condition=models.Q(('refused_because', ''), _negated=True), fields=('org', 'content_key'), name='one_refused_mail_event_per_content'),
        ),
        migrations.AddConstraint(
            model_name='mailevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'open'), _negated=True), models.Q(('address_mark', ''), ('address_shown', ''), ('agent', ''), ('send__isnull', True)), _connector='OR'), name='an_open_names_nobody'),
        ),
        migrations.AddConstraint(
            model_name='mailhooktoken',
            constraint=models.UniqueConstraint(fields=('hook', 'token_mark'), name='one_hearing_per_token'),
        ),
        rls.own("engagement_mailevent"),
        rls.own("engagement_mailhook"),
        rls.own("engagement_mailhooktoken"),
        rls.own("engagement_addressrelease"),
        rls.append_only("engagement_addressrelease"),
        RunSQL(GUARD, RunSQL.noop),
        # A mail service has no organisation: its address says whose it is, and no more.
        rls.definer(
            "engagement_mail_hook_door",
            "hook uuid, service text",
            "uuid",
            """
            SELECT h.org_id FROM engagement_mailhook h
            WHERE h.id = hook AND h.provider = service AND h.ended_at IS NULL
            """,
        ),
    ]
