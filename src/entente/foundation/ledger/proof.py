"""Prove one entry to a third person, who needs neither the database nor our word."""

from __future__ import annotations

from typing import Any

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from entente.foundation.domain.merkle import chain_root, leaf_hash, merkle_path, root_from_path
from entente.foundation.ledger.seal import NO_BATCH, head_text


def prove(connection: psycopg.Connection[Any], entry_id: str) -> dict[str, Any] | None:
    """Give what a third person needs to check one entry alone.

    Returns
    -------
    dict or None
        Body, sequence number, path to the root, the batch's signed head and the head before
        it; None if the entry is unknown or not sealed yet.
    """
    return next(iter(prove_many(connection, [entry_id])), None)


def prove_many(connection: psycopg.Connection[Any], entry_ids: list[str]) -> list[dict[str, Any]]:
    """Prove many entries with three queries, however many they are.

    Returns
    -------
    list of dict
        As ``prove`` gives them, in order of sequence number; entries that are unknown or not
        sealed yet are left out.
    """
    found = connection.execute(
        "SELECT e.entry_id::text, e.seq, e.body, l.batch FROM foundation_ledgerentry e"
        " JOIN foundation_ledgerleaf l USING (seq)"
        " WHERE e.entry_id = ANY(%s::uuid[]) AND l.batch IS NOT NULL ORDER BY e.seq",
        [entry_ids],
    ).fetchall()
    numbers = sorted({batch for *_, batch in found})
    leaves: dict[int, list[tuple[int, bytes]]] = {number: [] for number in numbers}
    for number, seq, leaf in connection.execute(
        "SELECT batch, seq, leaf FROM foundation_ledgerleaf WHERE batch = ANY(%s) ORDER BY seq",
        [numbers],
    ):
        leaves[number].append((seq, bytes(leaf)))
    heads = {
        row[0]: row[1:]
        for row in connection.execute(
            "SELECT b.number, b.n_entries, b.root, b.chained, b.sealed_at_us, b.signature,"
            " p.chained FROM foundation_ledgerbatch b"
            " LEFT JOIN foundation_ledgerbatch p ON p.number = b.number - 1"
            " WHERE b.number = ANY(%s)",
            [numbers],
        )
    }
    made = []
    for entry_id, seq, body, number in found:
        n_entries, root, chained, at_us, signature, previous = heads[number]
        members = leaves[number]
        place = next(n for n, (each, _) in enumerate(members) if each == seq)
        path = merkle_path([leaf for _, leaf in members], place)
        made.append(
            {
                "entry": entry_id,
                "seq": seq,
                "body": body,
                "leaf": leaf_hash(seq, body).hex(),
                "path": [[side, sibling.hex()] for side, sibling in path],
                "batch": number,
                "n_entries": n_entries,
                "root": bytes(root).hex(),
                "previous": bytes(previous or NO_BATCH).hex(),
                "chained": bytes(chained).hex(),
                "sealed_at_us": at_us,
                "signature": bytes(signature).hex(),
            }
        )
    return made


def holds(proof: dict[str, Any], seal_key: Ed25519PublicKey) -> bool:
    """Tell whether a proof leads from its entry to a head that this key has signed.

    Parameters
    ----------
    proof : dict
        As ``prove`` gives it, perhaps read from a file somebody else has sent.
    seal_key : Ed25519PublicKey
        From a source other than the proof.
    """
    try:
        leaf = leaf_hash(proof["seq"], proof["body"])
        path = [(str(side), bytes.fromhex(sibling)) for side, sibling in proof["path"]]
        root, number, n_entries = root_from_path(leaf, path), proof["batch"], proof["n_entries"]
        chained = chain_root(bytes.fromhex(proof["previous"]), root, number, n_entries)
        signed = head_text(number, n_entries, chained, proof["sealed_at_us"]).encode()
        seal_key.verify(bytes.fromhex(proof["signature"]), signed)
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return chained.hex() == proof.get("chained") and root.hex() == proof.get("root")
