"""What the database keeps and tells of inquiries: texts stay behind the wall, clocks cross."""

# One clinic's coverage: of the commercial side only access managers read of it.
KEEPS_ACCESS = """
    SELECT coalesce(current_setting('app.wall', true), '') = 'both' OR EXISTS (
        SELECT 1 FROM foundation_rolegrant
        WHERE user_id = app.ctx_user() AND org_id = app.ctx_org()
          AND role = 'access_manager' AND revoked_at IS NULL
    )
"""

SEEN = (
    "org_id = (SELECT app.ctx_org()) AND CASE wall WHEN 'access'"
    " THEN (SELECT app.engagement_keeps_access()) ELSE app.ctx_sees(wall) END"
)

STAYS = """
CREATE FUNCTION app.engagement_inquiry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION 'inquiry %: it is closed and does not change', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.org_id, OLD.root_id, OLD.hcp_id, OLD.question, OLD.source, OLD.is_unsolicited,
        OLD.signed_by, OLD.link_id, OLD.product_id, OLD.opened_at, OLD.opened_by_id)
       IS DISTINCT FROM
       (NEW.org_id, NEW.root_id, NEW.hcp_id, NEW.question, NEW.source, NEW.is_unsolicited,
        NEW.signed_by, NEW.link_id, NEW.product_id, NEW.opened_at, NEW.opened_by_id) THEN
        RAISE EXCEPTION 'inquiry %: the words and who asked them never change', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_inquiry_stays BEFORE UPDATE ON engagement_inquiry
    FOR EACH ROW EXECUTE FUNCTION app.engagement_inquiry_stays();
CREATE TRIGGER engagement_inquiry_no_delete BEFORE DELETE ON engagement_inquiry
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER engagement_inquiry_no_truncate BEFORE TRUNCATE ON engagement_inquiry
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
"""

# All that crosses the wall to those who call on the person: wait, or do not.
CASE_OPEN = """
CREATE OR REPLACE FUNCTION app.engagement_case_open(person uuid, organisation uuid)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM engagement_inquiry
        WHERE hcp_id = ANY (app.same_person(person, now())) AND org_id = organisation
          AND wall = 'medical' AND id = root_id
          AND closed_at IS NULL AND organisation = app.ctx_org()
    )
$$;
"""

# What a submitter may know of what was handed over: whom it is from, its clock, whether it is open.
MINE = """
    SELECT id, hcp_id, opened_at, due_at, closed_at FROM engagement_inquiry
    WHERE opened_by_id = app.ctx_user() AND org_id = app.ctx_org() AND id = root_id
    ORDER BY (closed_at IS NOT NULL), due_at, id LIMIT 200
"""
MINE_COLUMNS = (
    "TABLE(id uuid, hcp_id uuid, opened_at timestamptz, due_at timestamptz, closed_at timestamptz)"
)

# The table was made for medical cases; its rows stay, its policies are those of inquiries now.
OLD_POLICIES = "".join(
    f"DROP POLICY engagement_medicalcase_{name} ON engagement_inquiry;"
    for name in ("owner", "reader", "select", "insert", "update", "delete")
)
FIRST_ROOTS = "UPDATE engagement_inquiry SET root_id = id"
