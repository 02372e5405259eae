"""Seal what has been written: one root per batch, chained, signed, anchored outside."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from entente.foundation import keys
from entente.foundation.domain.canonical import canonical, microseconds
from entente.foundation.domain.merkle import chain_root, merkle_root

NO_BATCH = b"\x00" * 32
SEALER_LOCK = 0x5EA1


def head_text(number: int, n_entries: int, chained: bytes) -> str:
    """Give the text that a signature of a batch covers."""
    return canonical({"batch": number, "entries": n_entries, "chained": chained.hex()})


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
        leaves = [bytes(leaf) for _, leaf in taken]
        root = merkle_root(leaves)
        chained = chain_root(before, root, number, len(leaves))
        signed = keys.signing_key("ledger.seal").sign(head_text(number, len(leaves), chained).encode())
        cursor.execute(
            "SELECT app.ledger_put(%s, %s, %s, %s, %s, %s, %s::bigint[], %s::bytea[])",
            [number, len(leaves), root, chained, microseconds(at), signed, [s for s, _ in taken], leaves],
        )
    return len(taken)


def anchor_file() -> Path:
    """Give the file, outside the database, that keeps signed heads."""
    return Path(os.environ.get("ENTENTE_ANCHORS", keys.home() / "anchors.jsonl"))


def anchor(*, at: datetime) -> dict[str, object] | None:
    """Write the signed head of the chain to the anchor file; None if nothing is new."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT number, chained FROM app.ledger_head()")
        last = cursor.fetchone()
    if last is None:
        return None
    head = {"batch": last[0], "chained": bytes(last[1]).hex(), "at": microseconds(at)}
    kept = read_anchors()
    if kept and kept[-1]["batch"] == head["batch"]:
        return None
    head["signature"] = keys.signing_key("ledger.anchor").sign(canonical(head).encode()).hex()
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as out:
        out.write(canonical(head) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return head


def read_anchors() -> list[dict[str, object]]:
    """Read the anchors kept so far, oldest first."""
    path = anchor_file()
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
