"""The slow tests commit for real, as those of the shell do, and share their fixtures."""

from __future__ import annotations

import pytest

from entente.foundation.tests.shell.conftest import committed, superuser, write_and_seal

__all__ = ["committed", "long_ledger", "superuser"]


@pytest.fixture
def long_ledger(committed, noon, monkeypatch, tmp_path):
    """Ids of 120 entries in 8 batches, anchored."""
    from entente.foundation.ledger.anchors import anchor

    monkeypatch.setenv("ENTENTE_ANCHORS", str(tmp_path / "anchors.jsonl"))
    written = write_and_seal(committed, noon, n_batches=8, n_each=15)
    anchor(at=noon)
    return written
