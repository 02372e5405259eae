"""Row-level security of joined records, and who is one person at a moment."""

from django.db import migrations

from entente.directory.reads.identity_sql import SAME_PERSON, SURVIVOR_OF, search_without_joined
from entente.foundation.access import rls

SUSPECT_MOVES = {"open": ("joined", "apart"), "joined": ("apart", "open"), "apart": ("open", "joined")}

# A link ends once and is otherwise as it was made: what was one person on a past day stays so.
LINK_STAYS = """
CREATE FUNCTION app.directory_identitylink_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.to_at IS NOT NULL
            OR (OLD.survivor_id, OLD.loser_id, OLD.from_at, OLD.org_id)
                IS DISTINCT FROM (NEW.survivor_id, NEW.loser_id, NEW.from_at, NEW.org_id) THEN
        RAISE EXCEPTION 'link %: which records were one person does not change afterwards', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER directory_identitylink_stays BEFORE UPDATE ON directory_identitylink
    FOR EACH ROW EXECUTE FUNCTION app.directory_identitylink_stays();
REVOKE DELETE, TRUNCATE ON directory_identitylink FROM entente_runtime;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_identity")]
    operations = [
        # Whoever knows an HCP must know which records are the same person, or a stop given to
        # one company's record would not hold for the other's. Reasons and scores stay at home.
        rls.public("directory_identitylink"),
        rls.own("directory_merge"),
        rls.own("directory_suspect"),
        rls.own("directory_matchweights"),
        rls.append_only("directory_matchweights"),
        rls.states("directory_suspect", "status", SUSPECT_MOVES),
        migrations.RunSQL(LINK_STAYS, migrations.RunSQL.noop),
        migrations.RunSQL(SAME_PERSON, migrations.RunSQL.noop),
        migrations.RunSQL(SURVIVOR_OF, migrations.RunSQL.noop),
        migrations.RunSQL(search_without_joined(), migrations.RunSQL.noop),
    ]
