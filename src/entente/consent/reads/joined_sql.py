"""The state of a permission of a person with several records, and what holds once they are parted.

What was recorded about each record stays there. Of a key, the most restrictive state of all records
counts, until the person was asked anew: a permission given after the records were joined, and after
every withdrawal, counts for the person as a whole. A stop of any record beats everything.
"""

# The state of one record keeps its function, under another name; nothing else asks for it.
STATE_OF_PERSON = """
ALTER FUNCTION app.consent_state(uuid, uuid, text, text, timestamptz, uuid)
    RENAME TO consent_state_of_record;
CREATE FUNCTION app.consent_state(
    hcp uuid, controller uuid, asked_channel text, asked_purpose text, moment timestamptz,
    asked_product uuid DEFAULT NULL)
RETURNS TABLE (
    status text, consent_channel text, consent_purpose text, captured_on date, proof_ref text,
    text_version text, expires_on date, withdrawn_on date, paused_until date, lawful_basis text,
    captured_at timestamptz, withdrawn_at timestamptz, capture_id uuid, withdrawal_id uuid)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    members uuid[] := app.same_person(hcp, moment);
    joined_at timestamptz;
    is_stopped boolean;
BEGIN
    IF cardinality(members) = 1 THEN
        RETURN QUERY SELECT * FROM app.consent_state_of_record(
            hcp, controller, asked_channel, asked_purpose, moment, asked_product);
        RETURN;
    END IF;
    SELECT max(l.from_at) INTO joined_at FROM directory_identitylink l
    WHERE l.loser_id = ANY (members) AND l.from_at <= moment
      AND (l.to_at IS NULL OR l.to_at > moment);
    SELECT EXISTS (
        SELECT FROM consent_suppression s
        WHERE s.hcp_id = ANY (members) AND s.suppressed_at <= moment
          AND (s.controller_id IS NULL OR s.controller_id = controller)) INTO is_stopped;
    RETURN QUERY
    WITH each AS MATERIALIZED (
        SELECT s.* FROM unnest(members) m(record) CROSS JOIN LATERAL app.consent_state_of_record(
            m.record, controller, asked_channel, asked_purpose, moment, asked_product) s
    ), ranked AS (
        SELECT e.*, CASE
            WHEN e.status = 'never' THEN 0
            WHEN NOT is_stopped AND e.status = 'granted' AND e.captured_at > joined_at
                 AND e.captured_at > (SELECT coalesce(max(o.withdrawn_at), '-infinity') FROM each o)
                THEN 1
            WHEN e.status = 'withdrawn' THEN 2 WHEN e.status = 'expired' THEN 3
            WHEN e.status = 'granted' THEN 4 WHEN e.status = 'pending' THEN 5 ELSE 6 END AS rank
        FROM each e
    )
    SELECT r.status, r.consent_channel, r.consent_purpose, r.captured_on, r.proof_ref,
           r.text_version, r.expires_on, r.withdrawn_on,
           (SELECT max(o.paused_until) FROM each o), r.lawful_basis, r.captured_at, r.withdrawn_at,
           r.capture_id, r.withdrawal_id
    FROM ranked r
    ORDER BY r.rank, r.withdrawn_at DESC NULLS LAST, r.captured_at DESC NULLS LAST, r.capture_id
    LIMIT 1;
END $$;
GRANT EXECUTE ON FUNCTION app.consent_state(uuid, uuid, text, text, timestamptz, uuid)
    TO entente_runtime, entente_reader;
"""

STOPPED_ANYWHERE_OF_PERSON = """
CREATE OR REPLACE FUNCTION app.consent_stopped_anywhere(
    hcp uuid, orgs uuid[], moment timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH person AS MATERIALIZED (SELECT app.same_person(hcp, moment) AS records)
SELECT EXISTS (
    SELECT FROM consent_suppression s, person p
    WHERE s.hcp_id = ANY (p.records) AND s.org_id = ANY (orgs) AND s.suppressed_at <= moment
) OR EXISTS (
    SELECT FROM consent_withdrawal w, person p
    WHERE w.hcp_id = ANY (p.records) AND w.org_id = ANY (orgs) AND w.purpose = ''
      AND w.product_id IS NULL AND w.withdrawn_at <= moment
      AND NOT EXISTS (
          SELECT FROM consent_capture c
          WHERE c.org_id = w.org_id AND c.controller_id = w.controller_id
            AND (c.hcp_id = w.hcp_id OR c.hcp_id = ANY (p.records) AND c.captured_at > (
                 SELECT max(l.from_at) FROM directory_identitylink l
                 WHERE l.loser_id = ANY (p.records) AND l.from_at <= moment
                   AND (l.to_at IS NULL OR l.to_at > moment)))
            AND (w.channel = 'any' OR c.channel = w.channel) AND c.proof_ref <> ''
            AND NOT c.needs_confirmation
            AND c.captured_at > w.withdrawn_at AND c.captured_at <= moment)
)
$$;
"""

