"""What the database itself keeps and tells of touches: records stay, counts cross, texts do not."""

# Once a record was sent in, only the moment it was superseded and what the gate says of it may
# still be written.
IMMUTABLE = """
CREATE FUNCTION app.engagement_touch_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.submitted_at IS NOT NULL AND (
        to_jsonb(NEW) - '{superseded_at,standing}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{superseded_at,standing}'::text[]
        OR (OLD.superseded_at IS NOT NULL AND NEW.superseded_at IS DISTINCT FROM OLD.superseded_at)
    ) THEN
        RAISE EXCEPTION 'touch %: a record that was sent in never changes, amend it', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_touch_stays BEFORE UPDATE ON engagement_touch
    FOR EACH ROW EXECUTE FUNCTION app.engagement_touch_stays();
CREATE TRIGGER engagement_touch_no_delete BEFORE DELETE ON engagement_touch
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER engagement_touch_no_truncate BEFORE TRUNCATE ON engagement_touch
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
"""

# The day, for the own organisation only: that a colleague was there is no secret, why is.
LAST_MEDICAL_CALL = """
    SELECT max(happened_at AT TIME ZONE 'UTC')::date FROM engagement_touch
    WHERE hcp_id = ANY (app.same_person(person, now())) AND org_id = organisation
      AND wall = 'medical' AND status = 'done' AND superseded_at IS NULL
      AND organisation = app.ctx_org()
"""

# Told only to a company that has a charter in force with the one that calls.
PARTNER_CALLS_ON = """
    SELECT EXISTS (
        SELECT 1 FROM engagement_touch t
        WHERE t.hcp_id = ANY (app.same_person(person, now())) AND t.org_id <> app.ctx_org()
          AND t.purpose = 'promotion' AND t.superseded_at IS NULL
          AND t.status IN ('planned', 'done')
          AND (t.happened_at AT TIME ZONE 'UTC')::date = day
          AND EXISTS (
              SELECT 1 FROM alliances_charter c
              JOIN alliances_charterside mine ON mine.charter_id = c.id
              JOIN alliances_charterside theirs ON theirs.charter_id = c.id
              WHERE mine.org_id = app.ctx_org() AND theirs.org_id = t.org_id
                AND c.from_on <= day AND c.to_on >= day
                AND (c.ended_on IS NULL OR c.ended_on > day)
                AND mine.agreed_hash = c.terms_hash AND theirs.agreed_hash = c.terms_hash
          )
    )
"""
