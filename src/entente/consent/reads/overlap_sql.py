"""Comparing two lists inside the database: what is told, and what is kept back.

The argument for these rules stands in ``docs/explanation/overlap.md``. In short: each told
number counts a population; all populations ever told to a pair of parties cut the lists into
parts; no part may hold fewer matches, or fewer entries without a match, than the minimum cell.
"""

from entente.consent.domain.shares import MOST_A_DAY

# Whether a list differs from each list of the same owner that was ever compared with this
# counterpart by nothing or by a minimum cell, in each direction. It looks at one side only.
FITS = """
CREATE FUNCTION app.consent_list_fits(given uuid, counterpart uuid, k integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (
        SELECT FROM (
            SELECT DISTINCT l.id FROM consent_partnerlist mine
            JOIN consent_partnerlist l ON l.org_id = mine.org_id AND l.id <> mine.id
            JOIN consent_overlapcomparison x ON l.id IN (x.first_list_id, x.second_list_id)
            WHERE mine.id = given AND counterpart IN (x.first_org_id, x.second_org_id)
        ) earlier
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE o.digest IS NULL) AS n_added,
                   count(*) FILTER (WHERE n.digest IS NULL) AS n_removed
            FROM (SELECT digest FROM consent_partnerlistentry WHERE list_id = given) n
            FULL JOIN (SELECT digest FROM consent_partnerlistentry
                       WHERE list_id = earlier.id) o ON o.digest = n.digest
        ) d
        WHERE d.n_added BETWEEN 1 AND k - 1 OR d.n_removed BETWEEN 1 AND k - 1)
$$;
REVOKE ALL ON FUNCTION app.consent_list_fits(uuid, uuid, integer) FROM PUBLIC;

CREATE FUNCTION app.consent_own_list_fits(given uuid, counterpart uuid, k integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT app.consent_list_fits(l.id, counterpart, k) FROM consent_partnerlist l
    WHERE l.id = given AND l.org_id = app.ctx_org()
$$;
REVOKE ALL ON FUNCTION app.consent_own_list_fits(uuid, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.consent_own_list_fits(uuid, uuid, integer) TO entente_runtime;
"""

# An entry has one key, so it matches at most one of the other list.
MATCH = """
CREATE FUNCTION app.consent_match_lists(made uuid) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO consent_overlapmember (id, comparison_id, element, matched_on, first_entry_id,
                                       second_entry_id, label)
    SELECT gen_random_uuid(), made, a.digest, key.name, a.id, b.id, CASE
               WHEN key.name <> 'npi' THEN key.name
               WHEN x.breakdown = 'specialty' AND a.label_specialty = b.label_specialty
                   THEN a.label_specialty
               WHEN x.breakdown = 'state' AND a.label_state = b.label_state THEN a.label_state
               ELSE '' END
    FROM consent_overlapcomparison x
    JOIN consent_partnerlistentry a ON a.list_id = x.first_list_id
    JOIN consent_partnerlistentry b ON b.list_id = x.second_list_id AND b.digest = a.digest
    CROSS JOIN LATERAL (SELECT CASE WHEN a.npi <> '' THEN 'npi' WHEN a.org_value <> ''
                               THEN 'organisation_id' ELSE 'domain' END AS name) key
    WHERE x.id = made
$$;
REVOKE ALL ON FUNCTION app.consent_match_lists(uuid) FROM PUBLIC;
"""