# Runs for every organisation's records, since the steward who parts two records sees only his
# own. It only ever restricts: it copies stops and withdrawals, and takes permissions back. All of
# it counts from the parting: for the time before, the link answers. Copies follow at a later
# parting too, since the record they were copied to was one with others meanwhile.
PARTED = """
CREATE OR REPLACE FUNCTION app.consent_parted(
    survivor uuid, loser uuid, joined_at timestamptz, parted_at timestamptz)
RETURNS TABLE (stops bigint, withdrawals bigint, permissions bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- A moment after the end of the link: each side is what it is without the other.
    ours uuid[] := app.same_person(survivor, parted_at);
    theirs uuid[] := app.same_person(loser, parted_at);
    n_stops bigint; n_withdrawals bigint; n_permissions bigint;
BEGIN
    WITH copied AS (
        INSERT INTO consent_suppression (id, org_id, hcp_id, controller_id, kind, reason, source,
            address_mark, suppressed_at, actor_id)
        SELECT uuidv7(), s.org_id, side.other, s.controller_id, s.kind, s.reason, 'parted', '',
               parted_at, NULL
        FROM (VALUES (ours, loser), (theirs, survivor)) side(records, other)
        JOIN consent_suppression s ON s.hcp_id = ANY (side.records)
        WHERE s.suppressed_at >= joined_at AND s.suppressed_at < parted_at
          AND NOT EXISTS (
              SELECT FROM consent_suppression t
              WHERE t.hcp_id = side.other AND t.org_id = s.org_id AND t.kind = s.kind
                AND t.controller_id IS NOT DISTINCT FROM s.controller_id)
        RETURNING 1
    ) SELECT count(*) INTO n_stops FROM copied;
    WITH copied AS (
        INSERT INTO consent_withdrawal (id, org_id, hcp_id, controller_id, channel, purpose,
            product_id, topic_id, address, source, reason, withdrawn_at, actor_id)
        SELECT DISTINCT ON (w.org_id, side.other, w.controller_id, w.channel, w.purpose,
                            w.product_id, w.topic_id)
               uuidv7(), w.org_id, side.other, w.controller_id, w.channel, w.purpose, w.product_id,
               w.topic_id, '', 'parted', 'recorded while two records were one', parted_at, NULL
        FROM (VALUES (ours, loser), (theirs, survivor)) side(records, other)
        JOIN consent_withdrawal w ON w.hcp_id = ANY (side.records)
        WHERE w.withdrawn_at >= joined_at AND w.withdrawn_at < parted_at
          AND w.source <> 'parted_ask'
        RETURNING 1
    ) SELECT count(*) INTO n_withdrawals FROM copied;
    WITH taken AS (
        INSERT INTO consent_withdrawal (id, org_id, hcp_id, controller_id, channel, purpose,
            product_id, topic_id, address, source, reason, withdrawn_at, actor_id)
        SELECT DISTINCT ON (c.org_id, c.hcp_id, c.controller_id, c.channel, c.purpose,
                            c.product_id, c.topic_id)
               uuidv7(), c.org_id, c.hcp_id, c.controller_id, c.channel, c.purpose, c.product_id,
               c.topic_id, '', 'parted_ask', 'given while two records were one; ask whose it is',
               parted_at, NULL
        FROM consent_capture c
        WHERE c.hcp_id = ANY (ours || theirs) AND c.captured_at >= joined_at
          AND c.captured_at < parted_at AND c.proof_ref <> ''
        RETURNING 1
    ) SELECT count(*) INTO n_permissions FROM taken;
    RETURN QUERY SELECT n_stops, n_withdrawals, n_permissions;
END $$;
REVOKE ALL ON FUNCTION app.consent_parted(uuid, uuid, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.consent_parted(uuid, uuid, timestamptz, timestamptz)
    TO entente_runtime;
"""
