"""Who sees panels and lanes, and the release that the database works out from all signatures."""

from django.db import migrations
from django.db.migrations import RunSQL

from entente.content.domain.states import MOVES
from entente.foundation.access import rls

SEEN = "item_id IN (SELECT app.content_item_mine())"

# A version that was submitted before panels existed is asked of each party once per market, as
# a whole; approvals from then answer for everything.
BEFORE = """
INSERT INTO content_need (id, org_id, item_id, version_id, function, country)
SELECT gen_random_uuid(), party.org_id, v.item_id, v.id, 'reviewer', market
FROM content_version v
CROSS JOIN LATERAL (
    SELECT i.org_id FROM content_item i WHERE i.id = v.item_id
    UNION SELECT s.org_id FROM content_itemside s WHERE s.item_id = v.item_id
) party
CROSS JOIN LATERAL unnest(v.markets) AS market
WHERE v.status <> 'draft';
"""

NEEDS = """
CREATE FUNCTION app.content_version_needs() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Whoever leads signs for all, once every other party has accepted that.
    INSERT INTO content_need (id, org_id, item_id, version_id, function, country)
    SELECT gen_random_uuid(), party.org_id, NEW.item_id, NEW.id, f.function, market
    FROM (
        SELECT i.org_id FROM content_item i WHERE i.id = NEW.item_id
        UNION SELECT s.org_id FROM content_itemside s WHERE s.item_id = NEW.item_id
    ) party
    LEFT JOIN LATERAL (
        SELECT l.org_id FROM content_lead l
        WHERE l.item_id = NEW.item_id AND l.notified_on <= (NEW.submitted_at AT TIME ZONE 'UTC')::date
          AND NOT EXISTS (
              SELECT 1 FROM (
                  SELECT i.org_id FROM content_item i WHERE i.id = NEW.item_id
                  UNION SELECT s.org_id FROM content_itemside s WHERE s.item_id = NEW.item_id
              ) other
              WHERE other.org_id <> l.org_id AND NOT EXISTS (
                  SELECT 1 FROM content_leadacceptance a WHERE a.lead_id = l.id AND a.org_id = other.org_id))
    ) lead ON true
    CROSS JOIN LATERAL (
        SELECT unnest(NEW.panel) AS function
        WHERE EXISTS (SELECT 1 FROM content_seat t WHERE t.org_id = party.org_id
                      AND t.from_on <= (NEW.submitted_at AT TIME ZONE 'UTC')::date
                      AND (t.to_on IS NULL OR t.to_on >= (NEW.submitted_at AT TIME ZONE 'UTC')::date))
        UNION ALL
        SELECT 'reviewer'
        WHERE NOT EXISTS (SELECT 1 FROM content_seat t WHERE t.org_id = party.org_id
                          AND t.from_on <= (NEW.submitted_at AT TIME ZONE 'UTC')::date
                          AND (t.to_on IS NULL OR t.to_on >= (NEW.submitted_at AT TIME ZONE 'UTC')::date))
    ) f
    CROSS JOIN LATERAL unnest(NEW.markets) AS market
    WHERE (lead.org_id IS NULL OR lead.org_id = party.org_id)
      AND (f.function NOT IN ('uk_signatory', 'uk_examiner') OR market = 'GB')
      AND (f.function <> 'fr_pharmacist' OR market = 'FR')
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER content_version_needs AFTER UPDATE ON content_version FOR EACH ROW
    WHEN (NEW.status = 'in_review' AND (OLD.status = 'draft' OR OLD.panel IS DISTINCT FROM NEW.panel))
    EXECUTE FUNCTION app.content_version_needs();
"""

# Counts what nobody has answered. A version without any need is one that was never submitted.
MISSING = """
CREATE OR REPLACE FUNCTION app.content_missing(wanted uuid, moment timestamptz) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM content_need n WHERE n.version_id = v.id) THEN 1 ELSE (
        SELECT count(DISTINCT (n.org_id, n.function))::integer FROM content_need n
        WHERE n.version_id = v.id AND NOT EXISTS (
            SELECT 1 FROM content_approval a
            WHERE a.version_id = v.id AND a.org_id = n.org_id AND a.function = n.function
              AND a.verdict = 'approve' AND n.country = ANY (coalesce(a.answers, v.markets))
              AND a.content_hash = v.content_hash AND a.signed_at <= moment
        )
    ) END
    FROM content_version v WHERE v.id = wanted AND v.item_id IN (SELECT app.content_item_mine())
$$;
"""

