"""What the directory holds of FHIR's kinds of resources, with what was received of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.db.models import Model, QuerySet

from entente.directory.domain.fhir_types import DIRECTORY_TYPES, KEPT_ONLY
from entente.directory.models import (
    Affiliation,
    FhirResource,
    Hco,
    HcoIdentifier,
    Hcp,
    HcpIdentifier,
)
from entente.directory.reads.provenance import as_licensed

ORDER = ("id",)
_CHUNK = 1_000


@dataclass(frozen=True)
class Held:
    """One row that can be given as a resource.

    Attributes
    ----------
    kind : str
        Type of the resource.
    values : mapping
        Columns of the row.
    identifiers : list of tuple of str
        Further identifiers, system and value.
    body : str
        The resource as last received by this organisation; empty where none was.
    """

    kind: str
    values: Mapping[str, Any]
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""


def fhir_rows(kind: str) -> QuerySet[Any]:
    """Give the rows that stand for resources of a type.

    Raises
    ------
    FhirResource.DoesNotExist
        If the directory has no such type.
    """
    if kind not in DIRECTORY_TYPES:
        raise FhirResource.DoesNotExist("the directory gives no resources of this type")
    if kind in KEPT_ONLY:
        return FhirResource.objects.filter(resource_type=kind)
    if kind == "PractitionerRole":
        return Affiliation.objects.select_related("hcp", "hco")
    return Hcp.objects.all() if kind == "Practitioner" else Hco.objects.all()


def fhir_held(kind: str, rows: Collection[Model]) -> list[Held]:
    """Give rows with their identifiers and what was received of them, four queries at most.

    Of another organisation's people, fields that their licence keeps from us are left out.
    """
    ids = [row.pk for row in rows]
    if kind == "Practitioner":
        as_licensed(cast("Collection[Hcp]", rows))
    elif kind == "PractitionerRole":
        as_licensed([row.hcp for row in cast("Collection[Affiliation]", rows)])
    if kind in KEPT_ONLY:
        return [Held(kind, _values(row), body=getattr(row, "body", "")) for row in rows]
    bodies = _bodies(kind, ids)
    numbers = _identifiers(kind, ids)
    return [
        Held(kind, _values(row), numbers.get(row.pk, []), bodies.get(row.pk, "")) for row in rows
    ]


def fhir_held_by_id(kind: str, ids: Collection[UUID]) -> list[Held]:
    """Give several by id; unknown ids are left out."""
    return fhir_held(kind, list(fhir_rows(kind).filter(id__in=list(ids))))


def fhir_held_all(kind: str) -> Iterator[Held]:
    """Give all of a type by id, some at a time."""
    after: UUID | None = None
    while True:
        rows = fhir_rows(kind) if after is None else fhir_rows(kind).filter(id__gt=after)
        part = list(rows.order_by("id")[:_CHUNK])
        yield from fhir_held(kind, part)
        if len(part) < _CHUNK:
            return
        after = part[-1].pk


def _values(row: Model) -> dict[str, Any]:
    values = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}
    if isinstance(row, Affiliation):
        values |= {"hcp_name": row.hcp.display_name, "hco_name": row.hco.display_name}
    return values


def _bodies(kind: str, ids: list[UUID]) -> dict[UUID, str]:
    """Give what was received last about each."""
    by = {"Practitioner": "hcp_id", "Organization": "hco_id", "PractitionerRole": "affiliation_id"}
    rows = FhirResource.objects.filter(**{"resource_type": kind, f"{by[kind]}__in": ids})
    return dict(rows.order_by("received_at", "id").values_list(by[kind], "body"))


def _identifiers(kind: str, ids: list[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    found: dict[UUID, list[tuple[str, str]]] = {}
    rows: Any = ()
    if kind == "Practitioner":
        people = HcpIdentifier.objects.filter(hcp_id__in=ids).order_by("recorded_at", "id")
        rows = people.values_list("hcp_id", "system", "value")
    elif kind == "Organization":
        places = HcoIdentifier.objects.filter(hco_id__in=ids).order_by("recorded_at", "id")
        rows = places.values_list("hco_id", "system", "value")
    for owner, system, value in rows:
        found.setdefault(owner, []).append((system, value))
    return found
