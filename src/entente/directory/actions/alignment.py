"""Compute who is in which territory as of a day: one statement, however many people there are."""

# ruff: noqa: S608 - the SQL is written here; every value is a parameter

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from entente.directory.actions.territories import WRITE, lock_of
from entente.directory.models import Alignment, TerritoryMember
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

_MOMENT = "((%(on)s::date + 1)::timestamp AT TIME ZONE 'UTC')"
_LIVE = "('candidate', 'unverified', 'verified')"


def _on(alias: str) -> str:
    return (
        f"({alias}.from_on IS NULL OR {alias}.from_on <= %(on)s)"
        f" AND ({alias}.to_on IS NULL OR {alias}.to_on > %(on)s)"
    )


# A person is matched on words that name ground: a ZIP prefix, a state, the whole country. Each
# is an equality, so that one hash join serves a million people and any number of territories.
# The finest ground wins, a named account over any ground, an exception over both; within one
# field force everybody is in one territory at most. Where records are one person, it is in the
# territories that account and exception give to any of them, under the record that stands for it.
WANTED = f"""
    live AS (
        SELECT t.id, t.force, t.name, t.kind, v.country, v.states, v.zip_prefixes, v.specialties
        FROM directory_territory t JOIN directory_territoryversion v ON v.territory_id = t.id
        WHERE t.org_id = %(org)s AND (t.ended_on IS NULL OR t.ended_on > %(on)s) AND {_on("v")}
    ), areas AS (
        SELECT id, specialties, country || ' zip ' || prefix AS area, 10 + length(prefix) AS rank
        FROM live CROSS JOIN LATERAL unnest(zip_prefixes) prefix WHERE kind = 'geographic'
        UNION ALL
        SELECT id, specialties, country || ' state ' || state, 5
        FROM live CROSS JOIN LATERAL unnest(states) state WHERE kind = 'geographic'
        UNION ALL
        SELECT id, specialties, country || ' all', 1 FROM live
        WHERE kind = 'geographic' AND cardinality(states) = 0 AND cardinality(zip_prefixes) = 0
    ), lengths AS (
        SELECT DISTINCT country, length(prefix) AS n
        FROM live CROSS JOIN LATERAL unnest(zip_prefixes) prefix
    ), people AS (
        SELECT id, specialty, country, us_state, postal_code FROM directory_hcp
        WHERE identity_status IN {_LIVE} AND country IN (SELECT country FROM live)
    ), placed AS (
        SELECT p.id, p.specialty, p.country || ' zip ' || left(p.postal_code, l.n) AS area
        FROM people p JOIN lengths l ON l.country = p.country
        UNION ALL
        SELECT id, specialty, country || ' state ' || us_state FROM people
        UNION ALL
        SELECT id, specialty, country || ' all' FROM people
    ), stands AS (
        SELECT loser_id AS id, survivor_id AS hcp_id FROM directory_identitylink
        WHERE to_at IS NULL
        UNION
        SELECT s.id, l.survivor_id FROM stands s
        JOIN directory_identitylink l ON l.loser_id = s.hcp_id AND l.to_at IS NULL
    ), works AS (
        SELECT w.hcp_id, w.hco_id FROM directory_affiliation w WHERE {_on("w")}
        UNION ALL
        SELECT s.hcp_id, w.hco_id
        FROM directory_affiliation w JOIN stands s ON s.id = w.hcp_id WHERE {_on("w")}
    ), by_hand AS (
        SELECT e.territory_id, e.hcp_id, e.is_added FROM directory_territoryexception e
        WHERE e.org_id = %(org)s AND e.hcp_id IS NOT NULL AND {_on("e")}
    ), excepted AS (
        SELECT * FROM by_hand b WHERE NOT EXISTS (SELECT FROM stands s WHERE s.id = b.hcp_id)
        UNION
        SELECT b.territory_id, s.hcp_id, b.is_added FROM by_hand b JOIN stands s ON s.id = b.hcp_id
        WHERE NOT EXISTS (SELECT FROM stands t WHERE t.id = s.hcp_id)
    ), family AS (
        SELECT e.territory_id, unnest(app.same_hco(e.hco_id, {_MOMENT})) AS hco_id
        FROM directory_territoryexception e
        WHERE e.org_id = %(org)s AND e.hco_id IS NOT NULL AND {_on("e")}
        UNION
        SELECT f.territory_id, unnest(app.same_hco(l.child_id, {_MOMENT}))
        FROM family f JOIN directory_hcolink l ON l.parent_id = f.hco_id AND {_on("l")}
    ), asked AS (
        SELECT p.id AS hcp_id, a.id AS territory_id, 'rule' AS basis, a.rank
        FROM placed p JOIN areas a ON a.area = p.area
            AND (cardinality(a.specialties) = 0 OR p.specialty = ANY (a.specialties))
        UNION ALL
        SELECT h.id, v.id, 'account', 100
        FROM family f JOIN live v ON v.id = f.territory_id
        JOIN works w ON w.hco_id = f.hco_id
        JOIN directory_hcp h ON h.id = w.hcp_id AND h.identity_status IN {_LIVE}
            AND (cardinality(v.specialties) = 0 OR h.specialty = ANY (v.specialties))
        UNION ALL
        SELECT e.hcp_id, e.territory_id, 'exception', 1000 FROM excepted e WHERE e.is_added
    ), wanted AS MATERIALIZED (
        SELECT DISTINCT ON (v.force, a.hcp_id) a.hcp_id, a.territory_id, a.basis
        FROM asked a JOIN live v ON v.id = a.territory_id
        WHERE NOT EXISTS (
            SELECT FROM excepted e
            WHERE e.territory_id = a.territory_id AND e.hcp_id = a.hcp_id AND NOT e.is_added)
        ORDER BY v.force, a.hcp_id, a.rank DESC, v.name, v.id
    ), held AS MATERIALIZED (
        SELECT id, territory_id, hcp_id, basis FROM directory_territorymember
        WHERE org_id = %(org)s AND to_on IS NULL
    )
"""
_ALIGN = f"""
    WITH RECURSIVE {WANTED}, ended AS (
        UPDATE directory_territorymember m SET to_on = greatest(%(on)s, m.from_on)
        FROM held h WHERE m.id = h.id AND NOT EXISTS (
            SELECT FROM wanted w WHERE w.territory_id = h.territory_id AND w.hcp_id = h.hcp_id)
        RETURNING 1
    ), renamed AS (
        UPDATE directory_territorymember m SET basis = w.basis
        FROM held h JOIN wanted w ON w.territory_id = h.territory_id AND w.hcp_id = h.hcp_id
        WHERE m.id = h.id AND h.basis <> w.basis
        RETURNING 1
    ), begun AS (
        INSERT INTO directory_territorymember (id, org_id, territory_id, hcp_id, basis, from_on)
        SELECT gen_random_uuid(), %(org)s, w.territory_id, w.hcp_id, w.basis, %(on)s
        FROM wanted w LEFT JOIN held h ON h.territory_id = w.territory_id AND h.hcp_id = w.hcp_id
        WHERE h.id IS NULL
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM begun), (SELECT count(*) FROM ended),
           (SELECT count(*) FROM wanted), (SELECT count(*) FROM renamed)
"""
_PREVIEW = f"""
    WITH RECURSIVE {WANTED}
    SELECT coalesce(w.territory_id, h.territory_id), count(*) FILTER (WHERE h.id IS NULL),
           count(*) FILTER (WHERE w.hcp_id IS NULL), count(w.hcp_id)
    FROM wanted w FULL JOIN held h ON h.territory_id = w.territory_id AND h.hcp_id = w.hcp_id
    GROUP BY 1
"""
_BY_TERRITORY = """
    SELECT territory_id::text, count(*) FROM directory_territorymember
    WHERE org_id = %(org)s AND to_on IS NULL GROUP BY 1
"""
_BY_STATE = f"""
    SELECT h.us_state, count(*), count(c.hcp_id), count(*) FILTER (WHERE c.n > 1)
    FROM directory_hcp h LEFT JOIN (
        SELECT hcp_id, count(*) AS n FROM directory_territorymember
        WHERE org_id = %(org)s AND to_on IS NULL GROUP BY hcp_id
    ) c ON c.hcp_id = h.id
    WHERE h.identity_status IN {_LIVE} GROUP BY 1
"""


