"""The hash tree that seals a batch of ledger entries."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LEAF, NODE, CHAIN = b"\x00", b"\x01", b"\x02"


def leaf_hash(seq: int, body: str) -> bytes:
    r"""Hash one entry with its place in the order.

    Examples
    --------
    >>> leaf_hash(1, "{}").hex()[:12]
    '9a1ae2a34507'
    """
    return hashlib.sha256(LEAF + f"{seq}\n{body}".encode()).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Fold leaves into one root; an odd node moves up unchanged.

    Parameters
    ----------
    leaves : sequence of bytes, each 32 long
        In order of sequence number; not empty.

    Raises
    ------
    ValueError
        If there is no leaf.

    Notes
    -----
    Leaves and nodes are hashed with different first bytes (RFC 6962, section 2.1), so
    that an inner node can never be passed off as an entry.
    """
    if not leaves:
        raise ValueError("a batch without entries has no root")
    level = list(leaves)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        folded = [hashlib.sha256(NODE + left + right).digest() for left, right in pairs]
        if len(level) % 2:
            folded.append(level[-1])
        level = folded
    return level[0]


def merkle_path(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """Give the sibling hashes that lead from one leaf to the root.

    Returns
    -------
    list of (side, hash)
        ``side`` is where the sibling stands, "left" or "right".
    """
    path: list[tuple[str, bytes]] = []
    level = list(leaves)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(("left" if sibling < index else "right", level[sibling]))
        folded = [
            hashlib.sha256(NODE + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        if len(level) % 2:
            folded.append(level[-1])
        level, index = folded, index // 2
    return path


def root_from_path(leaf: bytes, path: Sequence[tuple[str, bytes]]) -> bytes:
    """Recompute a root from a leaf and its path."""
    node = leaf
    for side, sibling in path:
        left, right = (sibling, node) if side == "left" else (node, sibling)
        node = hashlib.sha256(NODE + left + right).digest()
    return node


def chain_root(previous: bytes, root: bytes, number: int, n_entries: int) -> bytes:
    """Chain a batch root to the one before it."""
    head = f"{number}:{n_entries}:".encode()
    return hashlib.sha256(CHAIN + previous + head + root).digest()
