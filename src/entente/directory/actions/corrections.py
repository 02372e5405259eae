"""Correct a record: what a steward has verified holds, and what was said before stays known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from entente.directory.actions.field_values import FOLLOWING, follow_fields
from entente.directory.domain.sources import HAND, STEWARD
from entente.directory.models import ChangeLine, FieldValue, Hcp
from entente.foundation.access.scope import current_scope
from entente.foundation.models import new_id


def correct_hcp(record: Hcp, lines: Mapping[str, ChangeLine], *, on: date) -> None:
    """Write verified values to a record, with who verified them, when and on which request.

    Writes the record, the steward's values, and what other sources say of the same fields. No
    file of a less trusted source overrules them. The caller writes the ledger entry.

    Parameters
    ----------
    record : Hcp
        Locked by the caller.
    lines : mapping of str to ChangeLine
        By field.
    on : date
    """
    open_rows = FieldValue.objects.filter(
        hcp_id=record.id, field__in=list(lines), valid_to__isnull=True
    )
    known: dict[str, list[FieldValue]] = {}
    for row in open_rows:
        known.setdefault(row.field, []).append(row)
    open_rows.filter(source=STEWARD).update(valid_to=on, holds=False)
    open_rows.exclude(source=STEWARD).filter(holds=True).update(holds=False)
    said_before = [
        _before(record, name, on)
        for name, line in lines.items()
        if _is_the_records_own(record, name, known) and getattr(record, name) != line.new_value
    ]
    verified = [_verified(record, name, line, on) for name, line in lines.items()]
    for name, line in lines.items():
        setattr(record, name, line.new_value)
    follow_fields(record)
    record.save(update_fields=[*lines, *FOLLOWING])
    FieldValue.objects.bulk_create([*said_before, *verified])


def _is_the_records_own(record: Hcp, name: str, known: Mapping[str, list[FieldValue]]) -> bool:
    """Tell whether the value shown is the record's own source's, and not noted yet."""
    rows = known.get(name, [])
    own = record.source or HAND
    return bool(getattr(record, name)) and not any(r.holds or r.source == own for r in rows)


def _before(record: Hcp, name: str, on: date) -> FieldValue:
    return FieldValue(
        id=new_id(), org_id=record.org_id, hcp=record, field=name, value=getattr(record, name),
        source=record.source or HAND, source_load_id=record.source_load_id, valid_from=on,
        verified_on=record.registry_updated_on,
    )  # fmt: skip


def _verified(record: Hcp, name: str, line: ChangeLine, on: date) -> FieldValue:
    return FieldValue(
        id=new_id(), org_id=record.org_id, hcp=record, field=name, value=line.new_value,
        source=STEWARD, holds=True, valid_from=on, verified_on=on,
        verified_by=current_scope().actor_id, change_line=line,
    )  # fmt: skip
