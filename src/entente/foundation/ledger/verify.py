"""Check the whole ledger, as somebody who trusts nobody; needs only a reading connection."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from entente.foundation.domain.merkle import leaf_hash
from entente.foundation.ledger.proof import prove
from entente.foundation.ledger.report import Fault, Report, Trust
from entente.foundation.ledger.verify_batches import check_batches

__all__ = ["Fault", "Report", "Trust", "prove", "verify"]

# The computed columns, in the order in which they are read, and what they repeat.
REPEATED = ("id", "org", "counterparty", "actor", "verb", "kind", "object", "at")

ENTRIES = """
    SELECT coalesce(e.seq, l.seq, u.seq) AS seq, e.body, e.mac, e.leaf, l.leaf, l.batch,
           l.entry_id::text, u.seq IS NOT NULL,
           e.entry_id::text, e.org_id::text, e.counterparty_id::text, e.actor_id::text,
           e.verb, e.object_kind, e.object_id::text, e.at_us
    FROM foundation_ledgerentry e
    FULL JOIN foundation_ledgerleaf l USING (seq)
    FULL JOIN foundation_ledgerunsealed u USING (seq)
    ORDER BY 1
"""
TWICE = """
    SELECT max(seq), entry_id::text FROM foundation_ledgerentry
    GROUP BY entry_id HAVING count(*) > 1 ORDER BY 1
"""
EVERY = 20_000


def verify(
    connection: psycopg.Connection[Any],
    trust: Trust,
    *,
    progress: Callable[[int], None] = lambda n: None,
) -> Report:
    """Check every entry, batch, chain link, signature and anchor.

    Parameters
    ----------
    connection : psycopg.Connection
        As a role that sees all entries (``entente_reader`` or a superuser). All is read
        from one snapshot, so that writing and sealing may go on meanwhile; a transaction
        that is open already is used as it is.
    trust : Trust
    progress : callable
        Called with the number of entries read so far.

    Returns
    -------
    Report
        With every fault, the first faulty entry first.

    Notes
    -----
    What it cannot see: an entry removed before it was ever sealed (the worker seals each
    second), and, without an anchor kept elsewhere, the loss of the newest batches.
    """
    report = Report()
    sealed: dict[int, list[tuple[int, bytes]]] = {}
    with _one_snapshot(connection):
        for row in _entries(connection):
            _check_entry(row, trust, report, sealed)
            if report.n_entries % EVERY == 0:
                progress(report.n_entries)
        for seq, entry_id in connection.execute(TWICE).fetchall():
            report.blame("inserted", f"entry {seq} ({entry_id}) is there twice", seq, entry_id)
        check_batches(connection, trust, report, sealed)
    report.faults.sort(key=lambda fault: (fault.seq is None, fault.seq or 0))
    return report


@contextmanager
def _one_snapshot(connection: psycopg.Connection[Any]) -> Iterator[None]:
    if connection.info.transaction_status != TransactionStatus.IDLE:
        yield
        return
    before = connection.isolation_level, connection.read_only
    connection.isolation_level, connection.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
    try:
        with connection.transaction():
            yield
    finally:
        if not connection.closed:
            connection.isolation_level, connection.read_only = before


def _entries(connection: psycopg.Connection[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor(name="ledger") as cursor:
        cursor.itersize = 5_000
        cursor.execute(ENTRIES)
        yield from cursor


def _check_entry(
    row: tuple[Any, ...],
    trust: Trust,
    report: Report,
    sealed: dict[int, list[tuple[int, bytes]]],
) -> None:
    seq, body, mac, own_leaf, sealed_leaf, batch, sealed_id, waits, *columns = row
    if batch is not None:
        sealed.setdefault(batch, []).append((seq, bytes(sealed_leaf)))
    if body is None:
        report.blame(
            "removed", f"entry {seq} ({sealed_id or 'not sealed'}) is gone", seq, sealed_id
        )
        return
    report.n_entries += 1
    report.n_unsealed += bool(waits)
    expected = leaf_hash(seq, body)
    entry_id = columns[0]
    named = f"entry {seq} ({entry_id})"
    if batch is None and not waits:
        report.blame("inserted", f"{named} is in no batch", seq, entry_id)
    elif batch is not None and waits:
        report.blame("altered", f"{named} is sealed and yet waits to be sealed", seq, entry_id)
    elif batch is not None and bytes(sealed_leaf) != expected:
        report.blame("altered", f"{named} is not what was sealed", seq, entry_id)
    elif bytes(own_leaf) != expected or not _agrees(body, columns):
        report.blame("altered", f"{named} disagrees with itself", seq, entry_id)
    elif batch is not None and sealed_id != entry_id:
        report.blame("altered", f"{named} was sealed under the id {sealed_id}", seq, entry_id)
    elif not hmac.compare_digest(hmac.digest(trust.mac_key, body.encode(), "sha256"), bytes(mac)):
        report.blame("forged", f"{named} was not written by this installation", seq, entry_id)


def _agrees(body: str, columns: list[Any]) -> bool:
    # Compared here and not by the database, which would stop at the first text that an
    # intruder has left unreadable.
    try:
        record = json.loads(body)
        return [record.get(name) for name in REPEATED] == columns
    except (ValueError, AttributeError, RecursionError):
        return False
