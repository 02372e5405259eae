"""Who reads studies and co-authors, and what of them the database itself keeps."""

from django.db import migrations
from django.db.migrations import RunSQL

from entente.content.domain.studies import STUDY_MOVES
from entente.foundation.access import rls

OWN_STUDY = f"study_id IN (SELECT h.id FROM content_study h WHERE h.{rls.MINE})"
SEEN_STUDY = "study_id IN (SELECT app.content_study_mine())"
OWN_CLAIM = f"claim_id IN (SELECT c.id FROM content_claim c WHERE c.{rls.MINE})"
OWN_REFERENCES = f"(SELECT r.id FROM content_reference r WHERE r.{rls.MINE})"
OWN_ITEM = f"item_id IN (SELECT h.id FROM content_item h WHERE h.{rls.MINE})"

# A foreign key does not ask who sees what it names; the policies do.
REFERENCES = f"""
ALTER POLICY content_reference_insert ON content_reference
    WITH CHECK ({rls.MINE} AND (study_id IS NULL OR {SEEN_STUDY}));
ALTER POLICY content_study_update ON content_study
    WITH CHECK ({rls.MINE} AND (superseded_by_id IS NULL
                OR superseded_by_id IN (SELECT app.content_study_mine())));
"""

STUDY = """
CREATE FUNCTION app.content_study_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status IN ('superseded', 'retracted') THEN
            RAISE EXCEPTION 'a study does not begin as %', NEW.status USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.org_id, OLD.protocol) IS DISTINCT FROM (NEW.org_id, NEW.protocol) THEN
        RAISE EXCEPTION 'study %: owner and protocol stay', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.status = NEW.status OR NEW.status <> 'superseded')
       AND (OLD.superseded_by_id, OLD.superseded_at, OLD.superseded_because)
           IS DISTINCT FROM (NEW.superseded_by_id, NEW.superseded_at, NEW.superseded_because)
       OR (OLD.status = NEW.status OR NEW.status <> 'retracted')
       AND (OLD.retracted_at, OLD.retracted_because)
           IS DISTINCT FROM (NEW.retracted_at, NEW.retracted_because)
    THEN
        RAISE EXCEPTION 'study %: what became of it is said once', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_study_guard BEFORE INSERT OR UPDATE ON content_study
    FOR EACH ROW EXECUTE FUNCTION app.content_study_guard();

CREATE FUNCTION app.content_studymilestone_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.org_id, OLD.study_id, OLD.title, OLD.due_on)
       IS DISTINCT FROM (NEW.org_id, NEW.study_id, NEW.title, NEW.due_on)
       OR OLD.done_on IS NOT NULL
    THEN
        RAISE EXCEPTION 'milestone %: it is only marked, once', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_studymilestone_guard BEFORE UPDATE ON content_studymilestone
    FOR EACH ROW EXECUTE FUNCTION app.content_studymilestone_guard();
"""

CO_AUTHOR = """
CREATE FUNCTION app.content_coauthor_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- That rights end is heeded at any time; the versions that hold the part are recalled first.
    IF NEW.ended_at IS NULL AND EXISTS (
        SELECT 1 FROM content_version v WHERE v.item_id = NEW.item_id AND v.status = 'in_review'
        UNION ALL
        SELECT 1 FROM content_versionpart p
        JOIN content_version m ON m.id = p.module_version_id AND m.item_id = NEW.item_id
        JOIN content_version v ON v.id = p.version_id AND v.status = 'in_review')
    THEN
        RAISE EXCEPTION 'co-authors do not change while a version is in review'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.ended_at IS NOT NULL OR TG_OP = 'UPDATE' AND (
        (OLD.org_id, OLD.item_id, OLD.name, OLD.hcp_id, OLD.part, OLD.rights, OLD.interests)
        IS DISTINCT FROM
        (NEW.org_id, NEW.item_id, NEW.name, NEW.hcp_id, NEW.part, NEW.rights, NEW.interests)
        OR NEW.used_until < OLD.used_until OR OLD.ended_at IS NOT NULL
        OR (NEW.ended_at IS NOT NULL AND (OLD.used_until, OLD.agreement)
            IS DISTINCT FROM (NEW.used_until, NEW.agreement)))
    THEN
        RAISE EXCEPTION 'co-author %: rights are only renewed, or ended once', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_coauthor_guard BEFORE INSERT OR UPDATE ON content_coauthor
    FOR EACH ROW EXECUTE FUNCTION app.content_coauthor_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0030_studies"), ("foundation", "0002_walls")]
    operations = [
        rls.joint_header("content_study", "content_studyparty", "study_id"),
        rls.joint_side("content_studyparty", "study_id", "content_study"),
        rls.states("content_study", "status", STUDY_MOVES),
        # The owner plans for all parties; each marks what it answers for, the owner also the rest.
        rls.custom(
            "content_studymilestone",
            select=f"{rls.MINE} OR {SEEN_STUDY}",
            insert=f"{OWN_STUDY} AND ({rls.MINE} OR (study_id, org_id) IN"
            " (SELECT p.study_id, p.org_id FROM content_studyparty p))",
            update=f"{rls.MINE} OR {OWN_STUDY}",
        ),
        # As with what a label touched: a party reads it for the claims of its items.
        rls.custom(
            "content_referencecheck",
            select=f"{rls.MINE} OR claim_id IN (SELECT u.claim_id FROM content_claimuse u)",
            insert=f"{rls.MINE} AND {OWN_CLAIM} AND reference_id IN {OWN_REFERENCES}"
            f" AND (replaced_by_id IS NULL OR replaced_by_id IN {OWN_REFERENCES})",
            update="false",
        ),
        rls.append_only("content_referencecheck"),
        # Every party of an item reads whose words it puts its name to; its owner keeps the list.
        rls.custom(
            "content_coauthor",
            select=f"{rls.MINE} OR item_id IN (SELECT app.content_item_mine())",
            insert=f"{rls.MINE} AND {OWN_ITEM}",
            update=rls.MINE,
        ),
        RunSQL(REFERENCES, RunSQL.noop),
        RunSQL(STUDY, RunSQL.noop),
        RunSQL(CO_AUTHOR, RunSQL.noop),
    ]
