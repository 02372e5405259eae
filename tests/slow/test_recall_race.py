"""A recall in the middle of a campaign: from its moment nothing of it leaves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from entente.foundation.embedded import Embedded
from tests.slow.recall_race import N_ITEMS, N_LINKS_EACH, N_ON_WEB, N_SENDS
from tests.slow.test_kills import OURS, ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seen():
    """What a recall in the middle of 5,000 deliveries left behind, in a world of its own."""
    home = Path(tempfile.mkdtemp(prefix="entente-recall-"))
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    kept |= {
        "ENTENTE_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    try:
        told = subprocess.run(
            [sys.executable, "-m", "tests.slow.recall_race"],
            env=kept, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr[-3_000:]
        found = json.loads(told.stdout.splitlines()[-1])
        print(f"\n{found}")
        yield found
    finally:
        Embedded(home / "postgres").destroy()
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.feature("content/content-metadata")
def test_no_mail_leaves_after_the_recall_was_decided(seen):
    assert seen["queued"] == {"queued": N_SENDS}
    assert seen["late"] == 0
    assert 200 < seen["caught"] < N_SENDS


@pytest.mark.feature("content/hosted-pages")
def test_every_live_link_answers_gone_from_the_moment_of_the_recall(seen):
    n_links = N_ON_WEB * (1 + N_LINKS_EACH)
    assert seen["links_before"] == {"200": n_links}
    assert seen["links_after"] == {"410": n_links}


def test_every_send_ended_sent_or_withheld_and_the_recall_knows_it(seen):
    assert seen["states"] == {"sent": seen["caught"], "withheld": N_SENDS - seen["caught"]}
    assert seen["versions"] == N_ITEMS
    assert seen["copies_out"] == 0
    assert seen["closed"]
