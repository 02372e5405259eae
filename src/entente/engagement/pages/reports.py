"""Take a report that somebody uploads: as the command takes a file, with the refused rows shown."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from entente.directory.adapters.chunks import RegistryFileError
from entente.engagement.actions import import_message_results, import_results
from entente.foundation.errors import UserError

MOST_SHOWN = 200


def take_report(form: Any, *, of_messages: bool) -> dict[str, Any] | None:
    """Load the form's file; give the counts and the refused rows, or None with the error said."""
    given = form.cleaned_data["file"]
    act = import_message_results if of_messages else import_results
    with TemporaryDirectory() as folder:
        # The name is kept for the record, and never used as a path of its own.
        path = Path(folder) / (Path(given.name).name or "report.csv")
        path.write_bytes(given.read())
        refused = Path(folder) / "refused-rows.csv"
        try:
            counts = act(path, at=datetime.now(UTC), refused_path=refused)
        except (UserError, RegistryFileError) as trouble:
            form.add_error("file", str(trouble))
            return None
        with refused.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    return {"counts": counts, "refused": rows[:MOST_SHOWN], "n_refused": counts.refused}
