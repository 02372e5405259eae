"""Who sees files, interactive items and hosted pages, and the door by which the public enters."""

from django.db import migrations
from django.db.migrations import RunSQL

from entente.foundation.access import rls

HEADER_MINE = f"item_id IN (SELECT h.id FROM content_item h WHERE h.{rls.MINE})"
# What hangs on a version is seen by whoever sees the version, and written by its owner.
OF_VERSION = f"{rls.MINE} OR version_id IN (SELECT v.id FROM content_version v)"

GUARDS = """
CREATE FUNCTION app.content_part_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM content_version v
               WHERE v.id IN (NEW.version_id, OLD.version_id) AND v.status <> 'draft') THEN
        RAISE EXCEPTION 'the files and interactive items of a submitted version are never changed'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND NOT EXISTS (
        SELECT 1 FROM content_version v
        WHERE v.id = NEW.version_id AND v.item_id = NEW.item_id AND v.org_id = NEW.org_id) THEN
        RAISE EXCEPTION 'a part of a version of another item' USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER content_part_guard BEFORE INSERT OR UPDATE OR DELETE ON content_attachment
    FOR EACH ROW EXECUTE FUNCTION app.content_part_guard();
CREATE TRIGGER content_part_guard BEFORE INSERT OR UPDATE OR DELETE ON content_tool
    FOR EACH ROW EXECUTE FUNCTION app.content_part_guard();

-- The bytes are what their hash says, whoever wrote them.
ALTER TABLE content_attachment ADD CONSTRAINT content_attachment_hash CHECK (
    sha256 = encode(sha256(data), 'hex') AND size_bytes = octet_length(data));

CREATE FUNCTION app.content_hostedpage_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM content_version v
                   WHERE v.id = NEW.version_id AND v.item_id = NEW.item_id) THEN
        RAISE EXCEPTION 'a page of a version of another item' USING ERRCODE = 'check_violation';
    END IF;
    -- Readers know an address as its first publisher's: nobody else gets it, even when it ended.
    IF EXISTS (SELECT 1 FROM content_hostedpage p
               WHERE p.slug = NEW.slug AND p.org_id <> NEW.org_id) THEN
        RAISE EXCEPTION 'the address is taken' USING ERRCODE = 'unique_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND
       (OLD.ended_at IS NOT NULL OR
        (OLD.org_id, OLD.item_id, OLD.version_id, OLD.slug, OLD.sender_id, OLD.country,
         OLD.language, OLD.campaign_id, OLD.asks_declaration, OLD.takes_registrations,
         OLD.starts_at, OLD.ends_at, OLD.published_at, OLD.published_by_name)
        IS DISTINCT FROM
        (NEW.org_id, NEW.item_id, NEW.version_id, NEW.slug, NEW.sender_id, NEW.country,
         NEW.language, NEW.campaign_id, NEW.asks_declaration, NEW.takes_registrations,
         NEW.starts_at, NEW.ends_at, NEW.published_at, NEW.published_by_name))
    THEN
        RAISE EXCEPTION 'page %: what was published stays; end it and publish anew', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_hostedpage_guard BEFORE INSERT OR UPDATE ON content_hostedpage
    FOR EACH ROW EXECUTE FUNCTION app.content_hostedpage_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0020_hosted_pages"), ("foundation", "0002_walls")]
    operations = [
        rls.custom(
            "content_attachment",
            select=OF_VERSION,
            insert=f"{rls.MINE} AND {HEADER_MINE}",
            update="false",
            delete=rls.MINE,
        ),
        rls.custom(
            "content_tool",
            select=OF_VERSION,
            insert=f"{rls.MINE} AND {HEADER_MINE}",
            update="false",
            delete=rls.MINE,
        ),
        # The parties of a joint item read where it is published; its owner publishes.
        rls.custom(
            "content_hostedpage",
            select=f"{rls.MINE} OR item_id IN (SELECT app.content_item_mine())",
            insert=f"{rls.MINE} AND {HEADER_MINE}",
            update=rls.MINE,
        ),
        rls.custom(
            "content_hostedcount",
            select=f"{rls.MINE} OR page_id IN (SELECT p.id FROM content_hostedpage p)",
            insert=rls.MINE,
            update=rls.MINE,
        ),
        # Names and addresses stay with whoever asked for them.
        rls.own("content_registration"),
        # A visitor has no organisation: the address alone says whose page it is, and no more.
        rls.definer(
            "hosted_door",
            "wanted text",
            "TABLE (org_id uuid, page_id uuid)",
            # An address goes from one version to the next; what is open counts before what was.
            """
            SELECT p.org_id, p.id FROM content_hostedpage p WHERE p.slug = wanted
            ORDER BY (p.ended_at IS NULL AND p.outcome <> 'FORBID') DESC, p.id DESC LIMIT 1
            """,
            rows=1,
        ),
        RunSQL(GUARDS, RunSQL.noop),
    ]
