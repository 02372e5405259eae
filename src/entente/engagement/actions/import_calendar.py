"""Load calendars and conference agendas; a second load of the same changes nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from entente.directory.actions.loading import FileKind, ImportCounts, Load, Progress, run_load
from entente.directory.adapters.chunks import Refusal
from entente.engagement.adapters.calendars import ENTRIES, read_calendar
from entente.engagement.models import CalendarEntry
from entente.foundation.access.scope import current_scope
from entente.foundation.models import new_id

_CUT = {"title": 500, "place": 500, "url": 500, "organiser": 300, "uid": 300, "zone": 64,
        "status": 32, "room": 200, "track": 200}  # fmt: skip
CHANGING = [name for name in ENTRIES.names
            if name not in {"line", "field", "value", "remedy", "uid", "starts_local"}]  # fmt: skip


def import_calendar(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load an iCalendar file or a conference agenda.

    Entries are known by their UID and clock time. An entry that the file no longer holds stays.
    Writes one ``SourceLoad`` and one ledger entry; see ``directory.actions.loading.run_load``.
    """
    kind = FileKind("calendar", "event.write", {"calendar": ENTRIES}, read_calendar, _merge)
    return run_load(
        kind, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def _merge(load: Load) -> None:
    names = list(ENTRIES.names)
    columns = ", ".join(f'"{name}"' for name in names)
    load.cursor.execute(f"SELECT {columns} FROM stage_calendar ORDER BY line")  # noqa: S608
    rows = [dict(zip(names, row, strict=True)) for row in load.cursor.fetchall()]
    load.refused.refuse(
        Refusal(row["line"], row["field"], row["value"] or "", row["remedy"])
        for row in rows
        if row["remedy"]
    )
    good = {(row["uid"], row["starts_local"]): row for row in rows if not row["remedy"]}
    load.counts.unchanged += sum(not row["remedy"] for row in rows) - len(good)
    org_id = current_scope().org_id
    known = {
        (each.uid, each.starts_local): each
        for each in CalendarEntry.objects.filter(org_id=org_id, uid__in={uid for uid, _ in good})
    }
    fresh, changed = [], []
    for key, row in good.items():
        there = known.get(key)
        if there is None:
            fresh.append(CalendarEntry(id=new_id(), org_id=org_id, **_fields(row)))
        elif there.entry_hash != row["entry_hash"]:
            for name, value in _fields(row).items():
                setattr(there, name, value)
            changed.append(there)
    load.counts.new += len(fresh)
    load.counts.changed += len(changed)
    load.counts.unchanged += len(good) - len(fresh) - len(changed)
    if not load.dry_run:
        CalendarEntry.objects.bulk_create(fresh, batch_size=1_000)
        CalendarEntry.objects.bulk_update(changed, CHANGING, batch_size=1_000)


def _fields(row: dict[str, object]) -> dict[str, object]:
    kept = {name: value for name, value in row.items()
            if name not in {"line", "field", "value", "remedy"}}  # fmt: skip
    return {
        name: str(value)[: _CUT[name]] if name in _CUT else value for name, value in kept.items()
    }
