"""Who sees which item, and the review that the database itself insists on."""

from django.db import migrations
from django.db.migrations import RunSQL

from entente.content.domain.states import MOVES
from entente.foundation.access import rls

SEEN = "item_id IN (SELECT app.content_item_mine())"
HEADER_MINE = f"item_id IN (SELECT h.id FROM content_item h WHERE h.{rls.MINE})"

# The checks run as owner, since a party cannot read all rows that they need: the other
# parties' signatures, and the keys of the authors' persons.
APPROVAL = """
CREATE FUNCTION app.content_approval_check() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v content_version;
    s foundation_signature;
BEGIN
    -- The row lock makes two last approvals wait for each other, so that one of them settles.
    SELECT * INTO v FROM content_version WHERE id = NEW.version_id FOR UPDATE;
    SELECT * INTO s FROM foundation_signature WHERE id = NEW.signature_id;
    IF v.id IS NULL OR v.item_id <> NEW.item_id THEN
        RAISE EXCEPTION 'approval of a version of another item' USING ERRCODE = 'check_violation';
    END IF;
    IF v.status <> 'in_review' THEN
        RAISE EXCEPTION 'version % is % and not in review', v.id, v.status
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM content_item i WHERE i.id = v.item_id AND i.org_id = NEW.org_id)
       AND NOT EXISTS (SELECT 1 FROM content_itemside p WHERE p.item_id = v.item_id AND p.org_id = NEW.org_id)
    THEN
        RAISE EXCEPTION 'the organisation is no party of this item' USING ERRCODE = 'check_violation';
    END IF;
    IF s.id IS NULL OR s.object_id <> v.id OR s.content_hash <> v.content_hash
       OR (s.org_id, s.person_key, s.content_hash, s.signed_at, s.signer_name, s.signer_title)
          IS DISTINCT FROM
          (NEW.org_id, NEW.person_key, NEW.content_hash, NEW.signed_at, NEW.signer_name, NEW.signer_title)
    THEN
        RAISE EXCEPTION 'the signature does not cover this version' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.person_key = ANY (v.author_keys) THEN
        RAISE EXCEPTION 'an author cannot approve his own work' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_approval_check BEFORE INSERT ON content_approval
    FOR EACH ROW EXECUTE FUNCTION app.content_approval_check();

CREATE FUNCTION app.content_approval_settle() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.verdict <> 'approve' THEN
        UPDATE content_version SET status = 'rejected', rejected_at = NEW.signed_at
        WHERE id = NEW.version_id;
    ELSIF app.content_missing(NEW.version_id, 'infinity') = 0 THEN
        UPDATE content_version SET status = 'superseded', superseded_at = NEW.signed_at
        WHERE item_id = NEW.item_id AND status = 'approved' AND id <> NEW.version_id;
        UPDATE content_version SET status = 'approved', approved_at = NEW.signed_at
        WHERE id = NEW.version_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER content_approval_settle AFTER INSERT ON content_approval
    FOR EACH ROW EXECUTE FUNCTION app.content_approval_settle();

CREATE FUNCTION app.content_withdrawal_settle() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE content_version SET status = 'withdrawn', withdrawn_at = NEW.withdrawn_at
    WHERE id = NEW.version_id AND item_id = NEW.item_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'withdrawal of a version of another item' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER content_withdrawal_settle AFTER INSERT ON content_withdrawal
    FOR EACH ROW EXECUTE FUNCTION app.content_withdrawal_settle();
"""

