"""Row-level security and search functions of the directory."""

from django.db import migrations

from entente.foundation.access import rls

# Fields of public registries are read by everybody; the organisation that loaded a row changes it.
PUBLIC = (
    "directory_legalentity",
    "directory_hcp",
    "directory_hcpspecialty",
    "directory_hco",
    "directory_hcoidentifier",
    "directory_affiliation",
    "directory_product",
    "directory_productapproval",
    "directory_taxonomy",
)
# Where a person can be reached, and what was loaded, is each organisation's own.
OWN = ("directory_contactpoint", "directory_sourceload")

MOVES = {
    "candidate": ("unverified", "verified", "inactive", "merged"),
    "unverified": ("verified", "inactive", "deceased", "merged"),
    "verified": ("unverified", "inactive", "deceased", "merged"),
    "inactive": ("unverified", "verified", "deceased", "merged"),
    "deceased": ("unverified", "verified"),
    "merged": ("unverified", "verified", "inactive", "deceased"),
}


def search(kind):
    """Find by words, each of which must occur; whoever asks sees public fields' ids only.

    A definer function, because under row-level security trigram indexes are not used. Words
    are found by their beginnings, up to five of them, since an index cannot serve LIKE ALL of
    an array. Whoever's name begins with what was typed comes first. Where words fit very
    many rows, some of them are taken and sorted: sorting all would take seconds.
    """
    words = " AND ".join(
        f"h.search_text LIKE '% ' || split_part(typed, ' ', {place}) || '%'"
        for place in range(1, 6)
    )
    return rls.definer(
        f"directory_{kind}_search",
        "typed text, wanted integer",
        "TABLE (id uuid)",
        f"""
        WITH named AS (
            SELECT h.id, h.name_key, 0 AS rank FROM directory_{kind} h
            WHERE h.name_key >= typed AND h.name_key < typed || U&'\\FFFF'
              AND h.name_key LIKE typed || '%'
            ORDER BY h.name_key, h.id LIMIT wanted
        ), worded AS (
            SELECT h.id, h.name_key, 1 AS rank FROM directory_{kind} h
            WHERE {words} LIMIT 1000
        )
        SELECT f.id FROM (
            SELECT DISTINCT ON (u.id) u.* FROM (TABLE named UNION ALL TABLE worded) u
            ORDER BY u.id, u.rank) f
        ORDER BY f.rank, f.name_key, f.id LIMIT wanted
        """,
        rows=50,
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("foundation", "0003_ledger")]
    operations = [
        *[rls.public(table) for table in PUBLIC],
        *[rls.own(table) for table in OWN],
        rls.append_only("directory_sourceload"),
        rls.states("directory_hcp", "identity_status", MOVES),
        search("hcp"),
        search("hco"),
    ]
