"""Organisations above and below each other, and who works there, on any day."""

# ruff: noqa: S608 - the SQL is written here; whatever is asked is a parameter

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from entente.directory.models import Affiliation, Hco, HcoLink
from entente.directory.reads.identity_hcos import same_hco
from entente.directory.reads.periods import in_force
from entente.foundation.once import once_per_page

KINDS = tuple(HcoLink.Kind.values)
MOST_SHOWN = 300
# Deeper than any chain of owners; a bound that holds even if the data were wrong.
_DEEPEST = 40
_IN_FORCE = "l.from_on <= %(on)s AND (l.to_on IS NULL OR l.to_on > %(on)s)"
# Who owns it counts before who manages it, and that before what it is a member of.
_STRENGTH = "array_position(ARRAY['owned_by', 'managed_by', 'member_of'], l.kind::text)"

# Records that are one organisation at the end of the day: its links are those of all of them, and
# lead to the record that stands for whatever they name.
_MOMENT = "((%(on)s::date + 1)::timestamp AT TIME ZONE 'UTC')"


def _same(of: str) -> str:
    return f"ANY (app.same_hco({of}, {_MOMENT}))"


def _stands(record: str) -> str:
    return f"app.hco_survivor_of({record}, {_MOMENT})"


_LINE = f"""
WITH RECURSIVE line AS (
    SELECT %(hco)s::uuid AS id, NULL::text AS kind, 0 AS height
    UNION ALL
    SELECT {_stands("up.parent_id")}, up.kind, line.height + 1
    FROM line CROSS JOIN LATERAL (
        SELECT l.parent_id, l.kind::text FROM directory_hcolink l
        WHERE l.child_id = {_same("line.id")} AND {_IN_FORCE}
        ORDER BY {_STRENGTH}, l.from_on, l.id LIMIT 1
    ) up
    WHERE line.height < {_DEEPEST}
)
SELECT id, kind FROM line ORDER BY height
"""

_IDS = f"""
WITH RECURSIVE family(id) AS (
    SELECT unnest(app.same_hco(given, {_MOMENT})) FROM unnest(%(hcos)s::uuid[]) given
    UNION
    SELECT unnest(app.same_hco(l.child_id, {_MOMENT}))
    FROM family f JOIN directory_hcolink l ON l.parent_id = f.id
    WHERE l.kind = ANY(%(kinds)s) AND {_IN_FORCE}
)
"""

# Each organisation once, where it stands highest; the way to it gives the order of the tree.
_TREE = f"""
WITH RECURSIVE way AS (
    SELECT h.id, NULL::uuid AS parent_id, NULL::text AS kind, 0 AS depth,
           ARRAY[h.name_key || h.id]::text[] AS place
    FROM directory_hco h WHERE h.id = %(hco)s
    UNION ALL
    SELECT h.id, w.id, l.kind::text, w.depth + 1, w.place || (h.name_key || h.id)
    FROM way w JOIN directory_hcolink l ON l.parent_id = {_same("w.id")}
    JOIN directory_hco h ON h.id = {_stands("l.child_id")}
    WHERE {_IN_FORCE} AND l.kind = ANY(%(kinds)s) AND w.depth < {_DEEPEST}
), once AS (
    SELECT DISTINCT ON (id) * FROM way ORDER BY id, depth, place
)
SELECT o.id, o.parent_id, o.kind, o.depth,
       (SELECT count(DISTINCT a.hcp_id) FROM directory_affiliation a
        WHERE a.hco_id = {_same("o.id")} AND (a.from_on IS NULL OR a.from_on <= %(on)s)
          AND (a.to_on IS NULL OR a.to_on > %(on)s))
FROM (SELECT * FROM once ORDER BY place LIMIT %(limit)s) o
ORDER BY o.place
"""

_ABOVE = f"""
WITH RECURSIVE above(id, height) AS (
    SELECT id, 0 FROM unnest(%(hcos)s::uuid[]) AS given(id)
    UNION
    SELECT {_stands("l.parent_id")}, a.height + 1
    FROM above a JOIN directory_hcolink l ON l.child_id = {_same("a.id")}
    WHERE {_IN_FORCE} AND a.height < 6
)
SELECT DISTINCT a.id, {_stands("l.parent_id")}, l.kind FROM above a
JOIN directory_hcolink l ON l.child_id = {_same("a.id")} WHERE {_IN_FORCE} LIMIT 60
"""


class FamilyMember(NamedTuple):
    """One organisation of a family on a day; ``kind`` says how it stands under its parent."""

    hco: Hco
    parent_id: UUID | None
    kind: str
    depth: int
    n_people: int

    @property
    def kind_words(self) -> str:
        """How it stands under its parent, in words."""
        return str(HcoLink.Kind(self.kind).label) if self.kind else ""


class Change(NamedTuple):
    """What changed above or below an organisation, on a day."""

    on: date
    words: str
    other: Hco
    note: str
    is_end: bool