# The parts into which earlier answers and this comparison cut one side's entries, with how many
# entries each holds, how many of them match, and how many of those nobody of that side was shown.
# Entries of a comparison whose persons that side was shown to the last hold no secret any more.
PARTS = """
CREATE FUNCTION app.consent_overlap_parts(made uuid, side integer)
    RETURNS TABLE (sig text, now_in boolean, label text, size bigint, hits bigint, unseen bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH t AS (SELECT * FROM consent_overlapcomparison WHERE id = made),
    past AS (
        SELECT x.id, x.published, x.breakdown,
               CASE side WHEN 1 THEN x.first_list_id ELSE x.second_list_id END AS own_list,
               CASE side WHEN 1 THEN x.second_list_id ELSE x.first_list_id END AS their_list,
               false AS is_now
        FROM consent_overlapcomparison x JOIN t
          ON x.first_org_id = t.first_org_id AND x.second_org_id = t.second_org_id
        WHERE x.outcome = 'answered' AND x.repeats_id IS NULL AND x.id <> made
        UNION ALL
        SELECT t.id, t.published, t.breakdown,
               CASE side WHEN 1 THEN t.first_list_id ELSE t.second_list_id END,
               CASE side WHEN 1 THEN t.second_list_id ELSE t.first_list_id END, true FROM t
    ),
    opened AS (
        SELECT coalesce(x.repeats_id, x.id) AS id, sum(r.n_persons) >= max(x.total) AS is_whole
        FROM consent_shareread r JOIN consent_overlapcomparison x ON x.id = r.comparison_id
        JOIN t ON r.reader_org = CASE side WHEN 1 THEN t.first_org_id ELSE t.second_org_id END
        GROUP BY 1
    ),
    listed AS (
        SELECT p.id AS r, p.is_now, e.digest, CASE WHEN p.is_now OR l.label = ANY (p.published)
               THEN l.label ELSE '' END AS label
        FROM past p JOIN consent_partnerlistentry e ON e.list_id = p.own_list
        CROSS JOIN LATERAL (SELECT CASE WHEN e.org_value <> '' THEN 'organisation_id'
                            WHEN e.domain <> '' THEN 'domain'
                            WHEN p.breakdown = 'specialty' THEN e.label_specialty
                            WHEN p.breakdown = 'state' THEN e.label_state ELSE '' END AS label) l
    ),
    known AS (
        SELECT DISTINCT m.element FROM consent_overlapmember m JOIN opened o
            ON o.id = m.comparison_id
    ),
    resolved AS (
        SELECT DISTINCT e.digest FROM past p JOIN opened o ON o.id = p.id AND o.is_whole
        JOIN past n ON n.is_now AND n.their_list = p.their_list
        JOIN consent_partnerlistentry e ON e.list_id = p.own_list
    ),
    signed AS (
        SELECT digest, bool_or(is_now) AS now_in,
               coalesce(max(listed.label) FILTER (WHERE is_now), '') AS label,
               coalesce(string_agg(r::text || '=' || listed.label, '|' ORDER BY r)
                        FILTER (WHERE NOT is_now), '') AS sig
        FROM listed WHERE NOT EXISTS (SELECT FROM resolved d WHERE d.digest = listed.digest)
        GROUP BY digest
    ),
    matched AS (
        SELECT m.comparison_id AS r, m.element AS digest, k.element IS NULL AS is_unseen
        FROM consent_overlapmember m JOIN past p ON p.id = m.comparison_id
        LEFT JOIN known k ON k.element = m.element
    )
    SELECT s.sig || '#' || l.r::text, s.now_in, s.label, count(*), count(m.digest),
           count(*) FILTER (WHERE m.is_unseen)
    FROM signed s JOIN listed l ON l.digest = s.digest
    LEFT JOIN matched m ON m.r = l.r AND m.digest = s.digest
    GROUP BY 1, 2, 3
$$;
REVOKE ALL ON FUNCTION app.consent_overlap_parts(uuid, integer) FROM PUBLIC;

-- The same for the matches themselves, as both sides' lists together cut them.
CREATE FUNCTION app.consent_match_parts(made uuid)
    RETURNS TABLE (sig text, now_in boolean, label text, unseen1 bigint, unseen2 bigint,
                   hits bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH t AS (SELECT * FROM consent_overlapcomparison WHERE id = made),
    past AS (
        SELECT x.id, x.published, x.id = made AS is_now
        FROM consent_overlapcomparison x JOIN t
          ON x.first_org_id = t.first_org_id AND x.second_org_id = t.second_org_id
        WHERE x.id = made OR (x.outcome = 'answered' AND x.repeats_id IS NULL)
    ),
    seen AS (
        SELECT m.element, bool_or(r.reader_org = t.first_org_id) AS by_first,
               bool_or(r.reader_org = t.second_org_id) AS by_second
        FROM t CROSS JOIN consent_shareread r
        JOIN consent_overlapcomparison x ON x.id = r.comparison_id
             AND x.first_org_id = t.first_org_id AND x.second_org_id = t.second_org_id
        JOIN consent_overlapmember m ON m.comparison_id = coalesce(x.repeats_id, x.id)
        GROUP BY m.element
    ),
    signed AS (
        SELECT m.element, bool_or(p.is_now) AS now_in,
               coalesce(max(m.label) FILTER (WHERE p.is_now), '') AS label,
               coalesce(string_agg(p.id::text || '=' || CASE WHEN m.label = ANY (p.published)
                   THEN m.label ELSE '' END, '|' ORDER BY p.id) FILTER (WHERE NOT p.is_now), '')
                   AS sig
        FROM past p JOIN consent_overlapmember m ON m.comparison_id = p.id GROUP BY m.element
    )
    SELECT s.sig, s.now_in, s.label, count(*) FILTER (WHERE NOT coalesce(k.by_first, false)),
           count(*) FILTER (WHERE NOT coalesce(k.by_second, false)), count(*)
    FROM signed s LEFT JOIN seen k ON k.element = s.element GROUP BY 1, 2, 3
$$;
REVOKE ALL ON FUNCTION app.consent_match_parts(uuid) FROM PUBLIC;
"""

