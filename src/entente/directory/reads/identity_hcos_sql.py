"""Which records are one organisation at a moment, as functions that every read asks."""

from entente.directory.reads.identity_sql import SAME_PERSON, SURVIVOR_OF

_NAMES = (
    ("directory_identitylink", "directory_hcoidentitylink"),
    ("same_person", "same_hco"),
    ("survivor_of", "hco_survivor_of"),
    ("person", "organisation"),
)


def _for_hcos(function: str) -> str:
    """Give the function of people for organisations: links form the same trees."""
    for theirs, ours in _NAMES:
        function = function.replace(theirs, ours)
    return function


SAME_HCO = _for_hcos(SAME_PERSON)
HCO_SURVIVOR_OF = _for_hcos(SURVIVOR_OF)


def search_without_joined_hcos() -> str:
    """Give the search of organisations, in which a joined record no longer appears."""
    words = " AND ".join(
        f"h.search_text LIKE '% ' || split_part(typed, ' ', {place}) || '%'"
        for place in range(1, 6)
    )
    alone = (
        "NOT EXISTS (SELECT FROM directory_hcoidentitylink j"
        " WHERE j.loser_id = h.id AND j.to_at IS NULL)"
    )
    return f"""
CREATE OR REPLACE FUNCTION app.directory_hco_search(typed text, wanted integer)
    RETURNS TABLE (id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
    WITH named AS (
        SELECT h.id, h.name_key, 0 AS rank FROM directory_hco h
        WHERE h.name_key >= typed AND h.name_key < typed || U&'\\FFFF'
          AND h.name_key LIKE typed || '%' AND {alone}
        ORDER BY h.name_key, h.id LIMIT wanted
    ), worded AS (
        SELECT h.id, h.name_key, 1 AS rank FROM directory_hco h
        WHERE {words} AND {alone} LIMIT 1000
    )
    SELECT f.id FROM (
        SELECT DISTINCT ON (u.id) u.* FROM (TABLE named UNION ALL TABLE worded) u
        ORDER BY u.id, u.rank) f
    ORDER BY f.rank, f.name_key, f.id LIMIT wanted
$$;
"""  # noqa: S608 - the words are made here
