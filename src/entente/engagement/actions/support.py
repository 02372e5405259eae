"""Keep programmes and their monthly counts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from entente.directory.actions import ImportCounts
from entente.engagement.domain.caution import without_patient
from entente.engagement.domain.programme_counts import (
    Count,
    Wrong,
    check_columns,
    read_counts,
)
from entente.engagement.models import ProgrammeCount, SupportProgramme
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

MOST_ROWS = 100_000


@dataclass(frozen=True)
class ProgrammePlan:
    """What a programme is, for whom, where it is found."""

    name: str
    kind: str
    what: str
    for_whom: str
    country: str
    url: str = ""
    product_id: UUID | None = None


def save_programme(plan: ProgrammePlan, *, at: datetime) -> SupportProgramme:
    """Keep a programme; one of the same name is changed.

    Raises
    ------
    UserError
        If a field does not fit.
    """
    scope = current_scope()
    scope.require("support.write")
    for name, longest in (("name", 200), ("what", 1_000), ("for_whom", 300)):
        if not 0 < len(getattr(plan, name).strip()) <= longest:
            raise UserError(f"write it in at most {longest:,} characters", field=name)
        wrong = without_patient(getattr(plan, name), "programme")
        if wrong:
            raise UserError(wrong, field=name)
    if plan.kind not in SupportProgramme.Kind.values:
        raise UserError(f"kind is one of {', '.join(SupportProgramme.Kind.values)}", field="kind")
    if not is_country(plan.country):
        raise UserError("write the country as two capitals, for example GB", field="country")
    if plan.url and not plan.url.startswith("https://"):
        raise UserError("write an address that begins with https://", field="url")
    values = {name: value.strip() if isinstance(value, str) else value
              for name, value in asdict(plan).items()}  # fmt: skip
    key = values.pop("name")
    made, is_new = SupportProgramme.objects.update_or_create(
        org_id=scope.org_id, name=key, defaults=values, create_defaults={"id": new_id(), **values}
    )
    verb = "added" if is_new else "changed"
    ledger.append(
        ledger.Entry(f"engagement.programme.{verb}", "engagement.programme", made.id), at=at
    )
    return made


def record_counts(counts: Iterable[Count], *, at: datetime) -> tuple[ImportCounts, list[Wrong]]:
    """Keep monthly counts; a later count for the same cell takes the place of the earlier one.

    Raises
    ------
    OutOfScope
        If the role does not include it.
    """
    scope = current_scope()
    scope.require("support.write")
    told, wrong = ImportCounts(), []
    programmes = {p.name.casefold(): p.id for p in SupportProgramme.objects.all()}
    known = {(c.programme_id, c.region, c.month): c for c in ProgrammeCount.objects.all()}
    new, changed = [], []
    for count in counts:
        programme_id = programmes.get(count.programme.casefold())
        if programme_id is None:
            wrong.append(
                Wrong(count.line, "programme", count.programme,
                      "No programme has this name; enter it first.")
            )  # fmt: skip
            continue
        before = known.get((programme_id, count.region, count.month))
        if before is None:
            new.append(
                ProgrammeCount(id=new_id(), org_id=scope.org_id, programme_id=programme_id,
                               region=count.region, month=count.month, n_enrolled=count.n)
            )  # fmt: skip
        elif before.n_enrolled != count.n:
            before.n_enrolled = count.n
            changed.append(before)
        else:
            told.unchanged += 1
    ProgrammeCount.objects.bulk_create(new, batch_size=2_000)
    ProgrammeCount.objects.bulk_update(changed, ["n_enrolled"], batch_size=2_000)
    told.new, told.changed = len(new), len(changed)
    ledger.append(
        ledger.Entry(
            "engagement.programme_counts.recorded",
            "engagement.programme",
            None,
            {"new": told.new, "changed": told.changed, "unchanged": told.unchanged},
        ),
        at=at,
    )
    return told, wrong


def import_programme_counts(
    file: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load monthly enrolments from a CSV file with programme, region, month, enrolled.

    Raises
    ------
    UserError
        If it has other columns, is too long, or cannot be read as text.
    """
    current_scope().require("support.write")
    rows = _rows(file)
    counts, wrong = read_counts(rows)
    if progress:
        progress(len(rows))
    if dry_run:
        names = {
            name.casefold() for name in SupportProgramme.objects.values_list("name", flat=True)
        }
        fits = [count for count in counts if count.programme.casefold() in names]
        told, unknown = ImportCounts(new=len(fits), dry_run=True), len(counts) - len(fits)
        told.refused = unknown + len(wrong)
    else:
        told, more = record_counts(counts, at=at)
        wrong += more
        told.refused = len(wrong)
    told.read = len(rows)
    told.note("too_small_to_keep", sum(1 for count in counts if count.n is None))
    if refused_path:
        _write_refused(refused_path, wrong)
    return told


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            check_columns(reader.fieldnames or ())
            reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
            rows: list[tuple[int, dict[str, str]]] = []
            for line, row in enumerate(reader, start=2):
                if len(rows) >= MOST_ROWS:
                    raise UserError(f"a file has at most {MOST_ROWS:,} rows; give it in parts")
                if None in row:
                    raise UserError(f"line {line} has more fields than the head")
                rows.append((line, row))
            return rows
    except UnicodeDecodeError:
        raise UserError("the file is not UTF-8 text: save it as CSV UTF-8") from None


def _write_refused(path: Path, wrong: Iterable[Wrong]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("line", "field", "value", "remedy"))
        for each in sorted(wrong, key=lambda one: one.line):
            writer.writerow((each.line, each.field, each.value[:200], each.remedy))