# Which cells of the breakdown may be told. Null: not even the total.
CELLS = """
CREATE FUNCTION app.consent_cells_told(made uuid, k integer) RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parts jsonb;
    matches jsonb;
    told text[];
    bad text[];
    rest_is_small boolean;
BEGIN
    SELECT coalesce(jsonb_agg(p), '[]') INTO parts FROM (
        SELECT 1 AS side, * FROM app.consent_overlap_parts(made, 1)
        UNION ALL SELECT 2, * FROM app.consent_overlap_parts(made, 2)) p;
    SELECT coalesce(jsonb_agg(p), '[]') INTO matches FROM app.consent_match_parts(made) p;
    SELECT coalesce(array_agg(m.label), '{}') INTO told FROM (
        SELECT label FROM jsonb_to_recordset(matches) AS f(label text, hits bigint, now_in boolean)
        WHERE now_in AND label <> '' GROUP BY label HAVING sum(hits) >= k) m;
    LOOP
        SELECT array_agg(DISTINCT b.cell) INTO bad FROM (
            SELECT CASE WHEN p.label = ANY (told) THEN p.label ELSE '' END AS cell
            FROM jsonb_to_recordset(parts) AS p(side integer, sig text, now_in boolean, label text,
                                                size bigint, hits bigint, unseen bigint)
            GROUP BY p.side, p.sig, p.now_in, 1
            HAVING sum(p.unseen) < k OR sum(p.size) - sum(p.hits) < k
            UNION ALL
            SELECT CASE WHEN m.label = ANY (told) THEN m.label ELSE '' END
            FROM jsonb_to_recordset(matches) AS m(sig text, now_in boolean, label text,
                                                  unseen1 bigint, unseen2 bigint, hits bigint)
            GROUP BY m.sig, m.now_in, 1
            HAVING sum(m.unseen1) BETWEEN 1 AND k - 1 OR sum(m.unseen2) BETWEEN 1 AND k - 1
        ) b;
        IF bad IS NULL THEN
            RETURN told;
        END IF;
        IF bad = ARRAY[''] THEN
            IF told = '{}' THEN
                RETURN NULL;
            END IF;
            -- The rest is too small to be got by subtraction: the smallest cell joins it.
            SELECT ARRAY[m.label] INTO bad
            FROM jsonb_to_recordset(matches) AS m(label text, now_in boolean, hits bigint)
            WHERE m.now_in AND m.label = ANY (told)
            GROUP BY m.label ORDER BY sum(m.hits), m.label LIMIT 1;
        END IF;
        SELECT coalesce(array_agg(c), '{}') INTO told FROM unnest(told) c WHERE c <> ALL (bad);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION app.consent_cells_told(uuid, integer) FROM PUBLIC;
"""

# Matches that differ from those of a comparison which was asked and withheld by fewer than a
# minimum cell: answering this one would say what that one kept back.
NEAR_WITHHELD = """
CREATE FUNCTION app.consent_near_withheld(made uuid, k integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM consent_overlapcomparison t JOIN consent_overlapcomparison x
            ON x.first_org_id = t.first_org_id AND x.second_org_id = t.second_org_id
           AND x.outcome = 'withheld' AND x.repeats_id IS NULL AND x.id <> t.id
        CROSS JOIN LATERAL (
            SELECT count(*) AS n FROM (
                SELECT element FROM consent_overlapmember WHERE comparison_id = t.id) a
            FULL JOIN (
                SELECT element FROM consent_overlapmember WHERE comparison_id = x.id) b
                ON b.element = a.element
            WHERE a.element IS NULL OR b.element IS NULL) d
        WHERE t.id = made AND d.n < k)
$$;
REVOKE ALL ON FUNCTION app.consent_near_withheld(uuid, integer) FROM PUBLIC;
"""

