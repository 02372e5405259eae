"""A webinar platform's list of who was there, as CSV: several rows per person, times in UTC."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from entente.foundation.errors import UserError

# What the platforms call the same column.
ADDRESS = ("email", "e-mail", "user email", "participant email", "email address")
JOINED = ("join time", "joined", "join_time", "first join")
LEFT = ("leave time", "left", "leave_time", "last leave")
MOST_BYTES = 5_000_000
FORMATS = ("%Y-%m-%d %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y, %I:%M:%S %p")


def read_presence(data: bytes) -> dict[str, list[tuple[datetime, datetime]]]:
    """Read join and leave times by e-mail address.

    Raises
    ------
    UserError
        Naming the line and what does not fit; nothing of a file that does not fit is taken.
    """
    if len(data) > MOST_BYTES:
        raise UserError("the file is larger than 5 MB: take the list of one event", field="file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("save the file as CSV in UTF-8", field="file") from None
    rows = list(csv.reader(io.StringIO(text)))
    start, columns = _head(rows)
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for number, row in enumerate(rows[start:], start=start + 1):
        if not any(cell.strip() for cell in row):
            continue
        address, joined, left = (row[n].strip() if n < len(row) else "" for n in columns)
        if not address:
            continue
        stay = (_moment(joined, number), _moment(left, number))
        if stay[1] < stay[0]:
            raise UserError(f"line {number}: left before joining", field="file")
        found.setdefault(address.lower(), []).append(stay)
    return found


def _head(rows: list[list[str]]) -> tuple[int, tuple[int, int, int]]:
    """Find the line of headings; platforms put a summary above it."""
    for n, row in enumerate(rows[:50]):
        names = [cell.strip().lower() for cell in row]
        at = [
            next((names.index(name) for name in wanted if name in names), None)
            for wanted in (ADDRESS, JOINED, LEFT)
        ]
        if None not in at:
            return n + 1, (at[0], at[1], at[2])  # type: ignore[return-value]
    raise UserError(
        "the file needs columns for e-mail, join time and leave time, such as"
        " Email, Join Time, Leave Time",
        field="file",
    )


def _moment(text: str, number: int) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        for form in FORMATS:
            try:
                found = datetime.strptime(text, form)  # noqa: DTZ007 - zone is set below
                break
            except ValueError:
                continue
        else:
            raise UserError(
                f"line {number}: “{text[:40]}” is no time such as 2026-11-27 14:05:00",
                field="file",
            ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
