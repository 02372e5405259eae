"""What the database itself insists on for meetings, and what it tells across organisations."""

# Nobody sits at two tables at once, no table has two hosts, and no HCP is in two meetings of an
# event or of a company at once. A closed slot and a meeting that is off free their time.
NEVER_TWICE = """
ALTER TABLE engagement_meetingslot
    ADD CONSTRAINT no_host_at_two_tables EXCLUDE USING gist (
        host_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&
    ) WHERE (closed_at IS NULL),
    ADD CONSTRAINT no_table_taken_twice EXCLUDE USING gist (
        place_id WITH =, "table" WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&
    ) WHERE (closed_at IS NULL);
ALTER TABLE engagement_meeting
    ADD CONSTRAINT no_hcp_in_two_meetings EXCLUDE USING gist (
        event_id WITH =, hcp_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&
    ) WHERE (status IN ('referred', 'booked', 'done')),
    ADD CONSTRAINT no_hcp_in_two_meetings_of_ours EXCLUDE USING gist (
        org_id WITH =, hcp_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&
    ) WHERE (status IN ('referred', 'booked', 'done'));
"""

# A table number is one of the place's, and a meeting is as long and on the side of its slot.
FITS = """
CREATE FUNCTION app.engagement_slot_fits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM engagement_meetingplace p WHERE p.id = NEW.place_id
        AND p.event_id = NEW.event_id AND NEW."table" BETWEEN 1 AND p.n_tables
    ) THEN
        RAISE EXCEPTION 'slot %: the place has no table %', NEW.id, NEW."table"
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_slot_fits BEFORE INSERT OR UPDATE ON engagement_meetingslot
    FOR EACH ROW EXECUTE FUNCTION app.engagement_slot_fits();
CREATE FUNCTION app.engagement_meeting_fits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM engagement_meetingslot s WHERE s.id = NEW.slot_id
        AND s.org_id = NEW.org_id AND s.event_id = NEW.event_id AND s.wall = NEW.wall
        AND s.starts_at = NEW.starts_at AND s.ends_at = NEW.ends_at
    ) THEN
        RAISE EXCEPTION 'meeting %: it does not fit its slot', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_meeting_fits BEFORE INSERT OR UPDATE ON engagement_meeting
    FOR EACH ROW EXECUTE FUNCTION app.engagement_meeting_fits();
"""

# Which slots of an event are taken; told to its parties without who sits there.
TAKEN = """
    SELECT m.slot_id FROM engagement_meeting m
    WHERE m.event_id = event AND m.status IN ('referred', 'booked', 'done', 'no_show')
      AND event IN (SELECT app.engagement_event_mine())
"""

# Whether a person is in a meeting of the event, or of the own company anywhere, at a time.
PERSON_TAKEN = """
    SELECT EXISTS (
        SELECT 1 FROM engagement_meeting m
        WHERE m.hcp_id = ANY (app.same_person(person, now()))
          AND (m.event_id = event OR m.org_id = app.ctx_org())
          AND m.status IN ('referred', 'booked', 'done') AND m.id IS DISTINCT FROM itself
          AND tstzrange(m.starts_at, m.ends_at, '[)') && tstzrange(begins, ends, '[)')
          AND event IN (SELECT app.engagement_event_mine())
    )
"""

# Leads of the own company, and those whose person permitted something to it.
LEADS_MINE = """
    SELECT id FROM engagement_lead WHERE org_id = app.ctx_org()
    UNION
    SELECT lead_id FROM engagement_leadconsent
    WHERE party_id = app.ctx_org() AND withdrawn_at IS NULL
"""

# What somebody was told at a stand stays as he was told it.
LEAD_STAYS = """
CREATE FUNCTION app.engagement_lead_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{hcp_id,name,note,email,badge,signature}'::text[]
        IS DISTINCT FROM to_jsonb(OLD) - '{hcp_id,name,note,email,badge,signature}'::text[] THEN
        RAISE EXCEPTION 'lead %: what was written down at the stand stays', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_lead_stays BEFORE UPDATE ON engagement_lead
    FOR EACH ROW EXECUTE FUNCTION app.engagement_lead_stays();
CREATE FUNCTION app.engagement_leadconsent_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'withdrawn_at' IS DISTINCT FROM to_jsonb(OLD) - 'withdrawn_at'
       OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at) THEN
        RAISE EXCEPTION 'lead consent %: a tick stays; it can only be withdrawn', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_leadconsent_stays BEFORE UPDATE ON engagement_leadconsent
    FOR EACH ROW EXECUTE FUNCTION app.engagement_leadconsent_stays();
"""
