"""Find and load the pack of checks: the only place of this room that reads check files."""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path

from entente.content.domain.precheck.pack import BadCheckPack, CheckPack, read_pack


def checks_folder() -> Path:
    """Return the folder of checks: ENTENTE_CHECKPACKS, else ``checkpacks`` of this checkout.

    Raises
    ------
    BadCheckPack
        If neither is a folder.
    """
    named = os.environ.get("ENTENTE_CHECKPACKS")
    parents = Path(__file__).resolve().parents[2:5]
    candidates = [Path(named)] if named else [parent / "checkpacks" for parent in parents]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise BadCheckPack(f"{candidates[0]}: there is no such folder; set ENTENTE_CHECKPACKS")


@lru_cache(maxsize=4)
def load_check_pack(folder: Path | None = None) -> CheckPack:
    """Read the checks and their word lists.

    Raises
    ------
    BadCheckPack
        If a file is missing, is no TOML, or holds a check that cannot be used.
    """
    where = (checks_folder() if folder is None else folder) / "content"
    told = []
    for name in ("checks.toml", "words.toml"):
        try:
            told.append(tomllib.loads((where / name).read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
            raise BadCheckPack(f"{name}: {wrong}") from None
    return read_pack(told[0], told[1])
