"""What holds once records are parted, with the topic of each record kept.

It replaces the function of ``joined_sql.PARTED``, which knew products only: what was about one
topic came back as about everything.
"""

# Runs for every organisation's records, since the steward who parts two records sees only his
# own. It only ever restricts: it copies stops and withdrawals, and takes permissions back.
PARTED_BY_SUBJECT = """
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
               s.suppressed_at, NULL
        FROM (VALUES (ours, loser), (theirs, survivor)) side(records, other)
        JOIN consent_suppression s ON s.hcp_id = ANY (side.records)
        WHERE s.suppressed_at >= joined_at AND s.suppressed_at < parted_at
          AND s.source <> 'parted'
          AND NOT EXISTS (
              SELECT FROM consent_suppression t
              WHERE t.hcp_id = side.other AND t.org_id = s.org_id AND t.kind = s.kind
                AND t.controller_id IS NOT DISTINCT FROM s.controller_id)
        RETURNING 1
    ) SELECT count(*) INTO n_stops FROM copied;
    WITH copied AS (
        INSERT INTO consent_withdrawal (id, org_id, hcp_id, controller_id, channel, purpose,
            product_id, topic_id, address, source, reason, withdrawn_at, actor_id)
        SELECT uuidv7(), w.org_id, side.other, w.controller_id, w.channel, w.purpose, w.product_id,
               w.topic_id, '', 'parted', 'recorded while two records were one', w.withdrawn_at, NULL
        FROM (VALUES (ours, loser), (theirs, survivor)) side(records, other)
        JOIN consent_withdrawal w ON w.hcp_id = ANY (side.records)
        WHERE w.withdrawn_at >= joined_at AND w.withdrawn_at < parted_at AND w.source <> 'parted'
        RETURNING 1
    ) SELECT count(*) INTO n_withdrawals FROM copied;
    WITH taken AS (
        INSERT INTO consent_withdrawal (id, org_id, hcp_id, controller_id, channel, purpose,
            product_id, topic_id, address, source, reason, withdrawn_at, actor_id)
        SELECT DISTINCT ON (c.org_id, c.hcp_id, c.controller_id, c.channel, c.purpose,
                            c.product_id, c.topic_id)
               uuidv7(), c.org_id, c.hcp_id, c.controller_id, c.channel, c.purpose, c.product_id,
               c.topic_id, '', 'parted', 'given while two records were one; ask whose it is',
               parted_at, NULL
        FROM consent_capture c
        WHERE c.hcp_id = ANY (ours || theirs) AND c.captured_at >= joined_at
          AND c.captured_at < parted_at AND c.proof_ref <> ''
        RETURNING 1
    ) SELECT count(*) INTO n_permissions FROM taken;
    RETURN QUERY SELECT n_stops, n_withdrawals, n_permissions;
END $$;
"""