VERSION = """
CREATE FUNCTION app.content_version_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'a version begins as a draft' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status <> 'draft' AND
       (OLD.org_id, OLD.item_id, OLD.number, OLD.subject, OLD.html, OLD.text, OLD.markets, OLD.audiences,
        OLD.channels, OLD.expires_on, OLD.support_statement, OLD.content_hash, OLD.author_keys,
        OLD.has_unsubscribe_link, OLD.has_postal_address, OLD.has_support_statement,
        OLD.is_ad_identified, OLD.submitted_at)
       IS DISTINCT FROM
       (NEW.org_id, NEW.item_id, NEW.number, NEW.subject, NEW.html, NEW.text, NEW.markets, NEW.audiences,
        NEW.channels, NEW.expires_on, NEW.support_statement, NEW.content_hash, NEW.author_keys,
        NEW.has_unsubscribe_link, NEW.has_postal_address, NEW.has_support_statement,
        NEW.is_ad_identified, NEW.submitted_at)
    THEN
        RAISE EXCEPTION 'version %: a submitted version is never edited', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status <> NEW.status AND (
        (NEW.status = 'approved' AND app.content_missing(NEW.id, 'infinity') <> 0)
        OR (NEW.status = 'rejected' AND NOT EXISTS (
            SELECT 1 FROM content_approval a WHERE a.version_id = NEW.id AND a.verdict <> 'approve'))
        OR (NEW.status = 'withdrawn' AND NOT EXISTS (
            SELECT 1 FROM content_withdrawal w WHERE w.version_id = NEW.id)))
    THEN
        RAISE EXCEPTION 'version %: nothing was signed that makes it %', OLD.id, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_version_guard BEFORE INSERT OR UPDATE ON content_version
    FOR EACH ROW EXECUTE FUNCTION app.content_version_guard();

CREATE FUNCTION app.content_claimuse_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM content_version v
               WHERE v.id = coalesce(NEW.version_id, OLD.version_id) AND v.status <> 'draft') THEN
        RAISE EXCEPTION 'the claims of a submitted version are never changed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER content_claimuse_guard BEFORE INSERT OR UPDATE OR DELETE ON content_claimuse
    FOR EACH ROW EXECUTE FUNCTION app.content_claimuse_guard();

CREATE FUNCTION app.content_claim_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.text, OLD.product_id, OLD.market, OLD.in_label, OLD.label_section, OLD.expires_on)
       IS DISTINCT FROM
       (NEW.text, NEW.product_id, NEW.market, NEW.in_label, NEW.label_section, NEW.expires_on)
       AND EXISTS (SELECT 1 FROM content_claimuse u JOIN content_version v ON v.id = u.version_id
                   WHERE u.claim_id = OLD.id AND v.status <> 'draft')
    THEN
        RAISE EXCEPTION 'claim %: in use by a submitted version; write a new claim', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_claim_guard BEFORE UPDATE ON content_claim
    FOR EACH ROW EXECUTE FUNCTION app.content_claim_guard();

CREATE FUNCTION app.content_item_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.org_id, OLD.kind, OLD.product_id, OLD.cobranded)
       IS DISTINCT FROM (NEW.org_id, NEW.kind, NEW.product_id, NEW.cobranded)
       AND EXISTS (SELECT 1 FROM content_version v WHERE v.item_id = OLD.id AND v.status <> 'draft')
    THEN
        RAISE EXCEPTION 'item %: what was reviewed under is never changed', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_item_guard BEFORE UPDATE ON content_item
    FOR EACH ROW EXECUTE FUNCTION app.content_item_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial"), ("foundation", "0002_walls")]
    operations = [
        rls.joint_header("content_item", "content_itemside", "item_id"),
        rls.joint_side("content_itemside", "item_id", "content_item"),
        # A draft is its author's own; the parties see a version once it is submitted.
        rls.custom(
            "content_version",
            select=f"{rls.MINE} OR (status <> 'draft' AND {SEEN})",
            insert=f"{rls.MINE} AND {HEADER_MINE}",
            update=rls.MINE,
        ),
        rls.states("content_version", "status", MOVES),
        rls.custom(
            "content_claimuse",
            select=f"{rls.MINE} OR version_id IN (SELECT v.id FROM content_version v)",
            insert=f"{rls.MINE} AND {HEADER_MINE}",
            update="false",
            delete=rls.MINE,
        ),
        # A party reads the claims, and what supports them, of the versions it reads.
        rls.custom(
            "content_claim",
            select=f"{rls.MINE} OR id IN (SELECT u.claim_id FROM content_claimuse u)",
            insert=rls.MINE,
            update=rls.MINE,
        ),
        rls.custom(
            "content_reference",
            select=f"{rls.MINE} OR claim_id IN (SELECT u.claim_id FROM content_claimuse u)",
            insert=rls.MINE,
            update="false",
        ),
        rls.joint_part("content_approval", "item_id", "content_item"),
        rls.append_only("content_approval"),
        rls.joint_part("content_withdrawal", "item_id", "content_item"),
        rls.append_only("content_withdrawal"),
        rls.definer(
            "content_missing",
            "wanted uuid, moment timestamptz",
            "integer",
            """
            SELECT (
                SELECT count(*)::integer FROM (
                    SELECT i.org_id FROM content_item i WHERE i.id = v.item_id
                    UNION SELECT s.org_id FROM content_itemside s WHERE s.item_id = v.item_id
                ) party
                WHERE NOT EXISTS (
                    SELECT 1 FROM content_approval a
                    WHERE a.version_id = v.id AND a.org_id = party.org_id AND a.verdict = 'approve'
                      AND a.content_hash = v.content_hash AND a.signed_at <= moment
                )
            )
            FROM content_version v WHERE v.id = wanted AND v.item_id IN (SELECT app.content_item_mine())
            """,
        ),
        RunSQL(APPROVAL, RunSQL.noop),
        RunSQL(VERSION, RunSQL.noop),
    ]
