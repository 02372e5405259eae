"""Anchors: signed heads of the ledger's chain, kept in a file outside the database."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from entente.foundation import keys
from entente.foundation.domain.canonical import canonical, microseconds

TAIL_BYTES = 4_096


def anchor_file() -> Path:
    """Give the file, outside the database, that keeps signed heads."""
    return Path(os.environ.get("ENTENTE_ANCHORS", keys.home() / "anchors.jsonl"))


def anchor(*, at: datetime) -> dict[str, object] | None:
    """Write the signed head of the chain to the anchor file; None if nothing is new.

    Many processes may call this; the file is locked meanwhile.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT number, chained FROM app.ledger_head()")
        last = cursor.fetchone()
    if last is None:
        return None
    head: dict[str, object] = {
        "batch": last[0],
        "chained": bytes(last[1]).hex(),
        "at": microseconds(at),
    }
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        tail = _tail(kept)
        newest = _parsed(tail.splitlines()[-1]) if tail.strip() else None
        if newest and (newest.get("batch"), newest.get("chained")) == (last[0], head["chained"]):
            return None
        head["signature"] = keys.signing_key("ledger.anchor").sign(canonical(head).encode()).hex()
        # A writer that was killed in the middle of a line has left it without an end.
        torn = bool(tail) and not tail.endswith(b"\n")
        kept.write((b"\n" if torn else b"") + canonical(head).encode() + b"\n")
        kept.flush()
        os.fsync(kept.fileno())
    return head


def _tail(kept: Any) -> bytes:
    size = kept.seek(0, os.SEEK_END)
    kept.seek(max(0, size - TAIL_BYTES))
    read: bytes = kept.read()
    return read


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def read_anchors() -> list[dict[str, Any]]:
    """Read the anchors kept so far, oldest first.

    Returns
    -------
    list of dict
        A line that is cut short, as a killed writer leaves it, is passed over; any other
        unreadable line is given as an empty anchor, which no verification accepts.
    """
    path = anchor_file()
    if not path.exists():
        return []
    anchors = []
    for line in path.read_bytes().splitlines():
        record = _parsed(line)
        if record is not None:
            anchors.append(record)
        elif line.strip() and not (line.startswith(b'{"at":') and not line.endswith(b"}")):
            anchors.append({})
    return anchors
