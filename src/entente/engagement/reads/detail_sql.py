"""What the database itself insists on for polls, and what it tells of them across parties."""

# Whether a medical question is open besides those asked in a remote detail while it went on:
# an HCP who asks during a talk does not make a breach of it. Yes or no is all that is told.
CASE_OPEN_BESIDES = """
    SELECT EXISTS (
        SELECT 1 FROM engagement_inquiry i
        WHERE i.hcp_id = ANY (app.same_person(person, now())) AND i.org_id = organisation
          AND i.wall = 'medical' AND i.id = i.root_id
          AND i.closed_at IS NULL AND organisation = app.ctx_org()
          AND NOT EXISTS (
              SELECT FROM engagement_detail d
              JOIN engagement_touch t ON t.id = d.touch_id AND t.root_id = talk
              JOIN foundation_signedlink l ON l.object_id = d.id AND l.id = i.link_id
              WHERE i.opened_at >= d.started_at
                AND (d.ended_at IS NULL OR i.opened_at <= d.ended_at)
          )
    )
"""

# What was asked stays as it was asked, from the moment somebody can answer.
POLL_STAYS = """
CREATE FUNCTION app.engagement_poll_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND (OLD.event_id, OLD.question, OLD.choices)
        IS DISTINCT FROM (NEW.event_id, NEW.question, NEW.choices) THEN
        RAISE EXCEPTION 'poll %: what was asked never changes, ask anew', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_poll_stays BEFORE UPDATE ON engagement_eventpoll
    FOR EACH ROW EXECUTE FUNCTION app.engagement_poll_stays();
"""

# An answer is given while its poll is open, to a choice that there is, by somebody who attends.
ANSWERS_FIT = """
CREATE FUNCTION app.engagement_answers_fit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM engagement_eventpoll p
        JOIN engagement_attendee a ON a.id = NEW.attendee_id AND a.event_id = p.event_id
        WHERE p.id = NEW.poll_id AND p.status = 'open' AND NEW.choice < cardinality(p.choices)
    ) THEN
        RAISE EXCEPTION 'poll %: not open, or no such choice or attendee', NEW.poll_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_answers_fit BEFORE INSERT ON engagement_eventpollanswer
    FOR EACH ROW EXECUTE FUNCTION app.engagement_answers_fit();
"""

# The company that asked gets each count; a party gets whole steps of eleven, so that a small
# count points at nobody. The total is stepped by itself: steps of choices cannot be subtracted.
POLL_COUNTS = """
    SELECT p.id, a.choice::int,
           CASE WHEN p.org_id = app.ctx_org() THEN count(a.id) ELSE count(a.id) - count(a.id) % 11
           END
    FROM engagement_eventpoll p JOIN engagement_eventpollanswer a ON a.poll_id = p.id
    WHERE p.id = ANY (polls) AND p.event_id IN (SELECT app.engagement_event_mine())
    GROUP BY p.id, p.org_id, a.choice
"""
