"""Give what the directory holds as FHIR R4: one resource, a page of them, or all as NDJSON."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from entente.directory.adapters import fhir_write
from entente.directory.domain.fhir_json import Resource, content_hash, read_json, write_json
from entente.directory.domain.fhir_types import DIRECTORY_TYPES
from entente.directory.reads import fhir as reads
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope

MEDIA_TYPE = "application/fhir+json"
_PART = 5_000


def resource_of(held: reads.Held) -> Resource:
    """Write one row as a resource, over what was received of it."""
    kept: Resource | None = read_json(held.body) if held.body else None
    if held.kind == "Practitioner":
        return fhir_write.practitioner(held.values, held.identifiers, kept)
    if held.kind == "Organization":
        return fhir_write.organisation(held.values, held.identifiers, kept)
    if held.kind == "PractitionerRole":
        return fhir_write.practitioner_role(held.values, kept)
    return fhir_write.kept_only(
        held.kind, held.values["id"], held.values["hco_id"], cast(Resource, kept)
    )


def hashes_of(kind: str, ids: Collection[UUID]) -> dict[UUID, str]:
    """Hash what would be given out of each, as ``content_hash`` does, some at a time."""
    found: dict[UUID, str] = {}
    listed = list(ids)
    for start in range(0, len(listed), _PART):
        part = listed[start : start + _PART]
        for held in reads.fhir_held_by_id(kind, part):
            found[held.values["id"]] = str(UUID(content_hash(resource_of(held))))
    return found


def bundle(kind: str, rows: Collection[Any], *, base: str, following: str) -> Resource:
    """Make a page of a search.

    Parameters
    ----------
    kind : str
    rows : collection
        As ``reads.fhir.fhir_rows`` gives them.
    base : str
        Address under which resources are read.
    following : str
        Address of the next page, empty at the end.
    """
    links = [{"relation": "self", "url": f"{base}?type={kind}"}]
    if following:
        links.append({"relation": "next", "url": following})
    made = [resource_of(held) for held in reads.fhir_held(kind, rows)]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": links,
        "entry": [
            {
                "fullUrl": f"{base}/{kind}/{each['id']}",
                "resource": each,
                "search": {"mode": "match"},
            }
            for each in made
        ],
    }


def export_fhir(
    path: Path, *, at: datetime, types: Iterable[str] = DIRECTORY_TYPES
) -> dict[str, int]:
    """Write all that the directory holds to a file, one resource per line.

    Leaves one ledger entry with the counts. The file is offered under its name once it is whole.

    Parameters
    ----------
    path : pathlib.Path
        Compressed where its name ends in ``.gz``.

    Returns
    -------
    dict of str to int
        Resources written, by type.
    """
    current_scope().require("directory.read")
    part = path.with_name(path.name + ".part")
    counts: dict[str, int] = {}
    try:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(part, "wt", encoding="utf-8", newline="\n") as stream:
            for kind in types:
                counts[kind] = 0
                for held in reads.fhir_held_all(kind):
                    stream.write(write_json(resource_of(held)) + "\n")
                    counts[kind] += 1
        ledger.append(
            ledger.Entry("directory.fhir.exported", "directory.fhir", None, {"resources": counts}),
            at=at,
        )
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return counts