def _asked(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def end_of(day: date) -> datetime:
    """Give the moment at which a day has ended, at which its joined records are read."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def line_as_of(hco_id: UUID, on: date) -> list[Hco]:
    """Give the organisations above one on a day, from itself up to the top.

    Where several stand directly above, the owner is followed, else who manages it.
    """
    ids = [row[0] for row in _asked(_LINE, hco=hco_id, on=on)]
    known = Hco.objects.in_bulk(ids)
    return [known[each] for each in ids if each in known]


def parent_as_of(hco_id: UUID, on: date) -> Hco | None:
    """Give the organisation directly above one on a day: its owner, else who manages it."""
    line = line_as_of(hco_id, on)
    return line[1] if len(line) > 1 else None


def parents_as_of(hco_id: UUID, on: date) -> list[HcoLink]:
    """Give all links upward that are in force on a day, with the organisations they lead to."""
    ids = same_hco(hco_id, end_of(on))
    rows = HcoLink.objects.filter(in_force(on), child_id__in=ids).select_related("parent")
    return sorted(rows, key=lambda link: (KINDS.index(link.kind), link.parent.name_key))


def family_ids(hco_ids: Collection[UUID], on: date, *, kinds: Sequence[str] = KINDS) -> list[UUID]:
    """Give the ids of organisations and of all that stands under them on a day, one query."""
    sql = _IDS + "SELECT id FROM family ORDER BY id"
    return [row[0] for row in _asked(sql, hcos=list(hco_ids), on=on, kinds=list(kinds))]


def family_as_of(
    hco_id: UUID, on: date, *, kinds: Sequence[str] = KINDS, limit: int = 100_000
) -> list[FamilyMember]:
    """Give an organisation and all that stands under it on a day, as a tree in reading order.

    Parameters
    ----------
    hco_id : UUID
    on : date
    kinds : sequence of str
        Which links count: ``("owned_by",)`` gives what it owns.
    limit : int
        Most organisations.

    Returns
    -------
    list of FamilyMember
        Each organisation once, after its parent.
    """
    rows = _asked(_TREE, hco=hco_id, on=on, kinds=list(kinds), limit=limit)
    known = Hco.objects.in_bulk([row[0] for row in rows])
    return [FamilyMember(known[row[0]], row[1], row[2] or "", row[3], row[4]) for row in rows]


def n_in_family(hco_id: UUID, on: date) -> tuple[int, int]:
    """Count the organisations of a family on a day, itself included, and the people there."""
    sql = (
        _IDS
        + """
        SELECT (SELECT count(DISTINCT app.hco_survivor_of(id, ((%(on)s::date + 1)::timestamp
                AT TIME ZONE 'UTC'))) FROM family), (
            SELECT count(DISTINCT a.hcp_id) FROM family f
            JOIN directory_affiliation a ON a.hco_id = f.id
            WHERE (a.from_on IS NULL OR a.from_on <= %(on)s)
              AND (a.to_on IS NULL OR a.to_on > %(on)s))
        """
    )
    n_hcos, n_people = _asked(sql, hcos=[hco_id], on=on, kinds=list(KINDS))[0]
    return int(n_hcos), int(n_people)


def people_as_of(hco_id: UUID, on: date, *, limit: int = 100) -> list[Affiliation]:
    """Give who works at an organisation on a day, by name."""
    ids = same_hco(hco_id, end_of(on))
    rows = Affiliation.objects.filter(in_force(on), hco_id__in=ids).select_related("hcp")
    return list(rows.order_by("hcp__name_key", "id")[:limit])


@once_per_page
def affiliations_of(*hcp_ids: UUID, limit: int = 50) -> list[Affiliation]:
    """Give where a person works and worked by any of his records, the latest first."""
    rows = Affiliation.objects.filter(hcp_id__in=hcp_ids).select_related("hco")
    return list(rows.order_by("to_on", "hco__name_key", "id")[:limit])


def links_above(
    hco_ids: Collection[UUID], on: date
) -> tuple[list[tuple[UUID, UUID, str]], dict[UUID, Hco]]:
    """Give the links that lead upward from some organisations on a day, and whom they join."""
    links = [(c, p, str(k)) for c, p, k in _asked(_ABOVE, hcos=list(hco_ids), on=on)]
    return links, Hco.objects.in_bulk({end for c, p, _ in links for end in (c, p)})


def changes_of(hco_id: UUID, *, limit: int = 100) -> list[Change]:
    """Give what changed directly above and below an organisation, the latest first."""
    links = (
        HcoLink.objects.filter(Q(child_id=hco_id) | Q(parent_id=hco_id))
        .select_related("child", "parent")
        .order_by("-from_on", "-id")[:limit]
    )
    found = [change for link in links for change in _changes(link, hco_id)]
    return sorted(found, key=lambda change: (change.on, change.is_end), reverse=True)


def _changes(link: HcoLink, hco_id: UUID) -> list[Change]:
    is_below = link.child_id == hco_id
    other = link.parent if is_below else link.child
    words = str(link.get_kind_display())
    if not is_below:
        words = {"owned_by": "Owns", "managed_by": "Manages", "member_of": "Has as a member"}[
            link.kind
        ]
    if link.to_on == link.from_on:
        return [Change(link.from_on, f"Entered in error: {words}", other, link.note, True)]
    begun = Change(link.from_on, words, other, link.note, False)
    ended = [Change(link.to_on, f"No longer: {words}", other, "", True)] if link.to_on else []
    return [begun, *ended]


def link(link_id: UUID) -> HcoLink:
    """Give one link with the two organisations it joins.

    Raises
    ------
    HcoLink.DoesNotExist
    """
    return HcoLink.objects.select_related("child", "parent").get(id=link_id)


def links_of(hco_id: UUID) -> Any:
    """Give every link of an organisation, upward and downward, for a list in parts."""
    return HcoLink.objects.filter(Q(child_id=hco_id) | Q(parent_id=hco_id))
