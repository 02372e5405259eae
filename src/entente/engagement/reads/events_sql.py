"""What the database itself insists on for events, and what it tells across organisations."""

# A name is chosen after the need and the criteria were written down, and not the other way.
NEED_FIRST = """
CREATE FUNCTION app.engagement_event_need_first() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM engagement_event e WHERE e.id = NEW.event_id
        AND e.need_recorded_at IS NOT NULL AND e.need <> '' AND e.criteria <> ''
    ) THEN
        RAISE EXCEPTION 'the need and the criteria are recorded before anybody is chosen'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_event_need_first BEFORE INSERT ON engagement_eventspeaker
    FOR EACH ROW EXECUTE FUNCTION app.engagement_event_need_first();
"""

# An event opens when every party has agreed; a change of what they agreed to takes that back.
OPENS_AGREED = """
CREATE FUNCTION app.engagement_opens_agreed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.status = 'open' AND OLD.status <> 'open' AND EXISTS (
        SELECT 1 FROM engagement_eventside s WHERE s.event_id = NEW.id AND s.agreed_at IS NULL
    ) THEN
        RAISE EXCEPTION 'event %: not every party has agreed', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_opens_agreed BEFORE UPDATE ON engagement_event
    FOR EACH ROW EXECUTE FUNCTION app.engagement_opens_agreed();
"""

# Never more attendees with a place than places, whatever a program does.
KEEPS_PLACES = """
CREATE FUNCTION app.engagement_keeps_places() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    room integer;
    taken integer;
BEGIN
    IF NEW.status <> 'registered' OR NEW.is_walk_in OR NEW.is_speaker
       OR (TG_OP = 'UPDATE' AND OLD.status = 'registered') THEN
        RETURN NEW;
    END IF;
    SELECT places INTO room FROM engagement_event WHERE id = NEW.event_id FOR UPDATE;
    SELECT count(*) INTO taken FROM engagement_attendee a
    WHERE a.event_id = NEW.event_id AND a.status IN ('registered', 'attended')
      AND NOT a.is_walk_in AND NOT a.is_speaker AND a.id <> NEW.id;
    IF taken >= room THEN
        RAISE EXCEPTION 'event %: all % places are taken', NEW.event_id, room
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_keeps_places BEFORE INSERT OR UPDATE ON engagement_attendee
    FOR EACH ROW EXECUTE FUNCTION app.engagement_keeps_places();
"""

# How many places are taken, told to the parties: each sees only some of those who took them.
TAKEN = """
    SELECT count(*)::int FROM engagement_attendee a
    WHERE a.event_id = event AND a.status IN ('registered', 'attended')
      AND NOT a.is_walk_in AND NOT a.is_speaker
      AND event IN (SELECT app.engagement_event_mine())
"""

# The next number of an event, whoever gives it out.
NEXT_TICKET = """
    SELECT coalesce(max(a.ticket), 0)::int + 1 FROM engagement_attendee a
    WHERE a.event_id = event AND event IN (SELECT app.engagement_event_mine())
"""

# Fees of speakers that stand, of one company or, without one, of all.
FEES_IN_YEAR = """
    SELECT coalesce(sum(s.fee_minor), 0)::bigint
    FROM engagement_eventspeaker s JOIN engagement_event e ON e.id = s.event_id
    WHERE s.hcp_id = ANY (app.same_person(person, now())) AND s.removed_at IS NULL
      AND (organisation IS NULL OR s.org_id = organisation) AND s.currency = money
      AND s.standing <> 'breach' AND e.status <> 'cancelled'
      AND date_trunc('year', e.starts_at) = date_trunc('year', moment)
      AND s.id IS DISTINCT FROM itself
"""

# Earlier programmes on a topic that a person attended or gave, of all companies.
PROGRAMMES_ON_TOPIC = """
    SELECT count(DISTINCT e.id) FROM engagement_event e
    WHERE e.kind = 'speaker' AND lower(e.topic) = lower(subject) AND e.status <> 'cancelled'
      AND e.starts_at < moment AND e.starts_at > moment - interval '1 year'
      AND e.id IS DISTINCT FROM itself
      AND (EXISTS (SELECT 1 FROM engagement_attendee a WHERE a.event_id = e.id
                   AND a.hcp_id = ANY (app.same_person(person, now()))
                   AND a.status = 'attended')
           OR EXISTS (SELECT 1 FROM engagement_eventspeaker s WHERE s.event_id = e.id
                      AND s.hcp_id = ANY (app.same_person(person, now()))
                      AND s.removed_at IS NULL))
"""
