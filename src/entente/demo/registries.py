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
PURPOSE = "promotion"
Load = Callable[..., ImportCounts]


@dataclass(frozen=True)
class File:
    """A file to load: what it holds, by which action, and whether the partner loads it."""

    name: str
    load: Load
    path: Path
    by_partner: bool = False


@dataclass(frozen=True)
class Loaded:
    """One file that was loaded, and its counts."""

    name: str
    counts: ImportCounts


REAL = (
    ("taxonomy", directory.import_taxonomy, "nucc_taxonomy_codes.csv"),
    ("hospitals", directory.import_hospitals, "hospital_general_information.csv.gz"),
    ("registry: practitioners", directory.import_nppes, "npidata_ct_practitioners.csv.gz"),
    ("registry: organisations", directory.import_nppes, "npidata_ma_organizations.csv"),
    ("registry: 5,000 rows", directory.import_nppes, "crossreg_nppes_2026_5000.csv.gz"),
    ("affiliations", directory.import_affiliations, "doctors_clinicians_hosp_affil_2021_a.csv"),
    ("pharmacies", directory.import_pharmacies, "ct_pharmacies.csv"),
)


def invented_files(folder: Path, at: datetime, *, n_people: int = 600) -> list[File]:
    """Write the invented registries and list them in the order in which they are loaded."""
    world = write_world(
        folder, at=at, seed=SEED, n_people=n_people, controllers=(HOST,), purpose=PURPOSE
    )
    return [
        File("taxonomy", directory.import_taxonomy, world.taxonomy),
        File("hospitals", directory.import_hospitals, world.hospitals),
        File("provider registry", directory.import_nppes, world.nppes),
        File("affiliations", directory.import_affiliations, world.clinicians),
        File("pharmacies", directory.import_pharmacies, world.pharmacies),
    ]


def real_files(data: Path) -> list[File]:
    """List the registry files of a data folder, in the order in which they are loaded.

    Raises
    ------
    FileNotFoundError
        If the folder holds none of them.
    """
    folder = data / "hcp-registries" if (data / "hcp-registries").is_dir() else data
    found = [
        File(name, load, folder / file) for name, load, file in REAL if (folder / file).exists()
    ]
    if not found:
        raise FileNotFoundError(f"{data} holds no registry file that is known here")
    return found


def permission_files(folder: Path, npis: list[str], at: datetime) -> list[File]:
    """Write addresses and permissions for people of the directory; all of it is invented.

    Registries know nobody's consent. Each controller's permissions are loaded by the
    organisation it belongs to, and the addresses lead nowhere.
    """
    products = write_world(folder / "products", at=at, seed=SEED, n_people=1, controllers=(HOST,))
    ours, contacts = write_consents_for(
        folder / "host", npis, SEED, controllers=(HOST,), at=at, purpose=PURPOSE
    )
    theirs, _ = write_consents_for(
        folder / "partner", npis, SEED + 1, controllers=(PARTNER,), at=at, purpose=PURPOSE
    )
    return [
        File("products", directory.import_products, products.products),
        File("addresses", directory.import_contacts, contacts),
        File(f"permissions of {HOST}", import_consents, ours),
        File(f"permissions of {PARTNER}", import_consents, theirs, by_partner=True),
    ]


def load_file(cast: Cast, file: File, *, at: datetime, refused: Path | None = None) -> Loaded:
    """Load one file in a transaction of its own, as the organisation it belongs to."""
    with act_as(cast.system(cast.partner if file.by_partner else cast.host)):
        return Loaded(file.name, file.load(file.path, at=at, refused_path=refused))


def load_all(
    cast: Cast, folder: Path, *, data: Path | None, at: datetime, n_people: int = 600
) -> Iterator[Loaded]:
    """Load every file; refused rows lie in the folder ``refused``."""
    (folder / "refused").mkdir(parents=True, exist_ok=True)
    files = real_files(data) if data else invented_files(folder, at, n_people=n_people)
    for file in files:
        yield load_file(cast, file, at=at, refused=folder / "refused" / f"{file.path.stem}.csv")
    with act_as(cast.system()):
        npis = all_npis()
    for file in permission_files(folder, npis, at):
        name = f"{file.path.parent.name}-{file.path.stem}.csv"
        yield load_file(cast, file, at=at, refused=folder / "refused" / name)


def load_again(cast: Cast, folder: Path, *, data: Path, at: datetime) -> Iterator[Loaded]:
    """Load the real files and the permissions a second time; nothing should be new or changed."""
    held = [
        File("addresses", directory.import_contacts, folder / "host" / "contacts.csv"),
        File(f"permissions of {HOST}", import_consents, folder / "host" / "consents.csv"),
    ]
    for file in [*real_files(data), *held]:
        yield load_file(cast, file, at=at)
