"""Lists of people and organisations, narrowed and ordered as the address says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from entente.directory.models import Hco, HcoIdentityLink, Hcp, SourceLoad
from entente.directory.reads.people import search_ids

MOST_FOUND = 200
HCP_ORDERS = {
    "name": ("name_key", "id"),
    "-name": ("-name_key", "-id"),
    "state": ("us_state", "name_key", "id"),
    "-state": ("-us_state", "-name_key", "-id"),
    "specialty": ("specialty", "name_key", "id"),
    "-specialty": ("-specialty", "-name_key", "-id"),
}
HCO_ORDERS = {
    "name": ("name_key", "id"),
    "-name": ("-name_key", "-id"),
    "state": ("us_state", "name_key", "id"),
    "-state": ("-us_state", "-name_key", "-id"),
}
LOAD_ORDER = ("-loaded_at", "-id")
# One step per distinct value along the index, instead of reading every row.
_DISTINCT = """
WITH RECURSIVE walk AS (
    (SELECT {column} AS value FROM {table} ORDER BY {column} LIMIT 1)
    UNION ALL
    SELECT (SELECT n.{column} FROM {table} n WHERE n.{column} > walk.value
            ORDER BY n.{column} LIMIT 1)
    FROM walk WHERE walk.value IS NOT NULL
)
SELECT value FROM walk WHERE value <> '' LIMIT 2000
"""


def narrowed_hcps(asked: Mapping[str, str]) -> QuerySet[Hcp]:
    """Give people by ``q`` (words), ``specialty``, ``state``, ``country`` and ``status``.

    Words find at most 200 people.
    """
    rows = Hcp.objects.all()
    if asked.get("status") != Hcp.IdentityStatus.MERGED:
        rows = rows.exclude(identity_status=Hcp.IdentityStatus.MERGED)
    for field, name in (
        ("specialty", "specialty"),
        ("us_state", "state"),
        ("country", "country"),
        ("identity_status", "status"),
    ):
        if asked.get(name):
            rows = rows.filter(**{field: asked[name]})
    if asked.get("q"):
        rows = rows.filter(id__in=search_ids("directory_hcp_search", asked["q"], MOST_FOUND))
    return rows


def narrowed_hcos(asked: Mapping[str, str]) -> QuerySet[Hco]:
    """Give organisations by ``q`` (words), ``kind``, ``state``; words find at most 200."""
    joined = HcoIdentityLink.objects.filter(loser_id=OuterRef("id"), to_at__isnull=True)
    rows = Hco.objects.filter(~Exists(joined))
    for field, name in (("kind", "kind"), ("us_state", "state")):
        if asked.get(name):
            rows = rows.filter(**{field: asked[name]})
    if asked.get("q"):
        rows = rows.filter(id__in=search_ids("directory_hco_search", asked["q"], MOST_FOUND))
    return rows


def loads(kind: str = "") -> QuerySet[SourceLoad]:
    """Give the loads of the present organisation, of one kind of file if one is named."""
    rows = SourceLoad.objects.all()
    return rows.filter(kind=kind) if kind else rows


def distinct_values(table: str, *columns: str) -> list[list[str]]:
    """Give the values of each of some indexed columns, for the choices of filters."""
    known = {
        ("directory_hcp", "specialty"),
        ("directory_hcp", "us_state"),
        ("directory_hcp", "country"),
        ("directory_hco", "kind"),
        ("directory_hco", "us_state"),
        ("directory_sourceload", "kind"),
    }
    for column in columns:
        if (table, column) not in known:
            raise ValueError(f"{table}.{column} is no filter")
    walks = [f"ARRAY({_DISTINCT.format(table=table, column=column)})" for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(walks)}")
        return [[str(value) for value in values] for values in cursor.fetchall()[0]]


def choices(table: str, *columns: str) -> list[list[tuple[str, str]]]:
    """Give the values of each column as choices of a select; one query for all of them."""
    return [[(value, value) for value in values] for values in distinct_values(table, *columns)]


def first_rows(rows: QuerySet[Any], order: tuple[str, ...], limit: int) -> list[Any]:
    """Give the first rows in an order."""
    return list(rows.order_by(*order)[:limit])