def ask_alignment(*, as_of: date, at: datetime) -> Alignment:
    """Ask for an alignment as of a day; a worker computes it.

    Writes what was asked, one ledger entry and the job, which commit together.

    Raises
    ------
    UserError
        If the day lies in the past: what was true then is not rewritten.
    """
    from entente.directory.jobs import align

    asked = _asked(as_of, at)
    ledger.append(
        ledger.Entry("directory.alignment.asked", "alignment", asked.id, {"as_of": as_of}), at=at
    )
    align.defer(alignment_id=str(asked.id), org_id=str(asked.org_id))
    return asked


def _asked(as_of: date, at: datetime) -> Alignment:
    scope = current_scope()
    scope.require(WRITE)
    if as_of < at.date():
        raise UserError(
            "An alignment counts from today or a later day; what was true before stays.",
            field="as_of",
        )
    later = Alignment.objects.filter(as_of__gt=as_of).order_by("-as_of").first()
    if later is not None:
        raise UserError(
            f"There is an alignment as of {later.as_of:%Y-%m-%d}; choose that day or a later one.",
            field="as_of",
        )
    return Alignment.objects.create(id=new_id(), org_id=scope.org_id, as_of=as_of, asked_at=at)


def align_territories(*, as_of: date, at: datetime) -> Alignment:
    """Compute and write at once who is in which territory as of a day.

    Writes who begins and who ends, the alignment with its counts and one ledger entry.

    Raises
    ------
    UserError
        If the day lies in the past, or before the last alignment's.
    """
    return do_alignment(_asked(as_of, at).id, at=at)


