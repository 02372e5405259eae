"""Check the whole ledger, as somebody who trusts nobody; needs only a reading connection."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from entente.foundation.domain.canonical import canonical
from entente.foundation.domain.merkle import chain_root, leaf_hash, merkle_path, merkle_root
from entente.foundation.ledger.seal import NO_BATCH, head_text


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, named so that a person can go and look."""

    kind: str
    where: str
    seq: int | None = None
    entry_id: str | None = None


@dataclass
class Report:
    """What a verification saw."""

    n_entries: int = 0
    n_batches: int = 0
    n_unsealed: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


@dataclass(frozen=True)
class Trust:
    """What the verifier brings along: the keys, and the anchors kept outside."""

    mac_key: bytes
    seal_key: Ed25519PublicKey
    anchor_key: Ed25519PublicKey
    anchors: Sequence[dict[str, Any]]


ENTRIES = """
    SELECT coalesce(e.seq, l.seq, u.seq) AS seq, e.entry_id::text, e.body, e.mac, e.leaf, l.leaf,
           l.batch, u.seq IS NOT NULL,
           e.entry_id::text IS NOT DISTINCT FROM e.body::jsonb ->> 'id'
           AND e.org_id::text IS NOT DISTINCT FROM e.body::jsonb ->> 'org'
           AND e.counterparty_id::text IS NOT DISTINCT FROM e.body::jsonb ->> 'counterparty'
           AND e.actor_id::text IS NOT DISTINCT FROM e.body::jsonb ->> 'actor'
           AND e.verb IS NOT DISTINCT FROM e.body::jsonb ->> 'verb'
           AND e.object_kind IS NOT DISTINCT FROM e.body::jsonb ->> 'kind'
           AND e.object_id::text IS NOT DISTINCT FROM e.body::jsonb ->> 'object'
           AND e.at_us::text IS NOT DISTINCT FROM e.body::jsonb ->> 'at'
    FROM foundation_ledgerentry e
    FULL JOIN foundation_ledgerleaf l USING (seq)
    FULL JOIN foundation_ledgerunsealed u USING (seq)
    ORDER BY 1
"""


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
        As a role that sees all entries (``entente_reader`` or a superuser).
    trust : Trust
    progress : callable
        Called with the number of entries read so far.

    Returns
    -------
    Report
        With every fault, the first in order of sequence first.
    """
    report = Report()
    leaves: dict[int, list[bytes]] = {}
    try:
        for row in _entries(connection):
            _check_entry(row, trust, report, leaves)
            if report.n_entries % 20_000 == 0:
                progress(report.n_entries)
    except psycopg.errors.DataError as trouble:
        report.faults.append(Fault("altered", f"an entry's text is no longer readable: {trouble}"))
        connection.rollback()
    _check_batches(connection, trust, report, leaves)
    report.faults.sort(key=lambda fault: (fault.seq is None, fault.seq or 0))
    return report


def _entries(connection: psycopg.Connection[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor(name="ledger") as cursor:
        cursor.itersize = 5_000
        cursor.execute(ENTRIES)
        yield from cursor


def _check_entry(
    row: tuple[Any, ...], trust: Trust, report: Report, leaves: dict[int, list[bytes]]
) -> None:
    seq, entry_id, body, mac, own_leaf, sealed_leaf, batch, unsealed, agrees = row
    if batch is not None:
        leaves.setdefault(batch, []).append(bytes(sealed_leaf))
    if body is None:
        report.faults.append(Fault("removed", f"entry {seq} is gone", seq))
        return
    report.n_entries += 1
    report.n_unsealed += bool(unsealed)
    expected = leaf_hash(seq, body)
    named = f"entry {seq} ({entry_id})"
    if batch is None and not unsealed:
        report.faults.append(Fault("inserted", f"{named} is in no batch", seq, entry_id))
    elif sealed_leaf is not None and bytes(sealed_leaf) != expected:
        report.faults.append(Fault("altered", f"{named} is not what was sealed", seq, entry_id))
    elif bytes(own_leaf) != expected or not agrees:
        report.faults.append(Fault("altered", f"{named} disagrees with itself", seq, entry_id))
    elif not hmac.compare_digest(
        hmac.new(trust.mac_key, body.encode(), hashlib.sha256).digest(), bytes(mac)
    ):
        report.faults.append(
            Fault("forged", f"{named} was not written by this installation", seq, entry_id)
        )


def _check_batches(
    connection: psycopg.Connection[Any], trust: Trust, report: Report, leaves: dict[int, list[bytes]]
) -> None:
    batches = connection.execute(
        "SELECT number, n_entries, root, chained, signature FROM foundation_ledgerbatch ORDER BY number"
    ).fetchall()
    report.n_batches = len(batches)
    before, expected_number = NO_BATCH, 1
    chained_at: dict[int, bytes] = {0: NO_BATCH}
    for number, n_entries, root, chained, signature in batches:
        root, chained = bytes(root), bytes(chained)
        if number != expected_number:
            report.faults.append(Fault("removed", f"batches {expected_number} to {number - 1} are gone"))
        held = leaves.get(number, [])
        if len(held) != n_entries or merkle_root(held or [b""]) != root:
            report.faults.append(
                Fault("altered", f"batch {number} holds {len(held)} of {n_entries} entries as sealed")
            )
        if number == expected_number and chain_root(before, root, number, n_entries) != chained:
            report.faults.append(Fault("altered", f"batch {number} does not follow batch {number - 1}"))
        try:
            trust.seal_key.verify(bytes(signature), head_text(number, n_entries, chained).encode())
        except InvalidSignature:
            report.faults.append(Fault("forged", f"batch {number} is not signed by this installation"))
        chained_at[number] = chained
        before, expected_number = chained, number + 1
    _check_anchors(trust, report, chained_at)


def _check_anchors(trust: Trust, report: Report, chained_at: dict[int, bytes]) -> None:
    for anchor in trust.anchors:
        head = {name: value for name, value in anchor.items() if name != "signature"}
        number = int(head["batch"])
        try:
            trust.anchor_key.verify(bytes.fromhex(anchor["signature"]), canonical(head).encode())
        except InvalidSignature:
            report.faults.append(Fault("forged", f"the anchor of batch {number} is not ours"))
            continue
        found = chained_at.get(number)
        if found is None:
            report.faults.append(
                Fault("cut", f"the ledger ends before batch {number}, which was anchored")
            )
        elif found.hex() != head["chained"]:
            report.faults.append(Fault("rewritten", f"batch {number} differs from its anchor"))


def prove(connection: psycopg.Connection[Any], entry_id: str) -> dict[str, Any] | None:
    """Give what a third person needs to check one entry alone.

    Returns
    -------
    dict or None
        Body, sequence number, path to the root, the batch's signed head; None if the
        entry is unknown or not sealed yet.
    """
    found = connection.execute(
        "SELECT e.seq, e.body, l.batch FROM foundation_ledgerentry e"
        " JOIN foundation_ledgerleaf l USING (seq) WHERE e.entry_id = %s",
        [entry_id],
    ).fetchone()
    if found is None:
        return None
    seq, body, number = found
    members = connection.execute(
        "SELECT seq, leaf FROM foundation_ledgerleaf WHERE batch = %s ORDER BY seq", [number]
    ).fetchall()
    batch = connection.execute(
        "SELECT n_entries, root, chained, signature FROM foundation_ledgerbatch WHERE number = %s",
        [number],
    ).fetchone()
    assert batch is not None
    position = [s for s, _ in members].index(seq)
    path = merkle_path([bytes(leaf) for _, leaf in members], position)
    return {
        "entry": entry_id,
        "seq": seq,
        "body": body,
        "leaf": leaf_hash(seq, body).hex(),
        "path": [[side, sibling.hex()] for side, sibling in path],
        "batch": number,
        "n_entries": batch[0],
        "root": bytes(batch[1]).hex(),
        "chained": bytes(batch[2]).hex(),
        "signature": bytes(batch[3]).hex(),
    }
