"""Contacts with a person, of all companies and channels: numbers only, never whose they were."""

from __future__ import annotations

from entente.engagement.domain.gathering import PROMOTIONAL

KINDS = ", ".join(f"'{kind}'" for kind in sorted(PROMOTIONAL))

# Every promotional contact that took a place: one row each, with its moment, campaign and brand.
# A plan takes its place until a day after its time; what somebody asked for takes none.
CONTACTS = f"""
    SELECT s.channel AS way, s.requested_at AS moment, s.campaign_id,
           coalesce(i.product_id, c.product_id) AS brand_id
    FROM engagement_send s
    JOIN content_version v ON v.id = s.version_id JOIN content_item i ON i.id = v.item_id
    LEFT JOIN alliances_campaign c ON c.id = s.campaign_id
    WHERE s.hcp_id = ANY (records) AND s.purpose = 'promotion'
      AND s.requested_at > at_moment - interval '30 days'
      AND s.status IN ('queued', 'sent', 'parked') AND s.id IS DISTINCT FROM itself
    UNION ALL
    SELECT 'call', t.happened_at, t.campaign_id, coalesce(t.product_id, c.product_id)
    FROM engagement_touch t LEFT JOIN alliances_campaign c ON c.id = t.campaign_id
    WHERE t.hcp_id = ANY (records) AND t.purpose = 'promotion' AND NOT t.was_requested
      AND t.superseded_at IS NULL AND t.root_id IS DISTINCT FROM itself
      AND t.happened_at > at_moment - interval '30 days'
      AND (t.status = 'done'
           OR (t.status = 'planned' AND t.happened_at > least(at_moment, now()) - interval '1 day'))
    UNION ALL
    SELECT 'call', m.starts_at, e.campaign_id, c.product_id
    FROM engagement_meeting m JOIN engagement_event e ON e.id = m.event_id
    LEFT JOIN alliances_campaign c ON c.id = e.campaign_id
    WHERE m.hcp_id = ANY (records) AND m.wall = 'commercial' AND NOT m.was_requested
      AND m.status = 'booked' AND m.id IS DISTINCT FROM itself
      AND m.starts_at > at_moment - interval '30 days'
      AND m.starts_at > least(at_moment, now()) - interval '1 day'
    UNION ALL
    SELECT 'invitation', n.requested_at, e.campaign_id, c.product_id
    FROM engagement_invitation n JOIN engagement_event e ON e.id = n.event_id
    LEFT JOIN alliances_campaign c ON c.id = e.campaign_id
    WHERE n.hcp_id = ANY (records) AND e.kind IN ({KINDS})
      AND n.requested_at > at_moment - interval '30 days'
      AND n.status IN ('queued', 'sent', 'parked') AND n.id IS DISTINCT FROM itself
"""  # noqa: S608 - made of the room's own words only

# The fullest window of 30 days in which the act itself would lie: plans ahead count as well. The
# act is a row without a channel, so that it is in a window and counted nowhere. PL/pgSQL keeps
# the plan for the next request of the connection, which a function in SQL does not. Messages are
# counted by themselves on the channel asked about: e-mail, SMS or app.
CONTACTS_OF_PERSON = f"""
CREATE FUNCTION app.engagement_contacts(
    person uuid, message_way text, at_moment timestamptz, itself uuid,
    of_campaign uuid, of_version uuid, of_product uuid,
    OUT emails_30d integer, OUT emails_7d integer, OUT emails_3d integer, OUT calls_30d integer,
    OUT invitations_30d integer, OUT contacts_30d integer, OUT campaign_30d integer,
    OUT brand_30d integer, OUT complained_60d boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    records uuid[] := app.same_person(person, now());
    of_brand uuid := coalesce(
        of_product,
        (SELECT i.product_id FROM content_version v JOIN content_item i ON i.id = v.item_id
         WHERE v.id = of_version),
        (SELECT c.product_id FROM alliances_campaign c WHERE c.id = of_campaign));
BEGIN
    WITH contact AS MATERIALIZED ({CONTACTS}), filled AS (
        SELECT c.moment,
               count(c.way) FILTER (WHERE c.way = 'call') OVER w AS calls,
               count(c.way) FILTER (WHERE c.way = 'invitation') OVER w AS invitations,
               count(c.way) OVER w AS contacts,
               count(c.way) FILTER (WHERE c.campaign_id = of_campaign) OVER w AS in_campaign,
               count(c.way) FILTER (WHERE c.brand_id = of_brand) OVER w AS in_brand
        FROM (SELECT * FROM contact UNION ALL SELECT NULL, at_moment, NULL, NULL) c
        WINDOW w AS (ORDER BY c.moment RANGE BETWEEN
                     interval '30 days' - interval '1 microsecond' PRECEDING AND CURRENT ROW)
    ), emails AS (
        SELECT count(*) AS in_30d,
               count(*) FILTER (WHERE moment > at_moment - interval '7 days') AS in_7d,
               count(*) FILTER (WHERE moment > at_moment - interval '3 days') AS in_3d
        FROM contact WHERE way = message_way
    )
    SELECT e.in_30d, e.in_7d, e.in_3d, max(f.calls), max(f.invitations), max(f.contacts),
           max(f.in_campaign), max(f.in_brand)
    INTO emails_30d, emails_7d, emails_3d, calls_30d, invitations_30d, contacts_30d,
         campaign_30d, brand_30d
    FROM filled f, emails e
    WHERE f.moment >= at_moment AND f.moment < at_moment + interval '30 days'
    GROUP BY e.in_30d, e.in_7d, e.in_3d;
    complained_60d := EXISTS (
        SELECT FROM engagement_response r JOIN engagement_send s ON s.id = r.send_id
        WHERE s.hcp_id = ANY (records) AND r.kind = 'complaint'
          AND r.responded_at > at_moment - interval '60 days');
END
$$;
REVOKE ALL ON FUNCTION app.engagement_contacts(uuid, text, timestamptz, uuid, uuid, uuid, uuid)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.engagement_contacts(uuid, text, timestamptz, uuid, uuid, uuid, uuid)
    TO entente_runtime, entente_reader;
"""  # noqa: S608 - made of the room's own words only
