"""Bring back what came of publications: figures by day, and what became of messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from entente.directory.actions.loading import FileKind, ImportCounts, Load, Progress, run_load
from entente.directory.adapters.chunks import Refusal
from entente.engagement.adapters.results import RESULTS, read_results, staged_result
from entente.engagement.domain.media_results import SPEND, ResultRow, Wrong
from entente.engagement.domain.placements import TO_PERSONS
from entente.engagement.models import Placement, PlacementFigure
from entente.engagement.reads.placements import KIND
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import MoneyError, to_minor
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

MOST_ROWS = 200_000
UNKNOWN = "No publication of yours has this reference; copy it from the publication's page."
NEVER_LIVE = "It never went live here: clear it and put it live first, or mend the reference."
TWICE = "This publication and day stand twice; give their sum in one row."
ONE_BY_ONE = "Load what became of each message with import message-results."
# A report's day is a day where the outlet is.
DAY_SLACK = timedelta(days=1)
# Figures of people's messages come from what was reported of each.
OF_MESSAGES = frozenset({"delivered", "failed", "opted_out"})
_Key = tuple[UUID, date, str]


@dataclass
class Taken:
    """What became of the rows of a report."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: list[Wrong] = field(default_factory=list)


def record_results(
    rows: Sequence[ResultRow], *, source: str, at: datetime, dry_run: bool = False
) -> Taken:
    """Keep the figures of one's own publications, once; a corrected figure replaces the former.

    The former stays in history with the moment at which it was replaced. Writes the figures and
    one ledger entry with counts; what cannot be taken is named by line, and the rest is kept.

    Parameters
    ----------
    source : str
        Where they come from, for whoever looks at a figure later.

    Raises
    ------
    UserError
        If there are too many rows at once.
    """
    scope = current_scope()
    scope.require("placement.results")
    if len(rows) > MOST_ROWS:
        raise UserError(f"give at most {MOST_ROWS:,} rows at once")
    lock(f"engagement.results:{scope.org_id}")
    taken = Taken()
    good = _fitting(rows, at.date(), taken)
    wanted = {key: amount for _, figures in good for key, amount in figures.items()}
    standing = _standing(wanted)
    for _, figures in good:
        _count(figures, standing, taken)
    if not dry_run:
        _keep(wanted, standing, source=source, at=at)
        _record(taken, source, at)
    return taken


def _fitting(
    rows: Sequence[ResultRow], today: date, taken: Taken
) -> list[tuple[ResultRow, dict[_Key, int]]]:
    """Give the rows that can be taken, each with its figures; the others go to ``taken.wrong``."""
    known = {
        row.reference: row
        for row in Placement.objects.filter(
            org_id=current_scope().org_id,
            reference__in={_reference(each) for each in rows},
        )
    }
    times = Counter((_reference(each), each.on) for each in rows)
    found = []
    for each in rows:
        placement = known.get(_reference(each))
        wrong = (
            Wrong(each.line, "reference", each.reference, UNKNOWN)
            if placement is None
            else _day_wrong(each, placement, today)
        )
        if wrong is None and times[_reference(each), each.on] > 1:
            wrong = Wrong(each.line, "row", each.reference, TWICE)
        if wrong is None and placement is not None:
            figures = _figures(each, placement)
            if isinstance(figures, Wrong):
                wrong = figures
            else:
                found.append((each, figures))
        if wrong is not None:
            taken.wrong.append(wrong)
    return found


def _reference(row: ResultRow) -> str:
    return row.reference.strip().upper()


def _day_wrong(row: ResultRow, placement: Placement, today: date) -> Wrong | None:
    if placement.live_at is None:
        return Wrong(row.line, "reference", row.reference, NEVER_LIVE)
    first = placement.live_at.date() - DAY_SLACK
    if row.on < first:
        remedy = f"It went live on {placement.live_at.date()}; a result before that cannot be its."
        return Wrong(row.line, "date", str(row.on), remedy)
    if row.on > today + DAY_SLACK:
        return Wrong(row.line, "date", str(row.on), "This day has not come yet.")
    return None


