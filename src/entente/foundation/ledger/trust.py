"""Bring together what a verification of this installation's own ledger trusts."""

from __future__ import annotations

import os
from typing import Any

import psycopg

from entente.foundation import keys
from entente.foundation.access.rls import READER, RUNTIME
from entente.foundation.database import NAME, private_server
from entente.foundation.ledger.seal import read_anchors
from entente.foundation.ledger.verify import Trust


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
    url = os.environ.get("DATABASE_READER_URL") or os.environ.get("DATABASE_URL")
    connection = psycopg.connect(url or private_server().dsn(NAME, READER))
    row = connection.execute("SELECT current_user").fetchone()
    if row and row[0] == RUNTIME:
        raise CannotRead("the serving role sees one organisation only; give DATABASE_READER_URL")
    return connection