SEATED = """
CREATE FUNCTION app.content_seated(
    party uuid, person uuid, wanted text, places text[], on_day date
) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- Whether a person answers for a party in a function and these countries on a day: by a seat,
    -- as a deputy, or, where the party has named no panel, as its one reviewer.
    SELECT CASE WHEN NOT EXISTS (
        SELECT 1 FROM content_seat s WHERE s.org_id = party
          AND s.from_on <= on_day AND (s.to_on IS NULL OR s.to_on >= on_day)
    ) THEN wanted = 'reviewer'
    ELSE EXISTS (
        SELECT 1 FROM content_seat s
        WHERE s.org_id = party AND s.function = wanted
          AND s.from_on <= on_day AND (s.to_on IS NULL OR s.to_on >= on_day)
          AND (s.countries = '{}' OR places <@ s.countries::text[])
          AND (s.holder_id = person OR EXISTS (
              SELECT 1 FROM content_deputy d WHERE d.seat_id = s.id AND d.holder_id = person
                AND d.from_on <= on_day AND d.to_on >= on_day))
    ) END
$$;
REVOKE ALL ON FUNCTION app.content_seated(uuid, uuid, text, text[], date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.content_seated(uuid, uuid, text, text[], date) TO entente_runtime;

CREATE FUNCTION app.content_approval_seat() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v content_version;
    person uuid;
    countries text[];
BEGIN
    SELECT * INTO v FROM content_version WHERE id = NEW.version_id;
    SELECT s.user_id INTO person FROM foundation_signature s WHERE s.id = NEW.signature_id;
    countries := coalesce(NEW.answers, v.markets)::text[];
    IF NOT EXISTS (SELECT 1 FROM content_need n WHERE n.version_id = NEW.version_id
                   AND n.org_id = NEW.org_id AND n.function = NEW.function) THEN
        RAISE EXCEPTION 'nobody asked this party for a % of this version', NEW.function
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT app.content_seated(NEW.org_id, person, NEW.function, countries,
                              (NEW.signed_at AT TIME ZONE 'UTC')::date) THEN
        RAISE EXCEPTION 'the signer holds no such seat on that day' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.function = 'uk_signatory' AND NEW.qualification NOT IN ('doctor', 'pharmacist', 'dentist'))
       OR (NEW.function = 'uk_examiner' AND NEW.qualification NOT IN ('doctor', 'pharmacist', 'dentist', 'aqp'))
       OR (NEW.function = 'fr_pharmacist' AND NEW.qualification <> 'pharmacist') THEN
        RAISE EXCEPTION 'the profession of the signer does not allow this certificate'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT (coalesce(NEW.markets, v.markets)::text[] <@ countries AND countries <@ v.markets::text[]
            AND coalesce(NEW.audiences, v.audiences) <@ v.audiences
            AND coalesce(NEW.channels, v.channels) <@ v.channels)
    THEN
        RAISE EXCEPTION 'an approval gives no more than the version asks for'
            USING ERRCODE = 'check_violation';
    END IF;
    -- Signatories certify what everybody else has approved.
    IF NEW.verdict = 'approve' AND NEW.function IN ('uk_signatory', 'uk_examiner', 'fr_pharmacist')
       AND EXISTS (
           SELECT 1 FROM content_need n
           WHERE n.version_id = v.id AND n.org_id = NEW.org_id
             AND n.function NOT IN ('uk_signatory', 'uk_examiner', 'fr_pharmacist')
             AND NOT EXISTS (SELECT 1 FROM content_approval a WHERE a.version_id = v.id
                 AND a.org_id = n.org_id AND a.function = n.function AND a.verdict = 'approve'
                 AND n.country = ANY (coalesce(a.answers, v.markets))))
    THEN
        RAISE EXCEPTION 'the other reviewers of your company sign before its signatory'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_approval_seat BEFORE INSERT ON content_approval
    FOR EACH ROW EXECUTE FUNCTION app.content_approval_seat();
"""

