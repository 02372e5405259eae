"""Bring together what a verification of this installation's own ledger trusts."""

from __future__ import annotations

import os
from typing import Any

import psycopg

from entente.foundation import keys
from entente.foundation.access.rls import READER
from entente.foundation.database import NAME, private_server
from entente.foundation.ledger.anchors import read_anchors
from entente.foundation.ledger.report import Trust


class CannotRead(RuntimeError):
    """The connection does not see the ledger; the text says which to give."""


def own_trust() -> Trust:
    """Give this installation's keys and anchors."""
    return Trust(
        mac_key=keys.key("ledger.mac"),
        seal_key=keys.signing_key("ledger.seal").public_key(),
        anchor_key=keys.signing_key("ledger.anchor").public_key(),
        anchors=read_anchors(),
    )


def reading_connection() -> psycopg.Connection[Any]:
    """Open a connection that sees every entry.

    Raises
    ------
    CannotRead
        If the address given is that of the serving role, to which the ledger of other
        organisations is invisible.
    """
    given = ("DATABASE_READER_URL", "DATABASE_OWNER_URL", "DATABASE_URL")
    url = next((os.environ[name] for name in given if os.environ.get(name)), None)
    connection = psycopg.connect(url or private_server().dsn(NAME, READER))
    # Whoever is under the walls sees some entries only, and would miss the others.
    row = connection.execute(
        "SELECT r.rolname, r.rolsuper OR r.rolbypassrls OR EXISTS"
        " (SELECT 1 FROM pg_policies p WHERE p.tablename = 'foundation_ledgerentry'"
        " AND p.qual = 'true' AND r.rolname = ANY (p.roles))"
        " FROM pg_roles r WHERE r.rolname = current_user"
    ).fetchone()
    connection.rollback()
    if row is None or not row[1]:
        connection.close()
        raise CannotRead(
            f"the role {row[0] if row else '?'} does not see every entry; "
            f"give the address of {READER} in DATABASE_READER_URL"
        )
    return connection
