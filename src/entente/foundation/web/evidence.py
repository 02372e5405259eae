"""Read the ledger for people: entries in words, their proof, a check of the whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from entente.foundation import ledger
from entente.foundation.access.rls import RUNTIME
from entente.foundation.access.scope import current_scope
from entente.foundation.database import conninfo
from entente.foundation.domain.canonical import microseconds
from entente.foundation.ledger.persons import open_values
from entente.foundation.ledger.proof import prove_many
from entente.foundation.ledger.trust import CannotRead, own_trust
from entente.foundation.ledger.verify import Report, prove, verify
from entente.foundation.models import LedgerEntry, Organisation, User
from entente.foundation.web.naming import Named, names_of

ORDER = ("-seq",)
ROOM_ICONS = {
    "foundation": "landmark",
    "policy": "shield-check",
    "directory": "users",
    "consent": "hand-heart",
    "content": "file-check",
    "alliances": "handshake",
    "engagement": "send",
    "deals": "briefcase",
    "planning": "compass",
    "disclosures": "scale",
    "measurement": "chart-column",
}


def entries(
    *,
    kind: str = "",
    object_id: UUID | None = None,
    verb: str = "",
    actor_id: UUID | None = None,
    on: date | None = None,
) -> QuerySet[LedgerEntry]:
    """Give entries that the present organisation may read, narrowed as asked."""
    found = LedgerEntry.objects.all()
    if kind:
        found = found.filter(object_kind=kind)
    if object_id:
        found = found.filter(object_id=object_id)
    if verb:
        found = found.filter(verb__startswith=verb)
    if actor_id:
        found = found.filter(actor_id=actor_id)
    if on:
        start = datetime(on.year, on.month, on.day, tzinfo=UTC)
        found = found.filter(
            at_us__gte=microseconds(start), at_us__lt=microseconds(start + timedelta(days=1))
        )
    return found


def entry(entry_id: UUID) -> LedgerEntry:
    """Give one entry.

    Raises
    ------
    LedgerEntry.DoesNotExist
        Also when the present organisation may not read it.
    """
    return LedgerEntry.objects.get(entry_id=entry_id)


def words_of(verb: str) -> str:
    """Write a verb as words.

    Examples
    --------
    >>> words_of("engagement.send.queued"), words_of("consent.capture.recorded")
    ('Send queued', 'Capture recorded')
    """
    parts = verb.split(".")
    text = " ".join(parts[1:] if len(parts) > 1 else parts).replace("_", " ")
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Line:
    """An entry as a list shows it."""

    id: UUID
    seq: int
    at: datetime
    what: str
    verb: str
    icon: str
    who: str
    organisation: str
    object_label: str
    object_url: str
    object_kind: str
    object_id: UUID | None
    url: str

    @property
    def sentence(self) -> str:
        """Who did what to which object, in one sentence."""
        on = f": {self.object_label}" if self.object_label else ""
        return f"{self.what}{on}, by {self.who}"


def _moment(row: LedgerEntry) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=row.at_us)


def _actor(row: LedgerEntry, people: dict[UUID, str], organisations: dict[UUID, str]) -> str:
    organisation = organisations.get(row.org_id, "another organisation")
    if row.actor_id is None:
        by = str(json.loads(row.body).get("by", "")).replace(":", " ")
        return f"{by or 'a job'} of {organisation}"
    return people.get(row.actor_id, f"a person of {organisation}")


def lines(rows: Sequence[LedgerEntry]) -> list[Line]:
    """Write entries in words; three queries and one per kind of object, however many."""
    people = dict(
        User.objects.filter(id__in={r.actor_id for r in rows if r.actor_id}).values_list(
            "id", "name"
        )
    )
    organisations = dict(
        Organisation.objects.filter(id__in={r.org_id for r in rows}).values_list("id", "name")
    )
    named = names_of((row.object_kind, row.object_id) for row in rows)
    return [_line(row, people, organisations, named) for row in rows]


def _line(
    row: LedgerEntry,
    people: dict[UUID, str],
    organisations: dict[UUID, str],
    named: dict[tuple[str, UUID], Named],
) -> Line:
    about = named.get((row.object_kind, row.object_id)) if row.object_id else None
    return Line(
        id=row.entry_id,
        seq=row.seq,
        at=_moment(row),
        what=words_of(row.verb),
        verb=row.verb,
        icon=ROOM_ICONS.get(row.verb.split(".")[0], "circle"),
        who=_actor(row, people, organisations),
        organisation=organisations.get(row.org_id, ""),
        object_label=about.label if about else "",
        object_url=about.url if about else "",
        object_kind=row.object_kind,
        object_id=row.object_id,
        url=reverse("evidence_entry", args=[row.entry_id]),
    )


def page_of(name: str, object_id: str | None) -> str:
    """Give a page's address by its name, or nothing where its room has none."""
    try:
        return reverse(name, args=[object_id]) if object_id else ""
    except NoReverseMatch:
        return ""


def _reader() -> psycopg.Connection[Any]:
    connection = psycopg.connect(conninfo(settings.DATABASES["reader"]))
    row = connection.execute("SELECT current_user").fetchone()
    if row and row[0] == RUNTIME:
        connection.close()
        raise CannotRead("the serving role sees one organisation only; give DATABASE_READER_URL")
    return connection


def proof_of(entry_id: UUID) -> dict[str, Any] | None:
    """Give batch, path and signature of one entry; None while it waits to be sealed.

    Ask only for entries that the reader may see: the reading connection sees all.
    """
    with _reader() as connection:
        return prove(connection, str(entry_id))


def proofs_of(entry_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Give the proofs of many entries, by their order; those that wait to be sealed are left out.

    Ask only for entries that the reader may see: the reading connection sees all.
    """
    with _reader() as connection:
        return prove_many(connection, [str(each) for each in entry_ids])


def verify_all(*, at: datetime) -> Report:
    """Check the whole ledger and record that it was checked.

    Raises
    ------
    OutOfScope
    CannotRead
        If no connection that sees all is configured.
    """
    current_scope().require("ledger.verify")
    with _reader() as connection:
        report = verify(connection, own_trust())
    ledger.append(
        ledger.Entry(
            "foundation.ledger.verified",
            "ledger",
            None,
            {"entries": report.n_entries, "faults": len(report.faults)},
        ),
        at=at,
    )
    return report


def read_personal(row: LedgerEntry, *, at: datetime) -> list[tuple[UUID, dict[str, Any] | None]]:
    """Open an entry's personal values; the reading leaves an entry of its own.

    Returns
    -------
    list of (UUID, dict or None)
        Per person; None where the person has been erased.
    """
    current_scope().require("person.values")
    sealed = json.loads(row.body).get("personal") or {}
    opened = open_values(row.entry_id, sealed)
    ledger.append(
        ledger.Entry(
            "foundation.evidence.personal_read",
            "ledger.entry",
            row.entry_id,
            {"persons": sorted(str(person) for person in opened)},
        ),
        at=at,
    )
    return [(person, json.loads(text) if text else None) for person, text in opened.items()]
