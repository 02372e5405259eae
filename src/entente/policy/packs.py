"""Find and load rule packs: the only place of this room that reads rule files."""

import os
from pathlib import Path

from .domain.compile import Compiled, compile_packs
from .domain.pack_reader import read_pack
from .domain.packs import BadPack, Pack


def packs_folder() -> Path:
    """Return the folder of rule packs: ENTENTE_RULEPACKS, else `rulepacks` of this checkout.

    Raises
    ------
    BadPack
        If neither is a folder.
    """
    named = os.environ.get("ENTENTE_RULEPACKS")
    candidates = (
        [Path(named)]
        if named
        else [parent / "rulepacks" for parent in Path(__file__).resolve().parents[2:5]]
    )
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise BadPack(
        "PACK-030", str(candidates[0]), "there is no such folder", "Set ENTENTE_RULEPACKS"
    )


def load_packs(folder: Path | None = None) -> tuple[Pack, ...]:
    """Read every pack below a folder, in the order of their paths.

    Raises
    ------
    BadPack
        At the first file that is refused, or if there is none.
    """
    folder = packs_folder() if folder is None else folder
    files = sorted(folder.rglob("*.toml"))
    if not files:
        raise BadPack("PACK-031", str(folder), "holds no pack", "Name a folder with *.toml files")
    packs = []
    for file in files:
        name = file.relative_to(folder).as_posix()
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadPack(
                "PACK-032", name, f"cannot be read: {error}", "Save it as UTF-8"
            ) from None
        packs.append(read_pack(text, name))
    return tuple(packs)


def load_compiled(folder: Path | None = None) -> Compiled:
    """Read and compile every pack below a folder; see `load_packs`."""
    return compile_packs(load_packs(folder))