SETTLE = """
CREATE OR REPLACE FUNCTION app.content_approval_settle() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v content_version;
    in_markets text[];
    for_audiences text[];
    by_channels text[];
    last_day date;
BEGIN
    SELECT * INTO v FROM content_version WHERE id = NEW.version_id;
    IF NEW.verdict <> 'approve' THEN
        UPDATE content_version SET status = 'rejected', rejected_at = NEW.signed_at
        WHERE id = NEW.version_id;
        RETURN NULL;
    END IF;
    SELECT array_agg(m ORDER BY m) INTO in_markets FROM unnest(v.markets) m
    WHERE NOT EXISTS (
        SELECT 1 FROM content_need n
        WHERE n.version_id = v.id AND n.country = m
          -- While somebody has not answered yet, nothing is taken away on his behalf.
          AND EXISTS (SELECT 1 FROM content_approval a WHERE a.version_id = v.id
              AND a.org_id = n.org_id AND a.function = n.function AND a.verdict = 'approve'
              AND m = ANY (coalesce(a.answers, v.markets)))
          AND NOT EXISTS (SELECT 1 FROM content_approval a WHERE a.version_id = v.id
              AND a.org_id = n.org_id AND a.function = n.function AND a.verdict = 'approve'
              AND m = ANY (coalesce(a.markets, v.markets))));
    SELECT array_agg(x ORDER BY x) INTO for_audiences FROM unnest(v.audiences) x
    WHERE NOT EXISTS (SELECT 1 FROM content_approval a WHERE a.version_id = v.id
        AND a.verdict = 'approve' AND NOT x = ANY (coalesce(a.audiences, v.audiences)));
    SELECT array_agg(x ORDER BY x) INTO by_channels FROM unnest(v.channels) x
    WHERE NOT EXISTS (SELECT 1 FROM content_approval a WHERE a.version_id = v.id
        AND a.verdict = 'approve' AND NOT x = ANY (coalesce(a.channels, v.channels)));
    SELECT least(v.expires_on, min(a.until)) INTO last_day FROM content_approval a
    WHERE a.version_id = v.id AND a.verdict = 'approve';
    IF in_markets IS NULL OR for_audiences IS NULL OR by_channels IS NULL THEN
        RAISE EXCEPTION 'with this approval the parties would have no country, audience or channel in common'
            USING ERRCODE = 'check_violation';
    END IF;
    IF app.content_missing(NEW.version_id, 'infinity') <> 0 THEN
        RETURN NULL;
    END IF;
    INSERT INTO content_superseded (id, org_id, item_id, version_id, by_version_id, market, at)
    SELECT gen_random_uuid(), o.org_id, o.item_id, o.id, v.id, m, NEW.signed_at
    FROM content_version o CROSS JOIN LATERAL unnest(coalesce(o.released_markets, o.markets)) m
    WHERE o.item_id = NEW.item_id AND o.status = 'approved' AND o.id <> v.id AND m = ANY (in_markets)
    ON CONFLICT DO NOTHING;
    UPDATE content_version o SET status = 'superseded', superseded_at = NEW.signed_at
    WHERE o.item_id = NEW.item_id AND o.status = 'approved' AND o.id <> v.id
      AND NOT EXISTS (
          SELECT 1 FROM unnest(coalesce(o.released_markets, o.markets)) m
          WHERE NOT EXISTS (SELECT 1 FROM content_superseded s WHERE s.version_id = o.id AND s.market = m));
    UPDATE content_version SET status = 'approved', approved_at = NEW.signed_at,
        released_markets = in_markets, released_audiences = for_audiences,
        released_channels = by_channels, released_until = last_day
    WHERE id = NEW.version_id;
    RETURN NULL;
END $$;
"""

RAISED = """
CREATE FUNCTION app.content_raise_settle() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE content_version SET lane = NEW.lane, review_due_on = NEW.due_on,
        panel = ARRAY(SELECT DISTINCT f FROM unnest(panel || NEW.panel) f ORDER BY f)
    WHERE id = NEW.version_id AND item_id = NEW.item_id AND status = 'in_review';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only the lane of a version in review can be raised'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER content_raise_settle AFTER INSERT ON content_raise
    FOR EACH ROW EXECUTE FUNCTION app.content_raise_settle();
"""

