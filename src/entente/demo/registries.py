"""Load registry files, invented or real, and the permissions that go with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from entente.consent.actions import import_consents
from entente.demo.people import HOST, PARTNER, Cast
from entente.demo.world import write_consents_for, write_world
from entente.directory import actions as directory
from entente.directory.actions.loading import ImportCounts
from entente.directory.reads.selection import all_npis
from entente.foundation.access.scope import act_as

SEED = 20261122
CONTROLLERS = (HOST, PARTNER)
PURPOSE = "promotion"
Load = Callable[..., ImportCounts]


@dataclass(frozen=True)
class Loaded:
    """One file that was loaded, and its counts."""

    name: str
    counts: ImportCounts


def _invented(folder: Path, at: datetime) -> list[tuple[str, Load, Path]]:
    world = write_world(folder, at=at, seed=SEED, controllers=CONTROLLERS, purpose=PURPOSE)
    return [
        ("taxonomy", directory.import_taxonomy, world.taxonomy),
        ("hospitals", directory.import_hospitals, world.hospitals),
        ("provider registry", directory.import_nppes, world.nppes),
        ("affiliations", directory.import_affiliations, world.clinicians),
        ("pharmacies", directory.import_pharmacies, world.pharmacies),
        ("products", directory.import_products, world.products),
        ("addresses", directory.import_contacts, world.contacts),
        ("permissions", import_consents, world.consents),
    ]


REAL = (
    ("taxonomy", directory.import_taxonomy, "nucc_taxonomy_codes.csv"),
    ("hospitals", directory.import_hospitals, "hospital_general_information.csv.gz"),
    ("provider registry, practitioners", directory.import_nppes, "npidata_ct_practitioners.csv.gz"),
    ("provider registry, organisations", directory.import_nppes, "npidata_ma_organizations.csv"),
    ("provider registry, 5,000 rows", directory.import_nppes, "crossreg_nppes_2026_5000.csv.gz"),
    ("affiliations", directory.import_affiliations, "doctors_clinicians_hosp_affil_2021_a.csv"),
    ("pharmacies", directory.import_pharmacies, "ct_pharmacies.csv"),
)


def real_files(data: Path) -> list[tuple[str, Load, Path]]:
    """List the registry files of a data folder, in the order in which they are loaded.

    Raises
    ------
    FileNotFoundError
        If the folder holds none of them.
    """
    folder = data / "hcp-registries" if (data / "hcp-registries").is_dir() else data
    found = [(name, load, folder / file) for name, load, file in REAL if (folder / file).exists()]
    if not found:
        raise FileNotFoundError(f"{data} holds no registry file that is known here")
    return found


def _permissions(cast: Cast, folder: Path, at: datetime) -> list[tuple[str, Load, Path]]:
    # The real registries know nobody's consent: it is invented, at addresses that lead nowhere.
    with act_as(cast.system()):
        npis = all_npis()
    consents, contacts = write_consents_for(
        folder, npis, SEED, controllers=CONTROLLERS, at=at, purpose=PURPOSE
    )
    world = write_world(folder / "world", at=at, seed=SEED, n_people=1, controllers=CONTROLLERS)
    return [
        ("products", directory.import_products, world.products),
        ("addresses", directory.import_contacts, contacts),
        ("permissions", import_consents, consents),
    ]


def load_all(cast: Cast, folder: Path, *, data: Path | None, at: datetime) -> Iterator[Loaded]:
    """Load every file, each in a transaction of its own; refused rows lie beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    plans: list[Callable[[], list[tuple[str, Load, Path]]]]
    if data is None:
        plans = [lambda: _invented(folder, at)]
    else:
        plans = [lambda: real_files(data), lambda: _permissions(cast, folder, at)]
    for plan in plans:
        for name, load, path in plan():
            refused = folder / f"refused-{path.name.removesuffix('.gz')}"
            with act_as(cast.system()):
                yield Loaded(name, load(path, at=at, refused_path=refused))


def load_again(cast: Cast, folder: Path, *, data: Path, at: datetime) -> Iterator[Loaded]:
    """Load the real files a second time; nothing should be new or changed."""
    for name, load, path in real_files(data):
        with act_as(cast.system()):
            yield Loaded(name, load(path, at=at))
    for name, load, file in (
        ("addresses", directory.import_contacts, "contacts.csv"),
        ("permissions", import_consents, "consents.csv"),
    ):
        with act_as(cast.system()):
            yield Loaded(name, load(folder / file, at=at))
