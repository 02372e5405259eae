"""Row-level security of consent, its append-only records, and the state of a permission."""

from django.db import migrations

from entente.consent.reads.state_sql import STATE, STOPPED_ANYWHERE
from entente.foundation.access import rls

RECORDS = (
    "consent_capture",
    "consent_confirmation",
    "consent_withdrawal",
    "consent_suppression",
    "consent_preference",
)
FROZEN = """
CREATE FUNCTION app.consent_wording_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'staged' AND (NEW.text, NEW.version, NEW.country, NEW.language)
            IS DISTINCT FROM (OLD.text, OLD.version, OLD.country, OLD.language) THEN
        RAISE EXCEPTION 'wording % was shown to people and stays as it was', OLD.version
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_wording_frozen BEFORE UPDATE ON consent_wording
    FOR EACH ROW EXECUTE FUNCTION app.consent_wording_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial"), ("directory", "0002_walls")]
    operations = [
        rls.own("consent_wording"),
        rls.states("consent_wording", "status", {"staged": ("active",), "active": ("inactive",)}),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
        *[rls.own(table) for table in RECORDS],
        *[rls.append_only(table) for table in RECORDS],
        migrations.RunSQL(STATE, migrations.RunSQL.noop),
        rls.definer(
            "consent_stopped_anywhere",
            "hcp uuid, orgs uuid[], moment timestamptz",
            "boolean",
            STOPPED_ANYWHERE,
        ),
        rls.definer(
            "consent_stopped_anywhere",
            "hcp uuid, orgs uuid[]",
            "boolean",
            "SELECT app.consent_stopped_anywhere(hcp, orgs, now())",
        ),
    ]
