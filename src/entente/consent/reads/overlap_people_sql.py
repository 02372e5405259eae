"""Showing the persons of an overlap: which fields of whom, and a record of each reading."""

# The persons of an overlap, one part of the list at a time: fields that the contract names and
# the licence of the other side's list lets out; contact fields only with that person's consent.
PEOPLE = """
CREATE FUNCTION app.consent_overlap_people(
    wanted uuid, moment timestamptz, after_npi text, most integer)
RETURNS TABLE (npi text, name text, specialty text, city text, us_state text, affiliation text,
               email text, phone text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := app.ctx_org();
    x consent_overlapcomparison;
    c consent_sharecontract;
    theirs consent_sharecontractside;
    open_fields text[];
    judged timestamptz := greatest(moment, clock_timestamp());
BEGIN
    SELECT * INTO x FROM consent_overlapcomparison o
        WHERE o.id = wanted AND me IN (o.first_org_id, o.second_org_id);
    SELECT * INTO c FROM consent_sharecontract h WHERE h.id = x.contract_id;
    IF x.id IS NULL OR x.outcome <> 'answered' OR x.kind <> 'people'
       OR NOT 'npi' = ANY (c.fields) OR NOT app.consent_share_open(c.id, moment) THEN
        RETURN;
    END IF;
    SELECT * INTO theirs FROM consent_sharecontractside s
        WHERE s.contract_id = c.id AND s.org_id <> me;
    SELECT array(SELECT unnest(c.fields) INTERSECT SELECT unnest(l.licensed_fields))
        INTO open_fields FROM consent_partnerlist l
        WHERE l.id = CASE WHEN me = x.first_org_id THEN x.second_list_id ELSE x.first_list_id END;
    RETURN QUERY
        WITH shown AS (
            SELECT e.* FROM consent_overlapmember m JOIN consent_partnerlistentry e ON e.id =
                CASE WHEN me = x.first_org_id THEN m.second_entry_id ELSE m.first_entry_id END
            WHERE m.comparison_id = coalesce(x.repeats_id, x.id) AND e.npi > after_npi
            ORDER BY e.npi LIMIT least(greatest(most, 1), 1000)
        ), logged AS (
            INSERT INTO consent_shareread (id, contract_id, comparison_id, reader_org, reader_id,
                                           n_persons, fields, read_at)
            SELECT gen_random_uuid(), c.id, x.id, me, app.ctx_user(),
                   (SELECT count(*) FROM shown), open_fields, moment
        )
        SELECT e.npi::text,
               CASE WHEN 'name' = ANY (open_fields) THEN e.name::text END,
               CASE WHEN 'specialty' = ANY (open_fields) THEN e.specialty::text END,
               CASE WHEN 'city' = ANY (open_fields) THEN e.city::text END,
               CASE WHEN 'state' = ANY (open_fields) THEN e.us_state::text END,
               CASE WHEN 'affiliation' = ANY (open_fields) THEN e.affiliation::text END,
               CASE WHEN 'email' = ANY (open_fields) AND mail.status = 'granted'
                    THEN e.email::text END,
               CASE WHEN 'phone' = ANY (open_fields) AND line.status = 'granted'
                    THEN e.phone::text END
        FROM shown e LEFT JOIN directory_hcp h ON h.npi = e.npi
        LEFT JOIN LATERAL app.consent_state(h.id, theirs.controller_id, 'email', 'sharing', judged)
            mail ON 'email' = ANY (open_fields)
        LEFT JOIN LATERAL app.consent_state(h.id, theirs.controller_id, 'phone', 'sharing', judged)
            line ON 'phone' = ANY (open_fields)
        ORDER BY e.npi;
END $$;
REVOKE ALL ON FUNCTION app.consent_overlap_people(uuid, timestamptz, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.consent_overlap_people(uuid, timestamptz, text, integer)
    TO entente_runtime;
"""
