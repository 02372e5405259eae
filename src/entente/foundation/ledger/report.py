"""What a verification trusts, and what it reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


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

    def blame(
        self, kind: str, where: str, seq: int | None = None, entry_id: str | None = None
    ) -> None:
        """Add a fault."""
        self.faults.append(Fault(kind, where, seq, entry_id))


@dataclass(frozen=True)
class Trust:
    """What the verifier brings along: the keys, and the anchors kept outside.

    Parameters
    ----------
    mac_key : bytes
    seal_key, anchor_key : Ed25519PublicKey
    anchors : sequence of dict
        Oldest first, as ``ledger.anchors.read_anchors`` gives them.
    """

    mac_key: bytes
    seal_key: Ed25519PublicKey
    anchor_key: Ed25519PublicKey
    anchors: Sequence[dict[str, Any]]
