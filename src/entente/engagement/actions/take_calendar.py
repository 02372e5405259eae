"""Load a calendar that somebody uploads, and say of each row that was refused why."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from entente.directory.actions import ImportCounts
from entente.directory.adapters.chunks import RegistryFileError
from entente.engagement.actions.import_calendar import import_calendar
from entente.engagement.adapters.calendars import MOST_BYTES
from entente.foundation.errors import UserError

MOST_REFUSED = 100


@dataclass(frozen=True)
class RefusedEntry:
    """An entry that was not taken, and what would mend it."""

    line: str
    field: str
    value: str
    remedy: str


def take_calendar(
    name: str, content: bytes, *, at: datetime
) -> tuple[ImportCounts, list[RefusedEntry]]:
    """Load a calendar's bytes as `import_calendar` loads a file.

    Gives what became of its entries and, of the first hundred that were refused, why.

    Raises
    ------
    UserError
        If it is too long or no calendar.
    """
    if len(content) > MOST_BYTES:
        raise UserError("longer than 32 MB: split it into several files", field="file")
    # Only the last part of a name that somebody else chose, and nothing that leads elsewhere.
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(letter for letter in last if letter.isalnum() or letter in "._- ")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (plain.strip(". ")[-100:] or "calendar.ics")
        path.write_bytes(content)
        refused = Path(folder) / "refused of this load.csv"
        try:
            counts = import_calendar(path, at=at, refused_path=refused)
        except RegistryFileError as trouble:
            raise UserError(str(trouble), field="file") from None
        return counts, _read(refused)


def _read(path: Path) -> list[RefusedEntry]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))[:MOST_REFUSED]
    return [
        RefusedEntry(*(row.get(name) or "" for name in ("line", "field", "value", "remedy")))
        for row in rows
    ]
