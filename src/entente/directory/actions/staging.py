"""Temporary tables into which the columns of a file are copied."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
from django.db import connection

from entente.foundation.models import new_id

Cursor = Any


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind):
        return "timestamptz"
    if pa.types.is_boolean(kind):
        return "boolean"
    return "bigint" if pa.types.is_integer(kind) else "text"


def make_staging(cursor: Cursor, table: str, schema: pa.Schema) -> None:
    """Make an empty temporary table for rows of a schema, each with an id of its own.

    It goes with the transaction.
    """
    columns = ", ".join(
        f"{field.name} {'uuid' if field.name == 'row_hash' else _sql_type(field.type)}"
        for field in schema
    )
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(f"CREATE TEMP TABLE {table} ({columns}, id uuid) ON COMMIT DROP")


def copy_rows(cursor: Cursor, table: str, rows: pa.Table) -> None:
    """Copy rows into a staging table with one COPY, in columns; nothing is done row by row."""
    if rows.num_rows == 0:
        return
    ids = pa.array([str(new_id()) for _ in range(rows.num_rows)], pa.string())
    sink = io.BytesIO()
    pacsv.write_csv(rows.append_column("id", ids), sink, pacsv.WriteOptions(include_header=False))
    names = ", ".join([*rows.schema.names, "id"])
    with (
        connection.connection.cursor() as raw,
        raw.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy,
    ):
        copy.write(sink.getbuffer())


def with_columns(rows: pa.Table, columns: dict[str, pa.Array]) -> pa.Table:
    """Add computed columns to a table."""
    for name, values in columns.items():
        rows = rows.append_column(name, values)
    return rows


def with_fields(schema: pa.Schema, names: Sequence[tuple[str, pa.DataType]]) -> pa.Schema:
    """Add fields to a schema."""
    for name, kind in names:
        schema = schema.append(pa.field(name, kind))
    return schema


def one(cursor: Cursor, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
    """Give the only row of a query."""
    cursor.execute(sql, parameters)
    row: tuple[Any, ...] = cursor.fetchone()
    return row
