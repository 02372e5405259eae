"""The state of a permission, as one SQL function that facts, pages and reports all ask."""

STATE = """
CREATE FUNCTION app.consent_state(
    hcp uuid, controller uuid, asked_channel text, asked_purpose text, moment timestamptz,
    asked_product uuid DEFAULT NULL)
RETURNS TABLE (
    status text, consent_channel text, consent_purpose text, captured_on date, proof_ref text,
    text_version text, expires_on date, withdrawn_on date, paused_until date, lawful_basis text,
    captured_at timestamptz, withdrawn_at timestamptz, capture_id uuid, withdrawal_id uuid)
LANGUAGE sql STABLE AS $$
WITH place AS (
    SELECT coalesce(
        (SELECT nullif(h.time_zone, '') FROM directory_hcp h WHERE h.id = hcp),
        (SELECT e.time_zone FROM directory_legalentity e WHERE e.id = controller), 'UTC') AS zone
),
given AS (
    SELECT c.*, (NOT c.needs_confirmation OR EXISTS (
               SELECT FROM consent_confirmation k
               WHERE k.capture_id = c.id AND k.confirmed_at <= moment)) AS confirmed
    FROM consent_capture c
    WHERE c.hcp_id = hcp AND c.controller_id = controller AND c.channel = asked_channel
      AND c.purpose = asked_purpose AND c.captured_at <= moment
      AND (c.product_id IS NULL OR c.product_id = asked_product)
      AND c.proof_ref <> ''
),
grant_ AS (
    SELECT * FROM given WHERE confirmed ORDER BY captured_at DESC, recorded_at DESC, id DESC LIMIT 1
),
waiting AS (
    SELECT * FROM given WHERE NOT confirmed
    ORDER BY captured_at DESC, recorded_at DESC, id DESC LIMIT 1
),
taken AS (
    SELECT w.* FROM consent_withdrawal w
    WHERE w.hcp_id = hcp AND w.controller_id = controller AND w.channel IN (asked_channel, 'any')
      AND w.purpose IN (asked_purpose, '') AND w.withdrawn_at <= moment
      AND (w.product_id IS NULL OR asked_product IS NULL OR w.product_id = asked_product)
    ORDER BY w.withdrawn_at DESC, w.recorded_at DESC, w.id DESC LIMIT 1
),
stopped AS (
    SELECT s.kind, s.suppressed_at FROM consent_suppression s
    WHERE s.hcp_id = hcp AND (s.controller_id IS NULL OR s.controller_id = controller)
      AND s.suppressed_at <= moment
    ORDER BY (s.kind = 'never') DESC, s.suppressed_at LIMIT 1
),
quiet AS (
    SELECT p.paused_until FROM consent_preference p
    WHERE p.hcp_id = hcp AND p.set_at <= moment
    ORDER BY p.set_at DESC, p.recorded_at DESC, p.id DESC LIMIT 1
),
judged AS (
    SELECT CASE
        WHEN stopped.kind = 'never' THEN 'never'
        WHEN stopped.kind IS NOT NULL THEN 'withdrawn'
        WHEN waiting.captured_at > coalesce(taken.withdrawn_at, '-infinity')
             AND (grant_.id IS NULL OR taken.withdrawn_at >= grant_.captured_at
                  OR (moment AT TIME ZONE place.zone)::date > grant_.expires_on) THEN 'pending'
        WHEN taken.withdrawn_at >= coalesce(grant_.captured_at, '-infinity') THEN 'withdrawn'
        WHEN grant_.id IS NULL THEN 'none'
        WHEN (moment AT TIME ZONE place.zone)::date > grant_.expires_on THEN 'expired'
        ELSE 'granted' END AS status
    FROM place LEFT JOIN grant_ ON true LEFT JOIN waiting ON true LEFT JOIN taken ON true
               LEFT JOIN stopped ON true
)
SELECT judged.status, asked_channel, asked_purpose,
       (shown.captured_at AT TIME ZONE place.zone)::date, shown.proof_ref,
       nullif(shown.wording_version, ''), shown.expires_on,
       CASE WHEN judged.status IN ('withdrawn', 'never') THEN
           (coalesce(stopped.suppressed_at, taken.withdrawn_at) AT TIME ZONE place.zone)::date END,
       quiet.paused_until, CASE WHEN judged.status = 'granted' THEN 'consent' END,
       shown.captured_at,
       CASE WHEN judged.status IN ('withdrawn', 'never') THEN
           coalesce(stopped.suppressed_at, taken.withdrawn_at) END,
       shown.id, taken.id
FROM judged CROSS JOIN place LEFT JOIN taken ON true LEFT JOIN stopped ON true
     LEFT JOIN quiet ON true
     LEFT JOIN LATERAL (
         SELECT * FROM waiting WHERE judged.status = 'pending'
         UNION ALL SELECT * FROM grant_ WHERE judged.status <> 'pending') shown ON true
$$;
GRANT EXECUTE ON FUNCTION app.consent_state(uuid, uuid, text, text, timestamptz, uuid)
    TO entente_runtime, entente_reader;
"""

# A stop of any kind, or a withdrawal of all purposes that no later permission for the same
# channel has cleared. It says yes or no about several organisations, never which one.
STOPPED_ANYWHERE = """
SELECT EXISTS (
    SELECT FROM consent_suppression s
    WHERE s.hcp_id = hcp AND s.org_id = ANY (orgs) AND s.suppressed_at <= moment
) OR EXISTS (
    SELECT FROM consent_withdrawal w
    WHERE w.hcp_id = hcp AND w.org_id = ANY (orgs) AND w.purpose = '' AND w.product_id IS NULL
      AND w.withdrawn_at <= moment
      AND NOT EXISTS (
          SELECT FROM consent_capture c
          WHERE c.hcp_id = w.hcp_id AND c.org_id = w.org_id AND c.controller_id = w.controller_id
            AND (w.channel = 'any' OR c.channel = w.channel) AND c.proof_ref <> ''
            AND NOT c.needs_confirmation
            AND c.captured_at > w.withdrawn_at AND c.captured_at <= moment)
)
"""
