"""Load registry files: people, organisations, specialties, affiliations, addresses, products."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from entente.directory.actions.import_clinicians import (
    STAGED_CLINICIANS,
    merge_clinicians,
    prepare_clinicians,
)
from entente.directory.actions.import_contacts import merge_contacts
from entente.directory.actions.import_hcos import (
    STAGED_HCOS,
    merge_hcos,
    merge_identifiers,
    prepare_hcos,
)
from entente.directory.actions.import_hcps import (
    STAGED_HCPS,
    merge_deactivations,
    merge_hcps,
    prepare_hcps,
)
from entente.directory.actions.import_lists import merge_products, merge_taxonomy
from entente.directory.actions.loading import FileKind, ImportCounts, Load, Progress, run_load
from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import Chunk
from entente.directory.adapters.clinicians import read_clinicians
from entente.directory.adapters.contacts import read_contacts
from entente.directory.adapters.hospitals import read_hospitals
from entente.directory.adapters.nppes import read_nppes
from entente.directory.adapters.nucc import read_nucc
from entente.directory.adapters.pharmacies import read_pharmacies
from entente.directory.adapters.products import read_products


def import_nppes(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load people and organisations from an NPPES dissemination file.

    Writes people (verified, licence active unless deactivated), their specialties,
    organisations, deactivations, one ``SourceLoad`` and one ledger entry. A row older than
    what is held only fills gaps. See ``loading.run_load`` for the arguments.
    """

    return run_load(
        nppes_kind(at), path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def nppes_kind(at: datetime) -> FileKind:
    """Give the kind of an NPPES file; what law makes of a profession is as of a day."""

    def merge(load: Load) -> None:
        merge_hcps(load, "nppes")
        merge_hcos(load, "nppes")
        merge_deactivations(load)

    return FileKind(
        "nppes",
        "directory.import",
        {
            "hcps": STAGED_HCPS,
            "taxonomies": schemas.TAXONOMIES,
            "hcos": STAGED_HCOS,
            "deactivations": schemas.DEACTIVATIONS,
        },
        read_nppes,
        merge,
        {"hcps": lambda rows: prepare_hcps(rows, at.date()), "hcos": prepare_hcos},
        in_parts=True,
    )


def _hcos(name: str, reader: Callable[[Path], Iterable[Chunk]]) -> FileKind:
    def merge(load: Load) -> None:
        merge_hcos(load, name)
        merge_identifiers(load)

    staged = {"hcos": STAGED_HCOS, "identifiers": schemas.IDENTIFIERS}
    return FileKind(name, "directory.import", staged, reader, merge, {"hcos": prepare_hcos})


_HOSPITALS = _hcos("hospitals", read_hospitals)
_PHARMACIES = _hcos("pharmacies", read_pharmacies)
_NUCC = FileKind(
    "nucc", "directory.import", {"taxonomy": schemas.NUCC}, read_nucc, merge_taxonomy, {}
)
_CONTACTS = FileKind(
    "contacts",
    "directory.import",
    {"contacts": schemas.CONTACTS},
    read_contacts,
    merge_contacts,
    {},
)
_PRODUCTS = FileKind(
    "products", "product.write", {"products": schemas.PRODUCTS}, read_products, merge_products, {}
)


def import_hospitals(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load hospitals, keyed by CMS Certification Number."""
    return run_load(
        _HOSPITALS, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def import_pharmacies(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load pharmacies, keyed by state credential."""
    return run_load(
        _PHARMACIES, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def import_taxonomy(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load the provider taxonomy; people who hold a changed code get its name as specialty."""
    return run_load(
        _NUCC, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def import_affiliations(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load who works with which hospital, by NPI and CCN.

    The counts are of affiliations. People whom no other registry has brought come in as
    unverified (``people_added`` in ``notes``); affiliations whose hospital is not in the
    directory are counted there too, and added when the file is loaded again after it.
    """
    kind = FileKind(
        "clinicians",
        "directory.import",
        {"clinicians": STAGED_CLINICIANS, "affiliations": schemas.AFFILIATIONS},
        read_clinicians,
        merge_clinicians,
        {"clinicians": lambda rows: prepare_clinicians(rows, at.date())},
    )
    return run_load(
        kind, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def import_contacts(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load e-mail addresses by NPI; a new address ends the one before it."""
    return run_load(
        _CONTACTS, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def import_products(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load products and where they are approved, one row per product and country."""
    return run_load(
        _PRODUCTS, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )
