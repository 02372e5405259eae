"""Who sees which charter and campaign, and the steps that the database insists on."""

from django.db import migrations
from django.db.migrations import RunSQL

from entente.alliances.domain.states import AFTER_AGREEMENT, AFTER_PRIVACY, MOVES, NEEDS_CONTENT
from entente.foundation.access import rls

SEEN = "campaign_id IN (SELECT app.alliances_campaign_mine())"
HEADER_MINE = f"campaign_id IN (SELECT h.id FROM alliances_campaign h WHERE h.{rls.MINE})"


def listed(states):
    """Write states as an SQL list."""
    return ", ".join(f"'{state}'" for state in states)


def agreement(side, header, foreign_key):
    """Refuse an agreement that its own organisation did not sign over the present terms."""
    return f"""
    CREATE FUNCTION app.{side}_agreed() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        terms text;
        s foundation_signature;
    BEGIN
        IF TG_OP = 'UPDATE' AND (OLD.org_id, OLD.{foreign_key}, OLD.name)
           IS DISTINCT FROM (NEW.org_id, NEW.{foreign_key}, NEW.name) THEN
            RAISE EXCEPTION 'a side keeps its organisation' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.agreed_at IS NULL OR (TG_OP = 'UPDATE'
           AND OLD.agreed_hash = NEW.agreed_hash AND OLD.signature_id = NEW.signature_id
           AND OLD.agreed_at = NEW.agreed_at) THEN
            RETURN NEW;
        END IF;
        SELECT h.terms_hash INTO terms FROM {header} h WHERE h.id = NEW.{foreign_key};
        SELECT * INTO s FROM foundation_signature WHERE id = NEW.signature_id;
        IF s.id IS NULL OR s.org_id <> NEW.org_id OR s.object_id <> NEW.{foreign_key}
           OR s.content_hash <> NEW.agreed_hash OR s.signed_at <> NEW.agreed_at
           OR NEW.agreed_hash <> terms THEN
            RAISE EXCEPTION 'the signature does not cover these terms' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER {side}_agreed BEFORE INSERT OR UPDATE ON {side}
        FOR EACH ROW EXECUTE FUNCTION app.{side}_agreed();
    """


def terms(header, columns):
    """Refuse a change of terms under the same hash: it would keep agreements it may not keep."""
    old = ", ".join(f"OLD.{column}" for column in columns)
    new = ", ".join(f"NEW.{column}" for column in columns)
    return f"""
    CREATE FUNCTION app.{header}_terms() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF ({old}) IS DISTINCT FROM ({new}) AND OLD.terms_hash = NEW.terms_hash THEN
            RAISE EXCEPTION '{header} %: the terms changed and their hash did not', OLD.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER {header}_terms BEFORE UPDATE ON {header}
        FOR EACH ROW EXECUTE FUNCTION app.{header}_terms();
    """


