"""The state of a permission with topics, shown words, countries and addresses, as one function.

It replaces the first one (``state_sql.STATE``) under the same name, with the same arguments
and columns; ``asked_product`` names a product or a topic. The question is always about the
books of one organisation, the one to which the controller belongs.
"""

# Addresses are compared without case, and numbers without blanks and signs.
ADDRESS_KEY = """
CREATE FUNCTION app.consent_address_key(channel text, value text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN channel = 'email' THEN lower(trim(value))
            ELSE regexp_replace(lower(value), '[^[:alnum:]+]', '', 'g') END
$$;
GRANT EXECUTE ON FUNCTION app.consent_address_key(text, text) TO entente_runtime, entente_reader;
"""

# every: captures of the key that count at all by the moment asked for. Left out are those
#   without proof; those that their own words did not show; those of another country's law
#   where the person's present country asks for words of its own; and those that were given
#   for another address than the one in use on that day.
# given: of these, those about all subjects or about the one asked for.
# taken: the newest withdrawal that counts. A withdrawal of one subject counts where the
#   subject is not known, unless a later permission for that same subject has cleared it.
STATE_BY_SUBJECT = """
CREATE OR REPLACE FUNCTION app.consent_state(
    hcp uuid, controller uuid, asked_channel text, asked_purpose text, moment timestamptz,
    asked_product uuid DEFAULT NULL)
RETURNS TABLE (
    status text, consent_channel text, consent_purpose text, captured_on date, proof_ref text,
    text_version text, expires_on date, withdrawn_on date, paused_until date, lawful_basis text,
    captured_at timestamptz, withdrawn_at timestamptz, capture_id uuid, withdrawal_id uuid)
LANGUAGE sql STABLE AS $$
WITH place AS (
    SELECT coalesce(nullif(h.time_zone, ''), e.time_zone, 'UTC') AS zone, h.country,
           e.org_id AS org
    FROM (SELECT) one LEFT JOIN directory_hcp h ON h.id = hcp
                      LEFT JOIN directory_legalentity e ON e.id = controller
),
home AS (
    SELECT place.country,
           coalesce((SELECT r.needs_own_wording FROM consent_countryrule r
                     WHERE r.org_id = place.org AND r.country = place.country
                       AND r.channel = asked_channel AND r.set_at <= moment
                     ORDER BY r.set_at DESC, r.id DESC LIMIT 1), true) AS needs_own_wording,
           (SELECT app.consent_address_key(asked_channel, p.value)
            FROM directory_contactpoint p
            WHERE p.org_id = place.org AND p.hcp_id = hcp AND p.channel = asked_channel
              AND p.from_on <= (moment AT TIME ZONE 'UTC')::date
              AND (p.to_on IS NULL OR p.to_on > (moment AT TIME ZONE 'UTC')::date)
            ORDER BY p.from_on DESC, p.id DESC LIMIT 1) AS address
    FROM place
),
every AS (
    SELECT c.*, coalesce(c.product_id, c.topic_id) AS subject,
           (NOT c.needs_confirmation OR EXISTS (
               SELECT FROM consent_confirmation k
               WHERE k.capture_id = c.id AND k.confirmed_at <= moment)) AS confirmed
    FROM consent_capture c CROSS JOIN home
         LEFT JOIN consent_wording w ON w.org_id = c.org_id AND w.version = c.wording_version
    WHERE c.hcp_id = hcp AND c.controller_id = controller AND c.channel = asked_channel
      AND c.purpose = asked_purpose AND c.captured_at <= moment
      AND c.proof_ref <> ''
      AND (w.id IS NULL OR (
           (cardinality(w.controllers) = 0 OR c.controller_id = ANY (w.controllers))
           AND (cardinality(w.channels) = 0 OR c.channel = ANY (w.channels))
           AND (cardinality(w.purposes) = 0 OR c.purpose = ANY (w.purposes))
           AND (cardinality(w.topics) = 0
                OR coalesce(c.product_id, c.topic_id, asked_product) = ANY (w.topics))))
      AND (NOT home.needs_own_wording OR home.country = ''
           OR coalesce(w.country, nullif(c.country, ''), home.country) = home.country)
      AND (home.address IS NULL OR home.address = coalesce(
               app.consent_address_key(asked_channel, nullif(c.address, '')),
               (SELECT app.consent_address_key(asked_channel, p.value)
                FROM directory_contactpoint p
                WHERE p.org_id = c.org_id AND p.hcp_id = hcp AND p.channel = asked_channel
                  AND (p.to_on IS NULL OR (p.to_on > p.from_on
                       AND p.to_on > (c.captured_at AT TIME ZONE 'UTC')::date))
                ORDER BY p.from_on, p.id LIMIT 1),
               home.address))
),
given AS (
    SELECT * FROM every WHERE subject IS NULL OR subject = asked_product
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
      AND (coalesce(w.product_id, w.topic_id) IS NULL
           OR coalesce(w.product_id, w.topic_id) = asked_product
           OR (asked_product IS NULL AND NOT EXISTS (
               SELECT FROM every e WHERE e.confirmed AND e.captured_at > w.withdrawn_at
                                     AND e.subject = coalesce(w.product_id, w.topic_id))))
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
"""
