"""Where each field of a person is from, and what of another's record its licence lets one see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from entente.directory.domain.sources import HAND, PROVEN, Source, known_as
from entente.directory.models import FieldValue, Hcp, SourceLoad
from entente.directory.reads.sources import source_terms
from entente.foundation.access.scope import current_scope
from entente.foundation.once import once_per_page

WITHHELD_NAME = "Name withheld by its licence"


@dataclass(frozen=True)
class Said:
    """What one source says of a field."""

    value: str
    source: Source
    valid_from: date | None = None
    valid_to: date | None = None
    verified_on: date | None = None


@dataclass(frozen=True)
class FieldFrom:
    """A field of a person: what the record shows, who says so, and what others say."""

    name: str
    held: Said
    allows: str
    others: list[Said] = field(default_factory=list)
    former: list[Said] = field(default_factory=list)


def provenance(person: Hcp) -> list[FieldFrom]:
    """Give, for each field that is known or that some source tells, where it is from.

    Three queries at most. The terms are those of the present organisation, which keeps the record.
    """
    terms = source_terms()
    load = load_of(person.source_load_id)
    begun = load.loaded_at.date() if load else person.recorded_at.date()
    rows: dict[str, list[FieldValue]] = {}
    for row in FieldValue.objects.filter(hcp_id=person.id).order_by("-valid_from", "-id"):
        rows.setdefault(row.field, []).append(row)
    key = person.source or HAND
    own = terms.get(key, known_as(key))
    found = []
    for name in PROVEN:
        value, told = getattr(person, name), rows.get(name, [])
        holding = next((r for r in told if r.holds and r.valid_to is None), None)
        held = (
            _said(holding, terms)
            if holding
            else Said(value, own, begun, None, person.registry_updated_on)
        )
        if not value and not told:
            continue
        others = [
            _said(r, terms)
            for r in told
            if r.valid_to is None and not r.holds and r.value != held.value
        ]
        former = [_said(r, terms) for r in told if r.valid_to is not None]
        found.append(FieldFrom(name, held, held.source.allows_for(name), others, former))
    return found


def load_of(load_id: UUID | None) -> SourceLoad | None:
    """Give the load that a record is from, if it is from one that we may see."""
    found = _loads(load_id) if load_id else []
    return found[0] if found else None


@once_per_page
def _loads(load_id: UUID) -> list[SourceLoad]:
    return list(SourceLoad.objects.filter(id=load_id))


def _said(row: FieldValue, terms: dict[str, Source]) -> Said:
    source = terms.get(row.source, known_as(row.source))
    return Said(row.value, source, row.valid_from, row.valid_to, row.verified_on)


def withheld(ids: Iterable[UUID], fields: Iterable[str] = PROVEN) -> dict[UUID, set[str]]:
    """Give the fields of records that their licence keeps from partners; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hcp_id, field FROM app.directory_withheld(%s, %s)", [list(ids), list(fields)]
        )
        found: dict[UUID, set[str]] = {}
        for hcp_id, name in cursor.fetchall():
            found.setdefault(hcp_id, set()).add(name)
    return found


def as_licensed(people: Iterable[Hcp]) -> list[Hcp]:
    """Give people without the fields that the licence of another organisation keeps from us.

    One's own records come as they are; one query if any is another's. What is left out is empty,
    a name is replaced by words that say so, and nothing of it is ever saved.
    """
    rows, mine = list(people), current_scope().org_id
    foreign = [row.id for row in rows if row.org_id != mine]
    hidden = withheld(foreign) if foreign else {}
    for row in rows:
        for name in hidden.get(row.id, ()):
            _leave_out(row, name)
    return rows


def _leave_out(row: Any, name: str) -> None:
    setattr(row, name, WITHHELD_NAME if name == "family_name" else "")
    if name == "specialty":
        row.taxonomy_code = ""
    if name == "us_state":
        row.time_zone = ""
    if name == "licence_state":
        row.licence_states = []
