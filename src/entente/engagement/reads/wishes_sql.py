"""The newest wish of a person: how many e-mails at most, as each company heard it last."""

# Of each company the newest wish by that moment counts, an older one is history; of several
# companies, and of records that are one person, the lowest. Once the person as a whole was asked
# anew, after the records were joined, that wish takes the place of those of the single records.
NEWEST_WISH = """
CREATE FUNCTION app.engagement_newest_wish(person uuid, moment timestamptz,
    OUT emails_30d integer, OUT emails_7d integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH member AS MATERIALIZED (SELECT app.same_person(person, moment) AS records),
    newest AS (
        SELECT DISTINCT ON (p.org_id, p.hcp_id) p.*
        FROM consent_preference p JOIN member m ON p.hcp_id = ANY (m.records)
        WHERE p.set_at <= moment
        ORDER BY p.org_id, p.hcp_id, p.set_at DESC, p.recorded_at DESC, p.id DESC
    ), joined AS (
        SELECT max(l.from_at) AS at FROM directory_identitylink l, member m
        WHERE l.loser_id = ANY (m.records) AND l.from_at <= moment
          AND (l.to_at IS NULL OR l.to_at > moment)
    )
    SELECT min(n.emails_30d), min(n.emails_7d) FROM newest n
    WHERE NOT EXISTS (
        SELECT FROM newest later, joined
        WHERE later.org_id = n.org_id AND later.set_at > n.set_at AND later.set_at > joined.at)
$$;
REVOKE ALL ON FUNCTION app.engagement_newest_wish(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.engagement_newest_wish(uuid, timestamptz)
    TO entente_runtime, entente_reader;
"""

CAP_BY_NEWEST_WISH = """
CREATE OR REPLACE FUNCTION app.engagement_cap_30d(person uuid, way text, moment timestamptz)
    RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT least(
        4,
        (SELECT w.emails_30d FROM app.engagement_newest_wish(person, moment) w),
        CASE WHEN EXISTS (
            SELECT 1 FROM engagement_response r JOIN engagement_send s ON s.id = r.send_id
            WHERE s.hcp_id = ANY (app.same_person(person, moment)) AND s.channel = way
              AND r.kind = 'complaint'
              AND r.responded_at > moment - interval '60 days'
        ) THEN 2 END
    )
$$;
"""
