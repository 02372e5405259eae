"""What an operator does to the database: make roles, migrate, back up, restore."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from entente.foundation.access.rls import OWNER, READER, RUNTIME
from entente.foundation.database import NAME, private_server, role_password
from entente.foundation.embedded import binary


class AdministrationError(RuntimeError):
    """Something an operator has to put right; the text says what."""


def admin_dsn() -> str:
    """Give the address with which the database is administered."""
    return os.environ.get("DATABASE_URL") or private_server().dsn()


def make_roles(dsn: str, *, database: str | None = None) -> None:
    """Make the three roles and, on a private server, the database; safe to repeat.

    Parameters
    ----------
    dsn : str
        A superuser, or a role that may make roles.
    database : str, optional
        Made and given to the owner role if it is not there.

    Raises
    ------
    AdministrationError
        If the login may not make roles.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        # Roles belong to the whole server: whoever comes second finds them made.
        connection.execute("SELECT pg_advisory_lock(hashtextextended('entente.roles', 0))")
        try:
            for role in (OWNER, RUNTIME, READER):
                _make_role(connection, role)
        except psycopg.errors.InsufficientPrivilege:
            raise AdministrationError(
                "this login may not make roles: give a superuser in DATABASE_URL once, or make the "
                f"roles {OWNER}, {RUNTIME}, {READER} yourself and give DATABASE_OWNER_URL"
            ) from None
        if database is None:
            _open_to_owner(connection)
            return
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [database]
        ).fetchone()
        if not known:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(database), sql.Identifier(OWNER)
                )
            )


def _make_role(connection: psycopg.Connection[Any], role: str) -> None:
    name = sql.Identifier(role)
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if not known:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS").format(name)
        )
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(role_password(role)))
    )


def _open_to_owner(connection: psycopg.Connection[Any]) -> None:
    database = connection.execute("SELECT current_database()").fetchone()
    assert database is not None
    connection.execute(
        sql.SQL("GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
            sql.Identifier(database[0]), sql.Identifier(OWNER)
        )
    )
    connection.execute(
        sql.SQL("GRANT CREATE, USAGE ON SCHEMA public TO {}").format(sql.Identifier(OWNER))
    )


def initialise() -> None:
    """Make roles and database, and bring the tables up to date."""
    from django.core.management import call_command

    if not os.environ.get("DATABASE_OWNER_URL"):
        if os.environ.get("DATABASE_URL"):
            make_roles(admin_dsn())
        else:
            private_server().start()
            make_roles(admin_dsn(), database=NAME)
    call_command("migrate", database="owner", verbosity=0, interactive=False)


def _target() -> str:
    return os.environ.get("DATABASE_URL") or private_server().dsn(NAME)


def back_up(target: Path) -> None:
    """Write the whole database to one file.

    The dump runs as the administering login: a role under row-level security would dump
    nothing, silently.

    Raises
    ------
    AdministrationError
        If the dump fails; no file is left behind.
    """
    part = target.with_name(target.name + ".part")
    made = subprocess.run(  # noqa: S603
        [binary("pg_dump"), "--format=custom", f"--file={part}", f"--dbname={_target()}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        part.unlink(missing_ok=True)
        raise AdministrationError(f"the backup failed: {made.stderr.strip()[-500:]}")
    part.rename(target)


def restore(source: Path) -> None:
    """Bring a backup into an empty database.

    Raises
    ------
    AdministrationError
        If the database already holds tables, or the file cannot be restored.
    """
    if not source.exists():
        raise AdministrationError(f"there is no file {source}")
    if os.environ.get("DATABASE_URL"):
        make_roles(admin_dsn())
    else:
        private_server().start()
        make_roles(admin_dsn(), database=NAME)
    with psycopg.connect(_target()) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    if row and row[0]:
        raise AdministrationError("the database is not empty: restore into an empty one")
    made = subprocess.run(  # noqa: S603
        [binary("pg_restore"), "--exit-on-error", "--single-transaction",
         f"--dbname={_target()}", str(source)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise AdministrationError(f"the restore failed: {made.stderr.strip()[-500:]}")


def refuse_to_serve_as_owner() -> None:
    """Stop a server whose login could bypass row-level security.

    Raises
    ------
    AdministrationError
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, r.rolsuper OR r.rolbypassrls OR"
            " EXISTS (SELECT 1 FROM pg_tables t WHERE t.tableowner = r.rolname"
            " AND t.schemaname = 'public') FROM pg_roles r WHERE r.rolname = current_user"
        )
        name, too_mighty = cursor.fetchone()
    if too_mighty:
        raise AdministrationError(
            f"the login {name} owns tables or bypasses row-level security; serve as {RUNTIME}"
        )