# What is fixed at submission stays so; the panel only grows, and only in review.
GUARD = """
CREATE FUNCTION app.content_lane_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND OLD.rules IS DISTINCT FROM NEW.rules THEN
        RAISE EXCEPTION 'version %: a submitted version is never edited', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status <> 'draft' AND (
        NOT (OLD.panel <@ NEW.panel) OR OLD.urgent_because <> NEW.urgent_because
        OR array_position(ARRAY['green', 'amber', 'red'], NEW.lane::text)
           < array_position(ARRAY['green', 'amber', 'red'], OLD.lane::text))
    THEN
        RAISE EXCEPTION 'version %: a lane is only ever raised', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'cancelled' AND EXISTS (
        SELECT 1 FROM content_version v WHERE v.item_id = NEW.item_id AND v.approved_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'the item was released before: withdraw it instead'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.released_markets, OLD.released_audiences, OLD.released_channels, OLD.released_until)
       IS DISTINCT FROM
       (NEW.released_markets, NEW.released_audiences, NEW.released_channels, NEW.released_until)
       AND NOT (OLD.status = 'in_review' AND NEW.status = 'approved')
    THEN
        RAISE EXCEPTION 'version %: what was released is only set by the release', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_lane_guard BEFORE UPDATE ON content_version
    FOR EACH ROW EXECUTE FUNCTION app.content_lane_guard();

CREATE FUNCTION app.content_module_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM content_version v
               WHERE v.id = coalesce(NEW.version_id, OLD.version_id) AND v.status <> 'draft') THEN
        RAISE EXCEPTION 'the modules of a submitted version are never changed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER content_module_guard BEFORE INSERT OR UPDATE OR DELETE ON content_versionpart
    FOR EACH ROW EXECUTE FUNCTION app.content_module_guard();
"""

# A claim's last day may come earlier at any time: less is said then, never more.
CLAIM = """
CREATE OR REPLACE FUNCTION app.content_claim_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF ((OLD.text, OLD.product_id, OLD.market, OLD.in_label, OLD.label_section, OLD.language,
         OLD.kind, OLD.indication, OLD.line_of_therapy)
        IS DISTINCT FROM
        (NEW.text, NEW.product_id, NEW.market, NEW.in_label, NEW.label_section, NEW.language,
         NEW.kind, NEW.indication, NEW.line_of_therapy)
        OR (OLD.expires_on IS DISTINCT FROM NEW.expires_on
            AND NOT coalesce(NEW.expires_on <= coalesce(OLD.expires_on, 'infinity'), false)))
       AND EXISTS (SELECT 1 FROM content_claimuse u JOIN content_version v ON v.id = u.version_id
                   WHERE u.claim_id = OLD.id AND v.status <> 'draft')
    THEN
        RAISE EXCEPTION 'claim %: in use by a submitted version; write a new claim', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0004_review_panels")]

    operations = [
        RunSQL(BEFORE, RunSQL.noop),
        rls.own("content_seat"),
        rls.own("content_deputy"),
        rls.own("content_lanecell"),
        rls.own("content_sample"),
        # The database alone writes what is asked of whom.
        rls.custom("content_need", select=f"{rls.MINE} OR {SEEN}", insert="false", update="false"),
        rls.append_only("content_need"),
        rls.custom(
            "content_superseded", select=f"{rls.MINE} OR {SEEN}", insert="false", update="false"
        ),
        rls.append_only("content_superseded"),
        rls.joint_part("content_raise", "item_id", "content_item"),
        rls.append_only("content_raise"),
        rls.joint_part("content_lead", "item_id", "content_item"),
        rls.joint_part("content_leadacceptance", "item_id", "content_item"),
        rls.append_only("content_leadacceptance"),
        rls.joint_part("content_annotation", "item_id", "content_item"),
        rls.joint_part("content_certificate", "item_id", "content_item"),
        rls.append_only("content_certificate"),
        # A party sees of which modules the versions it sees are made.
        rls.custom(
            "content_versionpart",
            select=f"{rls.MINE} OR version_id IN (SELECT v.id FROM content_version v)",
            insert=f"{rls.MINE} AND item_id IN (SELECT h.id FROM content_item h WHERE h.{rls.MINE})",
            update="false",
            delete=rls.MINE,
        ),
        rls.states("content_version", "status", MOVES, anew=True),
        RunSQL(NEEDS, RunSQL.noop),
        RunSQL(MISSING, RunSQL.noop),
        RunSQL(SEATED, RunSQL.noop),
        RunSQL(SETTLE, RunSQL.noop),
        RunSQL(RAISED, RunSQL.noop),
        RunSQL(GUARD, RunSQL.noop),
        RunSQL(CLAIM, RunSQL.noop),
    ]
