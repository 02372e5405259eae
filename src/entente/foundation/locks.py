"""One way to lock what is scarce: a cap, a budget, a protection."""

from __future__ import annotations

from django.db import connection


def lock(*keys: str) -> None:
    """Hold these keys until the transaction ends; others with the same key wait.

    Call it first in the transaction, before reading what the lock guards: under READ
    COMMITTED the following statement then sees what the previous holder committed. The
    keys are taken in sorted order, so that two callers never wait for each other.

    Raises
    ------
    RuntimeError
        If there is no transaction, in which case the lock would be released at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction holds nothing")
    ordered = sorted(set(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_advisory_xact_lock(hashtextextended(k, 0)))"
            " FROM (SELECT k FROM unnest(%s::text[]) k ORDER BY k) ordered",
            [ordered],
        )