# Without nested loops: what was matched a moment ago has no statistics yet, and a plan that takes
# it for a handful of rows needs minutes instead of seconds.
COMPARE = f"""
CREATE FUNCTION app.consent_compare(asked uuid, moment timestamptz)
    RETURNS TABLE (comparison uuid, refusal text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    SET work_mem = '64MB' SET enable_nestloop = off AS $$
DECLARE
    me uuid := app.ctx_org();
    made uuid := gen_random_uuid();
    c consent_sharecontract;
    one consent_sharecontractside;
    two consent_sharecontractside;
    list1 consent_partnerlist;
    list2 consent_partnerlist;
    before consent_overlapcomparison;
    told text[];
    k integer;
BEGIN
    SELECT h.* INTO c FROM consent_sharecontract h WHERE h.id = asked AND EXISTS (
        SELECT FROM consent_sharecontractside s WHERE s.contract_id = h.id AND s.org_id = me);
    IF c.id IS NULL THEN
        RETURN QUERY SELECT NULL::uuid, 'unknown'; RETURN;
    END IF;
    -- One comparison of a pair at a time: each has to see what the one before it told.
    PERFORM pg_advisory_xact_lock(hashtextextended(
        'consent.overlap:' || least(c.org_id, c.partner_id) || greatest(c.org_id, c.partner_id),
        0));
    IF NOT app.consent_share_open(c.id, moment) THEN
        RETURN QUERY SELECT NULL::uuid, 'not_in_force'; RETURN;
    END IF;
    SELECT s.* INTO one FROM consent_sharecontractside s
        WHERE s.contract_id = c.id AND s.org_id = least(c.org_id, c.partner_id);
    SELECT s.* INTO two FROM consent_sharecontractside s
        WHERE s.contract_id = c.id AND s.org_id = greatest(c.org_id, c.partner_id);
    SELECT * INTO list1 FROM consent_partnerlist WHERE id = one.offered_list_id;
    SELECT * INTO list2 FROM consent_partnerlist WHERE id = two.offered_list_id;
    IF list1.id IS NULL OR list2.id IS NULL THEN
        RETURN QUERY SELECT NULL::uuid, 'not_offered'; RETURN;
    END IF;
    IF list1.kind <> list2.kind THEN
        RETURN QUERY SELECT NULL::uuid, 'other_kind'; RETURN;
    END IF;
    k := c.min_cell;
    IF (SELECT count(*) FROM consent_overlapcomparison x
        WHERE x.first_org_id = one.org_id AND x.second_org_id = two.org_id
          AND x.recorded_at > now() - interval '1 day') >= {MOST_A_DAY} THEN
        RETURN QUERY SELECT NULL::uuid, 'too_often'; RETURN;
    END IF;
    IF NOT app.consent_list_fits(list1.id, two.org_id, k)
       OR NOT app.consent_list_fits(list2.id, one.org_id, k) THEN
        RETURN QUERY SELECT NULL::uuid, 'too_near'; RETURN;
    END IF;
    SELECT x.* INTO before FROM consent_overlapcomparison x
        WHERE x.first_list_id = list1.id AND x.second_list_id = list2.id
          AND x.breakdown = c.breakdown AND x.repeats_id IS NULL AND x.min_cell >= k
        ORDER BY x.recorded_at LIMIT 1;
    INSERT INTO consent_overlapcomparison (id, contract_id, first_org_id, second_org_id,
        first_list_id, second_list_id, kind, breakdown, min_cell, asked_by_org, asked_by_id,
        asked_at, outcome, total, published, cells, repeats_id)
    VALUES (made, c.id, one.org_id, two.org_id, list1.id, list2.id, list1.kind, c.breakdown, k, me,
            app.ctx_user(), moment, coalesce(before.outcome, 'withheld'), before.total,
            coalesce(before.published, '{{}}'), coalesce(before.cells, '[]'), before.id);
    -- An offer is good for one comparison: nobody asks again without the other's hand in it.
    UPDATE consent_sharecontractside SET offered_list_id = NULL, offered_at = NULL
        WHERE id IN (one.id, two.id);
    IF before.id IS NULL THEN
        PERFORM app.consent_match_lists(made);
        IF NOT app.consent_near_withheld(made, k) THEN
            told := app.consent_cells_told(made, k);
        END IF;
    END IF;
    IF told IS NOT NULL THEN
        UPDATE consent_overlapcomparison SET outcome = 'answered', published = told,
            total = (SELECT count(*) FROM consent_overlapmember m WHERE m.comparison_id = made),
            cells = (SELECT coalesce(jsonb_agg(jsonb_build_object('label', g.label, 'n', g.n)
                                               ORDER BY g.n DESC, g.label), '[]')
                     FROM (SELECT m.label, count(*) AS n FROM consent_overlapmember m
                           WHERE m.comparison_id = made AND m.label = ANY (told)
                           GROUP BY m.label) g)
        WHERE id = made;
    END IF;
    RETURN QUERY SELECT made, ''; RETURN;
END $$;
REVOKE ALL ON FUNCTION app.consent_compare(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.consent_compare(uuid, timestamptz) TO entente_runtime;
"""  # noqa: S608 - the only thing put in is a number of ours

ALL = (FITS, MATCH, PARTS, CELLS, NEAR_WITHHELD, COMPARE)
