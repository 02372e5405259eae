"""Surveys, and the walls around what was answered."""

import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models

import entente.foundation.models.base
from entente.foundation.access import rls


# What a party of a survey sees of it, once it is open.
PARTY = "SELECT app.engagement_survey_mine()"
OWNED = f"survey_id IN (SELECT s.id FROM engagement_survey s WHERE s.{rls.MINE})"

GUARDS = """
CREATE FUNCTION app.engagement_survey_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.org_id <> NEW.org_id OR (OLD.status <> 'draft' AND
       (OLD.title, OLD.intro, OLD.languages, OLD.audience, OLD.promise, OLD.least, OLD.by_segment,
        OLD.takes_open, OLD.opens_on, OLD.closes_on, OLD.campaign_id, OLD.version_id, OLD.event,
        OLD.number, OLD.previous_id)
       IS DISTINCT FROM
       (NEW.title, NEW.intro, NEW.languages, NEW.audience, NEW.promise, NEW.least, NEW.by_segment,
        NEW.takes_open, NEW.opens_on, NEW.closes_on, NEW.campaign_id, NEW.version_id, NEW.event,
        NEW.number, NEW.previous_id))
    THEN
        RAISE EXCEPTION 'survey %: what is open is never changed; make a new version', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_survey_guard BEFORE UPDATE ON engagement_survey
    FOR EACH ROW EXECUTE FUNCTION app.engagement_survey_guard();

CREATE FUNCTION app.engagement_question_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM engagement_survey s
               WHERE s.id IN (NEW.survey_id, OLD.survey_id) AND s.status <> 'draft') THEN
        RAISE EXCEPTION 'the questions of an open survey are never changed'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND NOT EXISTS (
        SELECT 1 FROM engagement_survey s
        WHERE s.id = NEW.survey_id AND s.org_id = NEW.org_id) THEN
        RAISE EXCEPTION 'a question of a survey of others' USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER engagement_question_guard BEFORE INSERT OR UPDATE OR DELETE
    ON engagement_surveyquestion FOR EACH ROW EXECUTE FUNCTION app.engagement_question_guard();

CREATE FUNCTION app.engagement_party_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE is_draft boolean;
BEGIN
    SELECT s.status = 'draft' INTO is_draft FROM engagement_survey s WHERE s.id = NEW.survey_id;
    IF TG_OP = 'UPDATE' AND ((OLD.survey_id, OLD.org_id) IS DISTINCT FROM
        (NEW.survey_id, NEW.org_id) OR (NOT is_draft AND
        (OLD.answers, OLD.label) IS DISTINCT FROM (NEW.answers, NEW.label)))
       OR (TG_OP = 'INSERT' AND NEW.answers AND NOT is_draft) THEN
        RAISE EXCEPTION 'who is asked is fixed once a survey is open'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_party_guard BEFORE INSERT OR UPDATE ON engagement_surveyparty
    FOR EACH ROW EXECUTE FUNCTION app.engagement_party_guard();

-- Whatever a program writes: an anonymous answer has no name and no day.
CREATE FUNCTION app.engagement_answer_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE given jsonb := to_jsonb(NEW); asked engagement_survey%ROWTYPE;
BEGIN
    SELECT * INTO asked FROM engagement_survey s WHERE s.id = NEW.survey_id;
    IF asked.org_id IS DISTINCT FROM NEW.org_id OR asked.status = 'draft' THEN
        RAISE EXCEPTION 'an answer to a survey that is not open' USING ERRCODE = 'check_violation';
    END IF;
    IF asked.promise = 'anonymous' AND coalesce(given ->> 'hcp_id', given ->> 'user_id',
       given ->> 'answered_on') IS NOT NULL THEN
        RAISE EXCEPTION 'survey %: anonymity was promised', NEW.survey_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_answer_guard BEFORE INSERT ON engagement_surveyresponse
    FOR EACH ROW EXECUTE FUNCTION app.engagement_answer_guard();
CREATE TRIGGER engagement_answer_guard BEFORE INSERT ON engagement_surveytext
    FOR EACH ROW EXECUTE FUNCTION app.engagement_answer_guard();
CREATE TRIGGER engagement_surveyresponse_stays BEFORE UPDATE ON engagement_surveyresponse
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER engagement_surveytext_stays BEFORE UPDATE ON engagement_surveytext
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER engagement_surveyballot_stays BEFORE UPDATE ON engagement_surveyballot
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
REVOKE UPDATE, TRUNCATE ON engagement_surveyresponse, engagement_surveytext,
    engagement_surveyballot FROM entente_runtime;
"""


