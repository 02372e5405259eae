"""Which organisation belongs to which, by day: seen by all, never in a circle, never rewritten."""

import django.db.models.deletion
import django.db.models.functions.datetime
import entente.foundation.models.base
from django.db import migrations, models

from entente.foundation.access import rls

# One owner at a time; and the same thing is not said twice of the same days.
ONE_OWNER = """
    ALTER TABLE directory_hcolink ADD CONSTRAINT hco_has_one_owner_at_a_time
        EXCLUDE USING gist (child_id WITH =, daterange(from_on, to_on, '[)') WITH &&)
        WHERE (kind = 'owned_by');
    ALTER TABLE directory_hcolink ADD CONSTRAINT hco_link_once_at_a_time
        EXCLUDE USING gist (child_id WITH =, parent_id WITH =, kind WITH =,
                            daterange(from_on, to_on, '[)') WITH &&);
"""

# A link may end; everything else about it stays as it was said.
FROZEN = """
    CREATE FUNCTION app.directory_hcolink_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF to_jsonb(NEW) - 'to_on' IS DISTINCT FROM to_jsonb(OLD) - 'to_on'
                OR (OLD.to_on IS NOT NULL AND NEW.to_on IS DISTINCT FROM OLD.to_on) THEN
            RAISE EXCEPTION 'directory_hcolink %: a link only ends, and ends once', OLD.id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER directory_hcolink_frozen BEFORE UPDATE ON directory_hcolink
        FOR EACH ROW EXECUTE FUNCTION app.directory_hcolink_frozen();
    CREATE TRIGGER directory_hcolink_stays BEFORE DELETE ON directory_hcolink
        FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
"""

# On no day may an organisation stand above itself. Walks upwards and keeps the days on which
# the whole way is in force; the lock makes two links that would close a circle wait for each other.
NO_CIRCLE = """
    CREATE FUNCTION app.directory_hcolink_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE said daterange := daterange(NEW.from_on, NEW.to_on, '[)');
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('directory.hierarchy', 0));
        IF EXISTS (
            WITH RECURSIVE above(hco_id, days) AS (
                SELECT NEW.parent_id, said WHERE NOT isempty(said)
                UNION
                SELECT l.parent_id, a.days * daterange(l.from_on, l.to_on, '[)')
                FROM above a JOIN directory_hcolink l
                    ON l.child_id = a.hco_id AND daterange(l.from_on, l.to_on, '[)') && a.days
            )
            SELECT FROM above WHERE hco_id = NEW.child_id
        ) THEN
            RAISE EXCEPTION 'organisation % would stand above itself', NEW.child_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'hco_links_make_no_circle';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER directory_hcolink_no_circle BEFORE INSERT ON directory_hcolink
        FOR EACH ROW EXECUTE FUNCTION app.directory_hcolink_no_circle();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0010_fhir'),
        ('foundation', '0006_qualification'),
    ]

    operations = [
        migrations.CreateModel(
            name='HcoLink',
            fields=[
                ('id', models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('owned_by', 'Owned by'), ('managed_by', 'Managed by'), ('member_of', 'Member of')], max_length=16)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=32)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_up', to='directory.hco')),
                ('org', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.organisation')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_down', to='directory.hco')),
            ],
            options={
                'indexes': [models.Index(fields=['parent', 'from_on'], name='hco_links_down'), models.Index(fields=['child', 'from_on'], name='hco_links_up')],
                'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='hco_link_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('child', models.F('parent')), _negated=True), name='hco_link_between_two')],
            },
        ),
        rls.public("directory_hcolink"),
        migrations.RunSQL(ONE_OWNER, migrations.RunSQL.noop),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
        migrations.RunSQL(NO_CIRCLE, migrations.RunSQL.noop),
    ]
