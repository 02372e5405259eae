"""Seal what has been written: one root per batch, chained and signed."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from entente.foundation import keys
from entente.foundation.domain.canonical import canonical, microseconds
from entente.foundation.domain.merkle import chain_root, merkle_root

NO_BATCH = b"\x00" * 32
SEALER_LOCK = 0x5EA1


def head_text(number: int, n_entries: int, chained: bytes, sealed_at_us: int) -> str:
    """Give the text that a signature of a batch covers.

    Examples
    --------
    >>> head_text(1, 2, bytes(2), 3)
    '{"at":3,"batch":1,"chained":"0000","entries":2}'
    """
    return canonical(
        {"batch": number, "entries": n_entries, "chained": chained.hex(), "at": sealed_at_us}
    )


def seal(*, at: datetime, wanted: int = 20_000) -> int:
    """Seal waiting entries into one batch; give how many were sealed.

    Any process may call this; an advisory lock lets one at a time do it. Writers are
    never held up: they only add to the queue that is emptied here.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT seq, leaf FROM app.ledger_take(%s)", [wanted])
        taken = cursor.fetchall()
        if not taken:
            return 0
        cursor.execute("SELECT number, chained FROM app.ledger_head()")
        last = cursor.fetchone()
        number, before = (last[0] + 1, bytes(last[1])) if last else (1, NO_BATCH)
        seqs, leaves = [s for s, _ in taken], [bytes(leaf) for _, leaf in taken]
        root, at_us = merkle_root(leaves), microseconds(at)
        chained = chain_root(before, root, number, len(leaves))
        head = head_text(number, len(leaves), chained, at_us)
        signed = keys.signing_key("ledger.seal").sign(head.encode())
        cursor.execute(
            "SELECT app.ledger_put(%s, %s, %s, %s, %s, %s, %s::bigint[], %s::bytea[])",
            [number, len(leaves), root, chained, at_us, signed, seqs, leaves],
        )
    return len(taken)