def do_alignment(alignment_id: UUID, *, at: datetime) -> Alignment:
    """Do an alignment that was asked for; doing it again changes nothing.

    Writes who begins and who ends in one statement, then the counts and one ledger entry.
    """
    scope = current_scope()
    scope.require(WRITE)
    lock(lock_of(scope.org_id))
    asked = Alignment.objects.get(id=alignment_id)
    if asked.done_at is not None:
        return asked
    values: dict[str, Any] = {"org": scope.org_id, "on": asked.as_of}
    with connection.cursor() as cursor:
        # A first alignment writes a million rows, and a plan for few would take hours.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_ALIGN, values)
        asked.n_begun, asked.n_ended, asked.n_members, _ = cursor.fetchone()
        cursor.execute(_BY_TERRITORY, values)
        asked.by_territory = dict(cursor.fetchall())
        cursor.execute(_BY_STATE, values)
        asked.by_state = {state or "": list(counts) for state, *counts in cursor.fetchall()}
        cursor.execute("SET LOCAL enable_nestloop = on")
    asked.done_at = at
    asked.save()
    details = {
        "as_of": asked.as_of,
        "begun": asked.n_begun,
        "ended": asked.n_ended,
        "members": asked.n_members,
    }
    ledger.append(ledger.Entry("directory.alignment.done", "alignment", asked.id, details), at=at)
    return asked


def preview_alignment(*, as_of: date) -> dict[UUID, tuple[int, int, int]]:
    """Count by territory who would begin, who would end and who would be in it; writes nothing."""
    scope = current_scope()
    scope.require(WRITE)
    with connection.cursor() as cursor:
        cursor.execute(_PREVIEW, {"org": scope.org_id, "on": as_of})
        return {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}


def put_in(territory_id: UUID, hcp_id: UUID, *, on: date) -> None:
    """Put one person into a territory at once, out of the others of its field force.

    What was aligned for a later day gives way too: an exception wins over every rule.
    The caller writes the exception that keeps him there, and records the act.
    """
    scope = current_scope()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directory_territorymember m SET to_on = greatest(%s, m.from_on)"
            " FROM directory_territory t, directory_territory mine"
            " WHERE m.hcp_id = %s AND (m.to_on IS NULL OR m.to_on > %s)"
            " AND t.id = m.territory_id"
            " AND mine.id = %s AND t.force = mine.force AND t.org_id = %s",
            [on, hcp_id, on, territory_id, scope.org_id],
        )
    TerritoryMember.objects.create(
        id=new_id(), org_id=scope.org_id, territory_id=territory_id, hcp_id=hcp_id,
        basis=TerritoryMember.Basis.EXCEPTION, from_on=on,
    )  # fmt: skip


def take_out(territory_id: UUID, hcp_id: UUID, *, on: date) -> None:
    """Take one person out of a territory at once; the caller records the act."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directory_territorymember SET to_on = greatest(%s, from_on)"
            " WHERE territory_id = %s AND hcp_id = %s AND (to_on IS NULL OR to_on > %s)",
            [on, territory_id, hcp_id, on],
        )
