"""Check the batches of the ledger: members, roots, chain, signatures, anchors."""

from __future__ import annotations

from typing import Any

import psycopg
from cryptography.exceptions import InvalidSignature

from entente.foundation.domain.canonical import canonical
from entente.foundation.domain.merkle import chain_root, merkle_root
from entente.foundation.ledger.report import Report, Trust
from entente.foundation.ledger.seal import NO_BATCH, head_text

BATCHES = """
    SELECT number, n_entries, root, chained, sealed_at_us, signature, seqs
    FROM foundation_ledgerbatch ORDER BY number
"""

Sealed = dict[int, list[tuple[int, bytes]]]


def check_batches(
    connection: psycopg.Connection[Any], trust: Trust, report: Report, sealed: Sealed
) -> None:
    """Check all batches against the leaves that were read, and the chain against the anchors.

    Parameters
    ----------
    sealed : dict of int to list of (int, bytes)
        By batch number, the sequence numbers and leaves found in the leaf table, in order.
    """
    before, expected = NO_BATCH, 1
    chained_at: dict[int, bytes] = {}
    for number, n_entries, root, chained, at_us, signature, seqs in connection.execute(BATCHES):
        report.n_batches += 1
        if number != expected:
            report.blame("removed", f"batches {expected} to {number - 1} are gone")
        held = sealed.pop(number, [])
        _check_members(number, n_entries, bytes(root), held=held, seqs=seqs, report=report)
        follows = chain_root(before, bytes(root), number, n_entries) == bytes(chained)
        if number == expected and not follows:
            report.blame("altered", f"batch {number} does not follow batch {number - 1}")
        try:
            signed = head_text(number, n_entries, bytes(chained), at_us).encode()
            trust.seal_key.verify(bytes(signature), signed)
        except InvalidSignature:
            report.blame("forged", f"batch {number} is not as this installation signed it")
        chained_at[number] = before = bytes(chained)
        expected = number + 1
    for number, held in sorted(sealed.items()):
        for seq, _ in held:
            report.blame("removed", f"entry {seq} was sealed in batch {number}, which is gone", seq)
    _check_anchors(trust, report, chained_at)


def _check_members(
    number: int,
    n_entries: int,
    root: bytes,
    *,
    held: list[tuple[int, bytes]],
    seqs: list[int],
    report: Report,
) -> None:
    found = [seq for seq, _ in held]
    for seq in sorted(set(seqs) - set(found)):
        report.blame("removed", f"entry {seq} of batch {number} is gone from it", seq)
    for seq in sorted(set(found) - set(seqs)):
        report.blame("inserted", f"entry {seq} was put into batch {number} later", seq)
    leaves = [leaf for _, leaf in held]
    if len(held) != n_entries or len(seqs) != n_entries or merkle_root(leaves or [b""]) != root:
        report.blame(
            "altered", f"batch {number} holds {len(held)} of {n_entries} entries, not as sealed"
        )


def _check_anchors(trust: Trust, report: Report, chained_at: dict[int, bytes]) -> None:
    for line, anchor in enumerate(trust.anchors, start=1):
        head = {name: value for name, value in anchor.items() if name != "signature"}
        try:
            number, expected = int(head["batch"]), str(head["chained"])
            signature = bytes.fromhex(anchor["signature"])
            trust.anchor_key.verify(signature, canonical(head).encode())
        except (InvalidSignature, KeyError, TypeError, ValueError):
            report.blame("forged", f"anchor {line} is not one of ours")
            continue
        found = chained_at.get(number)
        if found is None:
            report.blame("cut", f"batch {number} was anchored and is not there")
        elif found.hex() != expected:
            report.blame("rewritten", f"batch {number} differs from its anchor")
