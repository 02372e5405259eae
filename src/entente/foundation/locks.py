"""One way to lock what is scarce: a cap, a budget, a protection."""

from __future__ import annotations

from django.db import connection


def lock(*keys: str) -> None:
    """Hold these keys until the transaction ends; others with the same key wait.

    Call it first in the transaction, before reading what the lock guards: under READ
    COMMITTED the following statement then sees what the previous holder committed. The
    locks are taken in the order of their numbers, so that two callers never wait for each
    other, even where two keys share a number.

    Raises
    ------
    RuntimeError
        If there is no transaction, in which case the lock would be released at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction holds nothing")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_advisory_xact_lock(n)) FROM"
            " (SELECT DISTINCT hashtextextended(k, 0) AS n FROM unnest(%s::text[]) k ORDER BY n) o",
            [list(keys)],
        )


def share(*keys: str) -> None:
    """Hold these keys together with others who share them; whoever takes one alone waits.

    Many senders of one text share its lock; a recall of the text takes it alone.

    Raises
    ------
    RuntimeError
        If there is no transaction, in which case the lock would be released at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction holds nothing")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_advisory_xact_lock_shared(n)) FROM"
            " (SELECT DISTINCT hashtextextended(k, 0) AS n FROM unnest(%s::text[]) k ORDER BY n) o",
            [list(keys)],
        )


def hold(*keys: str) -> None:
    """Hold these keys beyond the transaction, until ``release`` or the end of the connection.

    For what must not happen between the end of a transaction and something outside the
    database, such as a withdrawal between the last check and the sending of a mail. A
    process that dies loses its connection and with it the hold.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_advisory_lock(n)) FROM"
            " (SELECT DISTINCT hashtextextended(k, 0) AS n FROM unnest(%s::text[]) k ORDER BY n) o",
            [list(keys)],
        )


def hold_shared(*keys: str) -> None:
    """Share these keys beyond the transaction, as ``hold`` holds them alone."""
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_advisory_lock_shared(n)) FROM"
            " (SELECT DISTINCT hashtextextended(k, 0) AS n FROM unnest(%s::text[]) k ORDER BY n) o",
            [list(keys)],
        )


def release() -> None:
    """Let go of everything that this connection holds beyond its transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")
