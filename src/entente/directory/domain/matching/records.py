"""Tables of records made comparable: profiled, paired by column, cleansed, keyed. All in DuckDB."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from entente.directory.domain.matching.blocking import Key
from entente.directory.domain.matching.cleansing import MISSING, cleansed, derived
from entente.directory.domain.matching.fields import Kind, Profile, kinds_of
from entente.directory.domain.matching.model import Field
from entente.directory.domain.matching.pairing import paired

# Distinct values looked at when columns of two files are paired.
_LOOKED_AT = 20_000
_NUMERIC = "'^[0-9.()+ -]*[0-9][0-9.()+ -]*$'"
_DAYS = "['%Y-%m-%d', '%Y%m%d', '%m/%d/%Y', '%d/%m/%Y', '%d.%m.%Y']"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the tables that are matched: its name in DuckDB, and the column that names a record.

    Several rows may carry one id; they are spellings of one record.
    """

    table: str
    id_column: str


def quoted(name: str) -> str:
    """Write a column name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def profiles(connection: DuckDBPyConnection, table: str, columns: Sequence[str]) -> list[Profile]:
    """Count what is in each column of a table of text."""
    missing = ", ".join(f"'{word}'" for word in (*MISSING, "N/A", "<UNAVAIL>"))
    found = []
    for column in columns:
        text = f"trim({quoted(column)})"
        value = f"CASE WHEN upper({text}) NOT IN ({missing}) THEN {text} END"
        row = connection.execute(
            "SELECT count(*), count(v), count(DISTINCT v), coalesce(avg(length(v)), 0),"
            f" coalesce(avg(regexp_matches(v, {_NUMERIC})::INT), 0),"
            " coalesce(avg((v LIKE '% %')::INT), 0),"
            f" coalesce(avg((try_strptime(v, {_DAYS})"
            " BETWEEN '1880-01-01' AND '2040-01-01')::INT), 0),"
            " coalesce(avg((v LIKE '%_@_%._%')::INT), 0)"
            f" FROM (SELECT {value} AS v FROM {table})"
        ).fetchall()[0]
        found.append(Profile(column, *row))
    return found


def fields_of(
    connection: DuckDBPyConnection, left: Side, right: Side | None, withheld: Collection[str]
) -> list[Field]:
    """Choose the columns by which the records of one table, or of two, are compared.

    Raises
    ------
    ValueError
        If no column can be compared.
    """
    chosen = [_kinds(connection, side, withheld) for side in (left, right) if side]
    if right is None:
        trios = [(header, header, kind) for header, kind in chosen[0].items()]
    else:
        values = [
            {header: _values(connection, side.table, header) for header in kinds}
            for side, kinds in zip((left, right), chosen, strict=True)
        ]
        trios = paired(*chosen, *values)
    if not trios:
        raise ValueError("no column of the files can be compared; name them alike in both")
    return [Field(f"f{n}", kind, ours, theirs) for n, (ours, theirs, kind) in enumerate(trios)]


def _kinds(
    connection: DuckDBPyConnection, side: Side, withheld: Collection[str]
) -> dict[str, Kind]:
    shown = connection.execute(f"DESCRIBE {side.table}").fetchall()
    columns = [str(row[0]) for row in shown if row[0] not in {side.id_column, *withheld}]
    return kinds_of(profiles(connection, side.table, columns))


def _values(connection: DuckDBPyConnection, table: str, header: str) -> set[str]:
    rows = connection.execute(
        f"SELECT DISTINCT upper(trim({quoted(header)})) AS v FROM {table}"
        f" WHERE trim({quoted(header)}) <> '' ORDER BY v LIMIT {_LOOKED_AT}"
    ).fetchall()
    return {row[0] for row in rows}


def make_records(
    connection: DuckDBPyConnection,
    left: Side,
    right: Side | None,
    fields: Sequence[Field],
    keys: Sequence[Key],
) -> None:
    """Make the table ``keyed``: record, source, id, cleansed fields, keys of blocking."""
    parts = []
    for source, side in (("l", left), ("r", right)):
        if side is None:
            continue
        columns = [
            f"{cleansed(f.kind, quoted(f.left if source == 'l' else f.right))} AS {f.name}"
            for f in fields
        ]
        parts.append(
            f"SELECT '{source}' AS source, {quoted(side.id_column)}::VARCHAR AS id,"
            f" {', '.join(columns)} FROM {side.table}"
        )
    more = [f"{sql} AS {name}" for f in fields for name, sql in derived(f.kind, f.name).items()]
    widened = "".join(f", {column}" for column in more)
    keyed = "".join(f", {key.sql} AS {key.column}" for key in keys)
    connection.execute(
        "CREATE OR REPLACE TABLE keyed AS"
        f" WITH cleansed AS ({' UNION ALL '.join(parts)}),"
        " numbered AS (SELECT row_number() OVER () AS record, * FROM cleansed),"
        f" widened AS (SELECT *{widened} FROM numbered)"
        f" SELECT *{keyed} FROM widened"
    )