class Migration(migrations.Migration):
    dependencies = [
        ('alliances', '0002_walls'),
        ('content', '0031_study_walls'),
        ('directory', '0022_loads_in_parts'),
        ("engagement", "0008_touches"),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('title', models.CharField(max_length=200)),
                ('intro', models.JSONField(default=dict)),
                ('languages', models.JSONField(default=list)),
                ('audience', models.CharField(choices=[('hcp', 'HCPs'), ('partner', 'Partners’ people'), ('staff', 'Our own people')], max_length=8)),
                ('promise', models.CharField(choices=[('anonymous', 'Anonymous'), ('named', 'With the name')], max_length=10)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('closed', 'Closed')], default='draft', max_length=8)),
                ('least', models.PositiveSmallIntegerField(default=11)),
                ('by_segment', models.BooleanField(default=False)),
                ('takes_open', models.BooleanField(default=False)),
                ('opens_on', models.DateField()),
                ('closes_on', models.DateField(null=True)),
                ('event', models.CharField(blank=True, max_length=200)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('made_by_id', models.UUIDField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.campaign')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('previous', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.survey')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.version')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('least__gte', 11)), name='survey_least_cell'), models.CheckConstraint(condition=models.Q(('closes_on__isnull', True), ('closes_on__gte', models.F('opens_on')), _connector='OR'), name='survey_closes_after_it_opens'), models.CheckConstraint(condition=models.Q(('takes_open', False), models.Q(('audience', 'hcp'), ('promise', 'anonymous')), _connector='OR'), name='survey_open_link_is_anonymous'), models.CheckConstraint(condition=models.Q(('by_segment', False), ('closes_on__isnull', False), _connector='OR'), name='survey_by_segment_closes')],
                'indexes': [models.Index(fields=['org', 'status', '-id'], name='survey_latest'), models.Index(fields=['version'], name='survey_by_version')],
            },
        ),
        migrations.CreateModel(
            name='SurveyBallot',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('mark', models.CharField(max_length=64)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.survey')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('survey', 'mark'), name='one_ballot_per_link')],
            },
        ),
        migrations.CreateModel(
            name='SurveyInvitation',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('specialty', models.CharField(blank=True, max_length=250)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('organisation', models.CharField(blank=True, max_length=300)),
                ('invited_at', models.DateTimeField()),
                ('hcp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='engagement.survey')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('survey', 'hcp'), name='one_invitation_per_survey_and_hcp')],
                'indexes': [models.Index(fields=['hcp'], name='survey_invitation_by_hcp')],
            },
        ),
        migrations.CreateModel(
            name='SurveyParty',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('answers', models.BooleanField(default=False)),
                ('sees_results', models.BooleanField(default=False)),
                ('label', models.CharField(blank=True, max_length=200)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='engagement.survey')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('survey', 'org'), name='one_side_per_survey_and_org')],
            },
        ),
        migrations.CreateModel(
            name='SurveyQuestion',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('code', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=10)),
                ('texts', models.JSONField(default=dict)),
                ('options', models.JSONField(default=list)),
                ('required', models.BooleanField(default=False)),
                ('shown_if_code', models.CharField(blank=True, max_length=40)),
                ('shown_if_answer', models.CharField(blank=True, max_length=40)),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='engagement.survey')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('survey', 'code'), name='one_question_per_code'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('survey', 'position'), name='one_question_per_position')],
                'indexes': [models.Index(fields=['org', 'code'], name='survey_question_by_code')],
            },
        ),
        migrations.CreateModel(
            name='SurveyResponse',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('values', models.JSONField(default=dict)),
                ('specialty', models.CharField(blank=True, max_length=250)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('organisation', models.CharField(blank=True, max_length=300)),
                ('is_open', models.BooleanField(default=False)),
                ('is_told', models.BooleanField(default=False)),
                ('user_id', models.UUIDField(null=True)),
                ('answered_on', models.DateField(null=True)),
                ('hcp', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.survey')),
            ],
            options={
                'indexes': [models.Index(fields=['survey', 'is_told'], name='survey_response_by_survey'), models.Index(fields=['hcp'], name='survey_response_by_hcp')],
            },
        ),
        migrations.CreateModel(
            name='SurveyText',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('text', models.CharField(max_length=500)),
                ('flag', models.CharField(blank=True, max_length=10)),
                ('is_told', models.BooleanField(default=False)),
                ('user_id', models.UUIDField(null=True)),
                ('hcp', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.hcp')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.survey')),
            ],
            options={
                'indexes': [models.Index(fields=['survey', 'code'], name='survey_text_by_question'), models.Index(fields=['hcp'], name='survey_text_by_hcp')],
            },
        ),
        rls.definer(
            "engagement_survey_mine",
            "",
            "SETOF uuid",
            """
            SELECT p.survey_id FROM engagement_surveyparty p
            JOIN engagement_survey s ON s.id = p.survey_id
            WHERE p.org_id = app.ctx_org() AND s.status <> 'draft'
            """,
            rows=50,
        ),
        # Those who are asked, or are told the results, see what is asked; never a draft.
        rls.custom(
            "engagement_survey",
            select=f"{rls.MINE} OR id IN ({PARTY})",
            insert=rls.MINE,
            update=rls.MINE,
        ),
        rls.states(
            "engagement_survey", "status", {"draft": ("open",), "open": ("closed",), "closed": ()}
        ),
        rls.custom(
            "engagement_surveyquestion",
            select=f"{rls.MINE} OR survey_id IN ({PARTY})",
            insert=rls.MINE,
            update=rls.MINE,
            delete=rls.MINE,
        ),
        # A party knows its own part; who else is asked is its owner's affair.
        rls.custom(
            "engagement_surveyparty",
            select=f"{rls.MINE} OR {OWNED}",
            insert=OWNED,
            update=OWNED,
        ),
        rls.own("engagement_surveyinvitation"),
        rls.own("engagement_surveyballot"),
        rls.own("engagement_surveyresponse"),
        # What may tell of a patient or an adverse event stays on the medical side.
        rls.custom(
            "engagement_surveytext",
            select=f"{rls.MINE} AND (flag = '' OR app.ctx_sees('medical'))",
            insert=rls.MINE,
            update="false",
            delete=f"{rls.MINE} AND (flag = '' OR app.ctx_sees('medical'))",
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        # Whoever follows a link has no organisation: the link alone says whose survey it is.
        rls.definer(
            "engagement_survey_door",
            "wanted uuid",
            "TABLE (org_id uuid, survey_id uuid, invitation_id uuid)",
            """
            SELECT i.org_id, i.survey_id, i.id FROM engagement_surveyinvitation i
            WHERE i.id = wanted
            UNION ALL
            SELECT s.org_id, s.id, NULL FROM engagement_survey s
            WHERE s.id = wanted AND s.takes_open AND s.status <> 'draft'
            """,
            rows=1,
        ),
        rls.definer(
            "engagement_survey_members",
            "wanted uuid",
            "TABLE (org_id uuid, n bigint)",
            """
            SELECT p.org_id, count(u.id) FROM engagement_surveyparty p
            JOIN engagement_survey s ON s.id = p.survey_id AND s.org_id = app.ctx_org()
            LEFT JOIN foundation_user u ON u.org_id = p.org_id AND u.is_active
            WHERE p.survey_id = wanted AND p.answers GROUP BY 1
            """,
            rows=20,
        ),
    ]
