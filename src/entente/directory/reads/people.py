"""People of the directory: one, several, by search; and how they are reached."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min

from entente.directory.domain.search_keys import search_key
from entente.directory.models import ContactPoint, Hcp, HcpIdentifier
from entente.directory.reads.provenance import as_licensed

SEARCH_LIMIT = 200


def hcp(hcp_id: UUID) -> Hcp:
    """Give one person.

    Raises
    ------
    Hcp.DoesNotExist
    """
    return Hcp.objects.get(id=hcp_id)


def hcps(ids: Collection[UUID]) -> dict[UUID, Hcp]:
    """Give several people by id, with one query; unknown ids are left out."""
    return Hcp.objects.in_bulk(list(ids))


def hcps_by_npi(npis: Collection[str]) -> dict[str, Hcp]:
    """Give several people by National Provider Identifier, with one query."""
    return {str(found.npi): found for found in Hcp.objects.filter(npi__in=list(npis))}


def search_ids(function: str, text: str, limit: int) -> list[UUID]:
    """Ask a search function of the database for ids, best first."""
    words = search_key(text)
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM app.{function}(%s, %s)", [words, min(limit, SEARCH_LIMIT)])  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def search_hcps(text: str, limit: int = 20) -> list[Hcp]:
    """Find people by any words of name, NPI, place or specialty, best first.

    Parameters
    ----------
    text : str
        As typed; accents, case and order of the words do not matter.
    limit : int
        At most 200.
    """
    found = search_ids("directory_hcp_search", text, limit)
    known = {person.id: person for person in as_licensed(hcps(found).values())}
    return [known[hcp_id] for hcp_id in found if hcp_id in known]


def countries_of(hcp_ids: Collection[UUID]) -> dict[str, int]:
    """Count some people by the country where they practise."""
    found = Hcp.objects.filter(id__in=list(hcp_ids)).order_by()
    return dict(found.values_list("country").annotate(n=Count("id")))


def contact_points(hcp_ids: Collection[UUID], channel: str, on: date) -> dict[UUID, str]:
    """Give the address of each person on a channel and a day, with one query.

    A person whose own record has none is reached at the address of a record joined to it, however
    many joins away.

    Returns
    -------
    dict of UUID to str
        People without an address known to the present organisation are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADDRESSES, {"ids": list(hcp_ids), "channel": channel, "on": on})
        return dict(cursor.fetchall())


# The record's own address first; of several, the newest.
_ADDRESSES = """
SELECT DISTINCT ON (asked.id) asked.id, c.value
FROM unnest(%(ids)s::uuid[]) asked(id)
CROSS JOIN LATERAL (
    WITH RECURSIVE down(record, distance) AS (
        SELECT asked.id, 0
        UNION ALL
        SELECT l.loser_id, d.distance + 1
        FROM directory_identitylink l JOIN down d ON l.survivor_id = d.record
        WHERE l.to_at IS NULL
    ) SELECT * FROM down
) known
JOIN directory_contactpoint c ON c.hcp_id = known.record AND c.channel = %(channel)s
    AND c.from_on <= %(on)s AND (c.to_on IS NULL OR c.to_on > %(on)s)
ORDER BY asked.id, known.distance, c.from_on DESC, c.id DESC
"""


def contact_points_of(*hcp_ids: UUID) -> Sequence[ContactPoint]:
    """Give all addresses of a person's records that we know, newest first."""
    return list(ContactPoint.objects.filter(hcp_id__in=hcp_ids).order_by("-from_on", "-id"))


def identifiers_of(*hcp_ids: UUID) -> Sequence[HcpIdentifier]:
    """Give the identifiers of a person's records other than the NPI."""
    return list(HcpIdentifier.objects.filter(hcp_id__in=hcp_ids).order_by("system", "value")[:50])


def ended_contact_points(before: date) -> Sequence[UUID]:
    """Give the addresses that ended before a day."""
    found = ContactPoint.objects.filter(to_on__lt=before).order_by("id")
    return list(found.values_list("id", flat=True))


def first_end_of_contact_points() -> date | None:
    """Give the first day on which an address ended that is still held."""
    found: date | None = ContactPoint.objects.aggregate(first=Min("to_on"))["first"]
    return found
