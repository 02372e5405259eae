"""Counts about a person with several records: what went to any of them counts."""

# The same functions as before, asked for all records that are the person at that moment.
OF_PERSON = """
CREATE OR REPLACE FUNCTION app.engagement_sends_since(
    person uuid, way text, since timestamptz, itself uuid) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM engagement_send
    WHERE hcp_id = ANY (app.same_person(person, now())) AND channel = way
      AND purpose = 'promotion' AND requested_at > since
      AND status IN ('queued', 'sent', 'parked') AND id IS DISTINCT FROM itself
$$;
CREATE OR REPLACE FUNCTION app.engagement_cap_30d(person uuid, way text, moment timestamptz)
    RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH of AS MATERIALIZED (SELECT app.same_person(person, moment) AS records)
    SELECT least(
        4,
        (SELECT min(p.emails_30d) FROM consent_preference p, of WHERE p.hcp_id = ANY (of.records)),
        CASE WHEN EXISTS (
            SELECT 1 FROM engagement_response r JOIN engagement_send s ON s.id = r.send_id, of
            WHERE s.hcp_id = ANY (of.records) AND s.channel = way AND r.kind = 'complaint'
              AND r.responded_at > moment - interval '60 days'
        ) THEN 2 END
    )
$$;
CREATE OR REPLACE FUNCTION app.engagement_meals_in_year(person uuid, day date, itself uuid)
    RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM engagement_expenseshare s JOIN engagement_expense e ON e.id = s.expense_id
    WHERE s.hcp_id = ANY (app.same_person(person, now())) AND e.id IS DISTINCT FROM itself
      AND date_trunc('year', e.spent_on) = date_trunc('year', day)
$$;
CREATE OR REPLACE FUNCTION app.engagement_case_open(person uuid, organisation uuid)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM engagement_medicalcase
        WHERE hcp_id = ANY (app.same_person(person, now())) AND org_id = organisation
          AND closed_at IS NULL AND organisation = app.ctx_org()
    )
$$;
"""
