"""FHIR R4: people, organisations, roles and places of a file, as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from entente.directory.adapters import fhir_read as read
from entente.directory.adapters.chunks import CHUNK_ROWS, VALUE_LIMIT, Chunk, Refusal
from entente.directory.adapters.fhir_files import Entry, entries
from entente.directory.adapters.fhir_schemas import IDENTIFIERS, POINTERS, RESOURCES
from entente.directory.domain.fhir_json import Resource, content_hash, write_json
from entente.directory.domain.fhir_shapes import misshapen
from entente.directory.domain.fhir_types import (
    DIRECTORY_TYPES,
    KIND_REMEDY,
    PATIENT_REMEDY,
    is_patient_level,
    named_type,
)
from entente.directory.domain.professions import profession_of
from entente.directory.domain.search_keys import search_key

Rows = dict[str, list[dict[str, Any]]]
# Rows of one resource by table, or why there are none.
Taken = Rows | list[Refusal]
TABLES = {"fhir": RESOURCES, "fhir_identifiers": IDENTIFIERS, "fhir_pointers": POINTERS}
MOST_BODY_CHARS = 500_000
_MOST_CHUNK_CHARS = 16_000_000
NPI_REMEDY = (
    "This is no NPI: it has 10 digits, the last a check digit. Correct it, or give the number "
    "under the system it comes from."
)
_KEY_REMEDY = "Give an identifier with system and value, or an id, so that it is known again."
_NAME_REMEDY = "Give a name."
_MODIFIER = (
    "An element here changes the meaning of the rest in a way that is not known; leave it out."
)
_POINTS = {
    "PractitionerRole": (("hcp", "practitioner"), ("hco", "organization")),
    "OrganizationAffiliation": (("hco", "participatingOrganization"),),
    "Location": (("hco", "managingOrganization"),),
}


def read_fhir(
    path: Path,
    *,
    also: Mapping[str, Callable[[Entry], Taken]] | None = None,
    also_tables: Mapping[str, pa.Schema] | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> Iterator[Chunk]:
    """Read a file of FHIR R4 resources.

    Parameters
    ----------
    path : pathlib.Path
        One resource, a Bundle, or NDJSON; plain or gzip.
    also : mapping of str to callable, optional
        Further types of resources that are taken, and what makes rows of each.
    also_tables : mapping of str to pyarrow.Schema, optional
        The tables of those rows.
    chunk_rows : int
        Most resources of a chunk.

    Yields
    ------
    Chunk
        Tables ``fhir``, ``fhir_identifiers``, ``fhir_pointers`` and those of ``also_tables``.
        Of resources about patients nothing is kept, and nothing is repeated in the refusal.

    Raises
    ------
    RegistryFileError
        If the file is not JSON, not UTF-8, or too long for one document.
    """
    tables = {**TABLES, **(also_tables or {})}
    rows: Rows = {name: [] for name in tables}
    refused: list[Refusal] = []
    n_read = n_sent = n_chars = 0
    for entry in entries(path):
        n_read += 1
        taken = [entry] if isinstance(entry, Refusal) else _take(entry, also or {})
        if isinstance(taken, list):
            refused += taken
        else:
            for name, more in taken.items():
                rows[name] += more
                n_chars += sum(len(each.get("body", "")) for each in more)
        if n_read - n_sent >= chunk_rows or n_chars > _MOST_CHUNK_CHARS:
            yield _chunk(tables, rows, refused, n_read - n_sent)
            rows, refused = {name: [] for name in tables}, []
            n_sent, n_chars = n_read, 0
    yield _chunk(tables, rows, refused, n_read - n_sent)


def _chunk(
    tables: Mapping[str, pa.Schema], rows: Rows, refused: list[Refusal], n_read: int
) -> Chunk:
    made = {name: pa.Table.from_pylist(rows[name], schema) for name, schema in tables.items()}
    return Chunk(tables=made, refused=refused, n_read=n_read)


def _take(entry: Entry, also: Mapping[str, Callable[[Entry], Taken]]) -> Taken:
    kind = entry.resource.get("resourceType")
    if (wrong := _unfit(entry, kind, also)) is not None:
        return wrong
    assert isinstance(kind, str)
    if kind in also:
        return also[kind](entry)
    body = write_json(entry.resource)
    if len(body) > MOST_BODY_CHARS:
        return [Refusal(entry.line, kind, "", f"It is longer than {MOST_BODY_CHARS:,} characters.")]
    return _rows(entry, kind, body)


def _unfit(entry: Entry, kind: Any, also: Mapping[str, Any]) -> list[Refusal] | None:
    """Give why a resource is not taken, before anything is read of it."""
    shown = named_type(kind)
    if is_patient_level(shown):
        return [Refusal(entry.line, shown, "", PATIENT_REMEDY)]
    if not isinstance(kind, str) or kind not in (*DIRECTORY_TYPES, *also):
        return [Refusal(entry.line, shown, "", KIND_REMEDY)]
    faults = [
        Refusal(entry.line, path, "", f"Write {what} here.")
        for path, what in misshapen(entry.resource)
    ]
    if faults:
        return faults
    wrong = _unsafe(entry.resource)
    return [Refusal(entry.line, f"{kind}.{wrong[0]}", "", wrong[1])] if wrong else None


def _unsafe(resource: Resource) -> tuple[str, str] | None:
    """Give the element for which a resource of the right shape is not taken, and the remedy."""
    contained = resource.get("contained") or []
    if any(is_patient_level(str(each.get("resourceType"))) for each in contained if each):
        return "contained", PATIENT_REMEDY
    if resource.get("modifierExtension") or resource.get("implicitRules"):
        return "modifierExtension", _MODIFIER
    if len(resource.get("id") or "") > 64:
        return "id", "An id has at most 64 characters."
    return None


def _rows(entry: Entry, kind: str, body: str) -> Taken:
    resource = entry.resource
    row, faults = _columns(entry.line, resource, kind)
    npi, wrong = _npi(entry.line, resource, kind)
    named = list(dict.fromkeys([*entry.conditions, *read.identifiers(resource)]))
    # What is no NPI is no identifier under that system either.
    others = [pair for pair in named if pair[0] != read.NPI_SYSTEM]
    key = _key(resource, kind, npi, others, entry.full_url)
    faults += wrong
    if key is None:
        faults.append(Refusal(entry.line, f"{kind}.identifier", "", _KEY_REMEDY))
    if faults or key is None:
        return faults
    row |= {
        "line": entry.line,
        "type": kind,
        "logical_id": resource.get("id") or "",
        "own_id": resource.get("id") if read.is_uuid(resource.get("id") or "") else None,
        "full_url": entry.full_url,
        "source": _source(resource, entry.full_url),
        "key_system": key[0],
        "key_value": key[1],
        "npi": npi,
        "is_active": resource.get("active"),
        "body": body,
        "row_hash": content_hash(resource),
    }
    listed = [key, *[pair for pair in _short(others) if pair != key]]
    return {
        "fhir": [row],
        "fhir_identifiers": [
            {"line": entry.line, "position": place, "system": system, "value": value}
            for place, (system, value) in enumerate(listed)
        ],
        "fhir_pointers": _pointers(entry, kind),
    }


def _columns(line: int, resource: Resource, kind: str) -> tuple[dict[str, Any], list[Refusal]]:
    readers: dict[str, Callable[[Resource], dict[str, Any]]] = {
        "Practitioner": read.person,
        "Organization": read.organisation,
        "PractitionerRole": read.role,
    }
    found = readers[kind](resource) if kind in readers else {}
    faults = [
        Refusal(line, f"{kind}.{name}", value[:VALUE_LIMIT], f"Write at most {most} characters.")
        for name, most in read.LONGEST.items()
        if isinstance(value := found.get(name), str) and len(value) > most
    ]
    if kind == "Practitioner":
        if not found["family_name"]:
            faults.append(Refusal(line, "Practitioner.name", "", _NAME_REMEDY))
        words = (found["family_name"], found["given_name"], found["middle_name"])
        found["profession"] = profession_of(found["taxonomy_code"], found["credential"])
        found["name_key"] = search_key(*words)
    elif kind == "Organization":
        if not found["name"]:
            faults.append(Refusal(line, "Organization.name", "", _NAME_REMEDY))
        found["name_key"] = search_key(found["name"])
    elif kind == "PractitionerRole":
        found["profession"] = profession_of(found["taxonomy_code"])
    return found, faults


def _npi(line: int, resource: Resource, kind: str) -> tuple[str | None, list[Refusal]]:
    if kind not in ("Practitioner", "Organization"):
        return None, []
    given = read.npis(resource)
    wrong = [each for each in given if not read.npi_is_luhn(each)]
    field = f"{kind}.identifier"
    if wrong:
        return None, [Refusal(line, field, wrong[0][:VALUE_LIMIT], NPI_REMEDY)]
    if len(set(given)) > 1:
        return None, [Refusal(line, field, given[1], "Give one NPI; mark a former one as old.")]
    return (given[0] if given else None), []


def _key(
    resource: Resource, kind: str, npi: str | None, others: list[tuple[str, str]], full_url: str
) -> tuple[str, str] | None:
    if npi is not None:
        return "npi", npi
    if kind == "PractitionerRole":
        # Its identifiers are often those of the person, of whom there may be several roles.
        return read.logical_key(resource, full_url) or next(iter(others), None)
    return next(iter(_short(others)), None) or read.logical_key(resource, full_url)


def _short(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(read.short_system(system), value) for system, value in pairs]


def _source(resource: Resource, full_url: str) -> str:
    if full_url.startswith(("http://", "https://")):
        return full_url.rsplit("/", 2)[0][:200]
    return ((resource.get("meta") or {}).get("source") or "")[:200]


def _pointers(entry: Entry, kind: str) -> list[dict[str, Any]]:
    made = []
    for target, element in _POINTS.get(kind, ()):
        found = read.pointer(entry.resource.get(element))
        if found.is_empty:
            continue
        made.append(
            {
                "line": entry.line,
                "target": target,
                "type": found.type,
                "logical_id": found.id,
                "own_id": found.id if read.is_uuid(found.id) else None,
                "url": found.url,
                "system": read.short_system(found.system),
                "value": found.value,
            }
        )
    return made
