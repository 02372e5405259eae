"""Lists as files: cells that no spreadsheet executes, and an entry in the ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from entente.foundation import ledger
from entente.foundation.errors import UserError

LONGEST_CELL = 32_767
MOST_ROWS = 100_000
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(value: Any) -> Any:
    """Write a cell so that a spreadsheet shows it and does not run it.

    Numbers stay numbers; a text that would begin a formula gets an apostrophe before it.

    Raises
    ------
    UserError
        If a text is longer than a spreadsheet's cell holds.

    Examples
    --------
    >>> inert("=1+1"), inert(-5), inert(None)
    ("'=1+1", -5, '')
    """
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return value
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    if len(text) > LONGEST_CELL:
        raise UserError(f"a cell holds {len(text)} characters; spreadsheets take {LONGEST_CELL}")
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text


def csv_file(
    name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], *, kind: str, at: datetime
) -> HttpResponse:
    """Give a list as a CSV file and record who took it out.

    Written whole before it is sent: a file that breaks off looks like a complete one.

    Raises
    ------
    UserError
        If there are more than 100,000 rows; narrow the list.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    n_rows = 0
    for row in rows:
        n_rows += 1
        if n_rows > MOST_ROWS:
            raise UserError(f"an export takes at most {MOST_ROWS:,} rows; narrow the list first")
        writer.writerow([inert(cell) for cell in row])
    ledger.append(
        ledger.Entry(f"{kind}.exported", kind, None, {"rows": n_rows, "columns": list(head)}), at=at
    )
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{at:%Y-%m-%d}.csv"'
    return response
