"""Judge a file before it changes anything: is it good enough, and how complete are its rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from entente.directory.actions.staging import Cursor
from entente.directory.domain.sources import FULL_BP, KNOWN, passes_bar
from entente.directory.reads.sources import share, source_of

# Of each table of a reader: which of its rows count, and what a record needs.
_NEEDED = {
    "hcps": ("true", ("last_name", "city", "state", "primary_taxonomy")),
    "clinicians": ("true", ("last_name", "city", "state", "specialty_name")),
    "hcos": ("true", ("name", "city", "state")),
    "fhir": ("type = 'Practitioner'", ("family_name", "city", "us_state")),
}


class Judged(Protocol):
    """What is filled in of a load."""

    cursor: Cursor
    n_judged: int
    n_complete: int


def bar_of(kind: str) -> int:
    """Give the bar of a kind of file; what is no source of the directory has none."""
    return source_of(kind).bar_bp if kind in KNOWN else FULL_BP


def why_not_used(n_read: int, n_refused: int, bar_bp: int) -> str:
    """Say why a file is not used; empty if it is.

    Examples
    --------
    >>> why_not_used(100, 40, 2500).split(";")[0]
    '40 % of the rows were refused'
    """
    if passes_bar(n_read, n_refused, bar_bp):
        return ""
    return (
        f"{share(n_refused, n_read)} of the rows were refused; the bar of this source is"
        f" {share(bar_bp, FULL_BP)}. No record was changed. Mend the refused rows and load the"
        " file again, or raise the bar of the source."
    )


def judge_rows(load: Judged, tables: Collection[str]) -> None:
    """Count the staged rows that have every field a record needs; one statement a table."""
    for table in tables:
        if table not in _NEEDED:
            continue
        which, needed = _NEEDED[table]
        complete = " AND ".join(f"coalesce({name}, '') <> ''" for name in needed)
        load.cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {complete})"  # noqa: S608
            f" FROM stage_{table} WHERE {which}"
        )
        n_judged, n_complete = load.cursor.fetchone()
        load.n_judged += n_judged
        load.n_complete += n_complete
