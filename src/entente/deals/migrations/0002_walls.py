"""A deal is seen by its two parties only; a protection excludes every other over its window."""

from django.db import migrations

from entente.deals.domain.states import MOVES
from entente.foundation.access import rls

SEEN = "IN (SELECT app.deals_deal_mine())"

# What was registered is what both parties accepted: only the course of the deal changes.
FROZEN = """
    CREATE FUNCTION app.deals_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF to_jsonb(NEW) - TG_ARGV IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV THEN
            RAISE EXCEPTION '% %: only % may change', TG_TABLE_NAME, OLD.id,
                array_to_string(TG_ARGV, ', ') USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER deals_deal_frozen BEFORE UPDATE ON deals_deal FOR EACH ROW
        EXECUTE FUNCTION app.deals_frozen('status', 'status_since', 'closed_because');
    CREATE TRIGGER deals_dealside_frozen BEFORE UPDATE ON deals_dealside FOR EACH ROW
        EXECUTE FUNCTION app.deals_frozen('accepted_at', 'accepted_by_id', 'decision_id');
    CREATE TRIGGER deals_protection_frozen BEFORE UPDATE ON deals_protection FOR EACH ROW
        EXECUTE FUNCTION app.deals_frozen('released_at');
"""

# Nobody protects a deal alone, not even with SQL of his own.
MUTUAL = """
    CREATE FUNCTION app.deals_protection_is_mutual() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT 1 FROM deals_deal d
            WHERE d.id = NEW.deal_id AND d.account_key = NEW.account_key
              AND d.solution_id = NEW.solution_id AND d.site_key = NEW.site_key
              AND (SELECT count(*) FROM deals_dealside s
                   WHERE s.deal_id = d.id AND s.accepted_at IS NOT NULL) = 2
        ) THEN
            RAISE EXCEPTION 'deal %: both parties accept before it is protected', NEW.deal_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER deals_protection_is_mutual BEFORE INSERT ON deals_protection
        FOR EACH ROW EXECUTE FUNCTION app.deals_protection_is_mutual();
    CREATE FUNCTION app.deals_protected_has_window() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.status = 'protected' AND OLD.status <> 'protected' AND NOT EXISTS (
            SELECT 1 FROM deals_protection p WHERE p.deal_id = NEW.id AND p.released_at IS NULL
        ) THEN
            RAISE EXCEPTION 'deal %: it has no protection', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER deals_protected_has_window BEFORE UPDATE ON deals_deal
        FOR EACH ROW EXECUTE FUNCTION app.deals_protected_has_window();
"""

EXCLUSION = """
    ALTER TABLE deals_protection ADD CONSTRAINT deals_one_protection_at_any_instant
    EXCLUDE USING gist (
        account_key WITH =, solution_id WITH =, site_key WITH =,
        tstzrange(starts_at, ends_at, '[)') WITH &&
    ) WHERE (released_at IS NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial")]
    operations = [
        rls.definer(
            "deals_deal_mine",
            "",
            "SETOF uuid",
            """
            SELECT id FROM deals_deal WHERE org_id = app.ctx_org()
            UNION
            SELECT deal_id FROM deals_dealside WHERE org_id = app.ctx_org()
            """,
            rows=200,
        ),
        # Both parties move a deal (accept, decline, win), so the header is not its owner's
        # alone; triggers keep what was registered as it is.
        rls.custom(
            "deals_deal",
            select=f"{rls.MINE} OR id {SEEN}",
            insert=f"{rls.MINE} AND status = 'submitted'",
            update=f"{rls.MINE} OR id {SEEN}",
        ),
        # The registering party makes both sides, and accepts for nobody but itself.
        rls.custom(
            "deals_dealside",
            select=f"{rls.MINE} OR deal_id {SEEN}",
            insert=f"deal_id IN (SELECT h.id FROM deals_deal h WHERE h.{rls.MINE})"
            f" AND (accepted_at IS NULL OR {rls.MINE})",
            update=rls.MINE,
        ),
        # Whoever accepts last makes the protection; either party may end it with the deal.
        rls.custom(
            "deals_protection",
            select=f"{rls.MINE} OR deal_id {SEEN}",
            insert=f"{rls.MINE} AND deal_id {SEEN}",
            update=f"deal_id {SEEN}",
        ),
        rls.own("deals_dealbuyer"),
        rls.append_only("deals_dealbuyer"),
        rls.states("deals_deal", "status", MOVES),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
        migrations.RunSQL(MUTUAL, migrations.RunSQL.noop),
        migrations.RunSQL(EXCLUSION, migrations.RunSQL.noop),
        # Tells every organisation whether an opportunity is free, and never whose it is.
        rls.definer(
            "deals_conflict",
            "account text, near text[], wanted uuid, place text, moment timestamptz, itself uuid",
            "TABLE (status text, since timestamptz, until timestamptz)",
            """
            SELECT coalesce(max(found.status), 'clear'),
                   min(found.starts_at) FILTER (WHERE found.status = 'taken'),
                   max(found.ends_at) FILTER (WHERE found.status = 'taken')
            FROM (
                SELECT CASE WHEN p.account_key = account AND p.site_key = place
                            THEN 'taken' ELSE 'possible' END AS status, p.starts_at, p.ends_at
                FROM deals_protection p
                WHERE p.account_key = ANY (near || account) AND p.solution_id = wanted
                  AND p.released_at IS NULL AND p.deal_id IS DISTINCT FROM itself
                  AND p.ends_at > moment
            ) found
            """,
            rows=1,
        ),
    ]
