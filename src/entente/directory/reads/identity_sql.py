"""Who is one person at a moment, as functions that every room's facts ask."""

# Most people have one record: that is seen with one look at two indexes. Links form trees, since
# a record is joined to one other at a time and a survivor may be joined to a third.
SAME_PERSON = """
CREATE FUNCTION app.same_person(person uuid, moment timestamptz) RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    members uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM directory_identitylink l WHERE l.survivor_id = person)
            AND NOT EXISTS (SELECT FROM directory_identitylink l WHERE l.loser_id = person) THEN
        RETURN ARRAY[person];
    END IF;
    WITH RECURSIVE in_force AS (
        SELECT l.survivor_id, l.loser_id FROM directory_identitylink l
        WHERE l.from_at <= moment AND (l.to_at IS NULL OR l.to_at > moment)
    ), up(id) AS (
        SELECT person
        UNION SELECT l.survivor_id FROM in_force l JOIN up ON up.id = l.loser_id
    ), down(id) AS (
        SELECT up.id FROM up WHERE NOT EXISTS (SELECT FROM in_force l WHERE l.loser_id = up.id)
        UNION SELECT l.loser_id FROM in_force l JOIN down ON down.id = l.survivor_id
    )
    SELECT array_agg(id ORDER BY id) INTO members FROM down;
    RETURN members;
END $$;
REVOKE ALL ON FUNCTION app.same_person(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.same_person(uuid, timestamptz) TO entente_runtime, entente_reader;
"""

SURVIVOR_OF = """
CREATE FUNCTION app.survivor_of(person uuid, moment timestamptz) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE up(id, depth) AS (
        SELECT person, 0
        UNION
        SELECT l.survivor_id, up.depth + 1
        FROM directory_identitylink l JOIN up ON up.id = l.loser_id
        WHERE l.from_at <= moment AND (l.to_at IS NULL OR l.to_at > moment)
    )
    SELECT id FROM up ORDER BY depth DESC LIMIT 1
$$;
REVOKE ALL ON FUNCTION app.survivor_of(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.survivor_of(uuid, timestamptz) TO entente_runtime, entente_reader;
"""


def search_without_joined() -> str:
    """Give the search of people, in which a record joined to another no longer appears."""
    words = " AND ".join(
        f"h.search_text LIKE '% ' || split_part(typed, ' ', {place}) || '%'"
        for place in range(1, 6)
    )
    return f"""
CREATE OR REPLACE FUNCTION app.directory_hcp_search(typed text, wanted integer)
    RETURNS TABLE (id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
    WITH named AS (
        SELECT h.id, h.name_key, 0 AS rank FROM directory_hcp h
        WHERE h.name_key >= typed AND h.name_key < typed || U&'\\FFFF'
          AND h.name_key LIKE typed || '%' AND h.identity_status <> 'merged'
        ORDER BY h.name_key, h.id LIMIT wanted
    ), worded AS (
        SELECT h.id, h.name_key, 1 AS rank FROM directory_hcp h
        WHERE {words} AND h.identity_status <> 'merged' LIMIT 1000
    )
    SELECT f.id FROM (
        SELECT DISTINCT ON (u.id) u.* FROM (TABLE named UNION ALL TABLE worded) u
        ORDER BY u.id, u.rank) f
    ORDER BY f.rank, f.name_key, f.id LIMIT wanted
$$;
"""  # noqa: S608 - the words are made here