GATES = f"""
CREATE FUNCTION app.alliances_campaign_gates() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'idea' THEN
            RAISE EXCEPTION 'a campaign begins as an idea' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status = NEW.status THEN
        RETURN NEW;
    END IF;
    IF NEW.status IN ({listed(AFTER_PRIVACY)}) AND NOT EXISTS (
        SELECT 1 FROM alliances_privacygate g WHERE g.campaign_id = NEW.id) THEN
        RAISE EXCEPTION 'campaign %: the privacy gate is not passed', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status IN ({listed(AFTER_AGREEMENT)}) AND app.alliances_not_agreed(NEW.id, 'infinity') <> 0 THEN
        RAISE EXCEPTION 'campaign %: not every side has agreed to the present terms', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status IN ({listed(NEEDS_CONTENT)}) AND NOT EXISTS (
        SELECT 1 FROM content_version v WHERE v.id = NEW.version_id AND v.status = 'approved') THEN
        RAISE EXCEPTION 'campaign %: its content is not released', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER alliances_campaign_gates BEFORE INSERT OR UPDATE ON alliances_campaign
    FOR EACH ROW EXECUTE FUNCTION app.alliances_campaign_gates();

CREATE FUNCTION app.alliances_budget_payer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.org_id IS DISTINCT FROM app.ctx_org() AND
       (OLD.org_id, OLD.campaign_id, OLD.payer_id, OLD.category, OLD.note, OLD.rule, OLD.shares,
        OLD.currency, OLD.estimate_minor, OLD.committed_minor)
       IS DISTINCT FROM
       (NEW.org_id, NEW.campaign_id, NEW.payer_id, NEW.category, NEW.note, NEW.rule, NEW.shares,
        NEW.currency, NEW.estimate_minor, NEW.committed_minor)
    THEN
        RAISE EXCEPTION 'budget line %: the payer enters the actual amount and nothing else', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER alliances_budget_payer BEFORE UPDATE ON alliances_budgetline
    FOR EACH ROW EXECUTE FUNCTION app.alliances_budget_payer();

CREATE FUNCTION app.alliances_budget_ceiling() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c alliances_campaign;
    estimates bigint;
    commitments bigint;
BEGIN
    -- The header's lock lets one line at a time look at the sum of all.
    SELECT * INTO c FROM alliances_campaign WHERE id = NEW.campaign_id FOR UPDATE;
    SELECT coalesce(sum(estimate_minor), 0), coalesce(sum(committed_minor), 0)
        INTO estimates, commitments FROM alliances_budgetline WHERE campaign_id = NEW.campaign_id;
    IF NEW.currency <> c.currency OR estimates > c.ceiling_minor OR commitments > c.ceiling_minor THEN
        RAISE EXCEPTION 'campaign %: its budget lines exceed the ceiling of % %',
            c.id, c.ceiling_minor, c.currency USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER alliances_budget_ceiling AFTER INSERT OR UPDATE ON alliances_budgetline
    FOR EACH ROW EXECUTE FUNCTION app.alliances_budget_ceiling();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("alliances", "0001_initial"),
        ("content", "0002_walls"),
        ("foundation", "0002_walls"),
    ]
    operations = [
        rls.joint_header("alliances_charter", "alliances_charterside", "charter_id"),
        rls.joint_side("alliances_charterside", "charter_id", "alliances_charter"),
        RunSQL(agreement("alliances_charterside", "alliances_charter", "charter_id"), RunSQL.noop),
        RunSQL(
            terms(
                "alliances_charter",
                ("org_id", "name", "purpose", "measures", "way_out", "shared_fields", "emails_30d",
                 "from_on", "to_on"),
            ),
            RunSQL.noop,
        ),
        rls.joint_header("alliances_campaign", "alliances_campaignside", "campaign_id"),
        rls.joint_side("alliances_campaignside", "campaign_id", "alliances_campaign"),
        RunSQL(agreement("alliances_campaignside", "alliances_campaign", "campaign_id"), RunSQL.noop),
        RunSQL(
            terms(
                "alliances_campaign",
                ("org_id", "charter_id", "name", "purpose", "kind", "product_id", "controller_id",
                 "country", "launch_on", "ends_on", "currency", "ceiling_minor"),
            ),
            RunSQL.noop,
        ),
        rls.states("alliances_campaign", "status", MOVES),
        # The host writes the lines; whoever pays the bill of one enters what it really cost.
        rls.custom(
            "alliances_budgetline",
            select=f"{rls.MINE} OR {SEEN}",
            insert=f"{rls.MINE} AND {HEADER_MINE}",
            update=f"{rls.MINE} OR (payer_id = (SELECT app.ctx_org()) AND {SEEN})",
            delete=f"{rls.MINE} AND {HEADER_MINE}",
        ),
        # The host lays out the plan for all; each side ticks off its own tasks.
        rls.custom(
            "alliances_task",
            select=f"{rls.MINE} OR {SEEN}",
            insert=f"{HEADER_MINE} OR ({rls.MINE} AND {SEEN})",
            update=f"{HEADER_MINE} OR ({rls.MINE} AND {SEEN})",
            delete=HEADER_MINE,
        ),
        rls.joint_part("alliances_privacygate", "campaign_id", "alliances_campaign"),
        rls.append_only("alliances_privacygate"),
        rls.definer(
            "alliances_not_agreed",
            "wanted uuid, moment timestamptz",
            "integer",
            """
            SELECT (
                SELECT count(*)::integer FROM alliances_campaignside s
                WHERE s.campaign_id = c.id
                  AND NOT (s.agreed_at IS NOT NULL AND s.agreed_at <= moment AND s.agreed_hash = c.terms_hash)
            )
            FROM alliances_campaign c
            WHERE c.id = wanted AND c.id IN (SELECT app.alliances_campaign_mine())
            """,
        ),
        RunSQL(GATES, RunSQL.noop),
    ]