def _figures(row: ResultRow, placement: Placement) -> dict[_Key, int] | Wrong:
    found = {(placement.id, row.on, code): n for code, n in row.counts.items()}
    # A list's messages are told one by one, so that an opt-out reaches its person.
    if placement.channel in TO_PERSONS and OF_MESSAGES & set(row.counts):
        name = min(OF_MESSAGES & set(row.counts))
        return Wrong(row.line, name, str(row.counts[name]), ONE_BY_ONE)
    if not row.spend:
        return found
    if row.currency and row.currency != placement.currency:
        remedy = f"Its media line is in {placement.currency}; give the spend in that currency."
        return Wrong(row.line, "currency", row.currency, remedy)
    try:
        spend = to_minor(row.spend, placement.currency)
    except MoneyError:
        spend = -1
    if not 0 <= spend <= 10**15:
        remedy = f"Write the amount as {placement.currency} counts it, such as 1234.50."
        return Wrong(row.line, "spend", row.spend, remedy)
    return found | {(placement.id, row.on, SPEND): spend}


def _standing(wanted: Iterable[_Key]) -> dict[_Key, PlacementFigure]:
    keys = list(wanted)
    if not keys:
        return {}
    days = [on for _, on, _ in keys]
    rows = PlacementFigure.objects.filter(
        placement_id__in={placement_id for placement_id, _, _ in keys},
        on__range=(min(days), max(days)),
        replaced_at__isnull=True,
    )
    return {(row.placement_id, row.on, row.what): row for row in rows}


def _count(figures: dict[_Key, int], standing: dict[_Key, PlacementFigure], taken: Taken) -> None:
    """Count a row: changed if it corrects a figure, new if it only adds some, else unchanged."""
    before = [standing.get(key) for key in figures]
    pairs = list(zip(before, figures.values(), strict=True))
    if any(row is not None and row.amount != amount for row, amount in pairs):
        taken.changed += 1
    elif any(row is None for row in before):
        taken.new += 1
    else:
        taken.unchanged += 1


def _keep(
    wanted: dict[_Key, int],
    standing: dict[_Key, PlacementFigure],
    *,
    source: str,
    at: datetime,
) -> None:
    fresh = {
        key: amount
        for key, amount in wanted.items()
        if key not in standing or standing[key].amount != amount
    }
    replaced = [standing[key].id for key in fresh if key in standing]
    PlacementFigure.objects.filter(id__in=replaced).update(replaced_at=at)
    PlacementFigure.objects.bulk_create(
        [
            PlacementFigure(
                id=new_id(),
                org_id=current_scope().org_id,
                placement_id=placement_id,
                on=on,
                what=what,
                amount=amount,
                source=source[:200],
                told_at=at,
            )
            for (placement_id, on, what), amount in fresh.items()
        ],
        batch_size=2_000,
    )


def keep_counts(placement_id: UUID, counted: dict[date, dict[str, int]], *, at: datetime) -> None:
    """Keep counts of messages by day as figures of their placement; see ``record_results``."""
    wanted = {
        (placement_id, on, what): n for on, counts in counted.items() for what, n in counts.items()
    }
    _keep(wanted, _standing(wanted), source="reports on each message", at=at)


def _record(taken: Taken, source: str, at: datetime) -> None:
    told = {
        "source": source,
        "new": taken.new,
        "changed": taken.changed,
        "unchanged": taken.unchanged,
        "refused": len(taken.wrong),
    }
    ledger.append(ledger.Entry("engagement.placement.results_kept", KIND, None, told), at=at)


def import_results(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load figures of publications from a CSV file, one publication and day a row.

    Loading the same again changes nothing; a corrected day replaces the figure, and the former
    is kept. Writes the figures, one ``SourceLoad`` and ledger entries; see
    ``directory.actions.loading.run_load`` for the arguments.
    """
    name = path.name
    kind = FileKind(
        "results",
        "placement.results",
        {"results": RESULTS},
        read_results,
        lambda load: _merge(load, name),
    )
    return run_load(
        kind, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def _merge(load: Load, source: str) -> None:
    names = list(RESULTS.names)
    columns = ", ".join(f'"{name}"' for name in names)
    load.cursor.execute(f"SELECT {columns} FROM stage_results ORDER BY line")  # noqa: S608
    rows = [staged_result(dict(zip(names, row, strict=True))) for row in load.cursor.fetchall()]
    taken = record_results(rows, source=source, at=load.at, dry_run=load.dry_run)
    load.counts.new += taken.new
    load.counts.changed += taken.changed
    load.counts.unchanged += taken.unchanged
    load.refused.refuse(
        Refusal(each.line, each.field, each.value, each.remedy) for each in taken.wrong
    )
