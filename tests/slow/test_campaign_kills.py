"""A campaign to 2,000 HCPs while worker, site and database are killed twenty times."""

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
from tests.slow.campaign_kills import N_PEOPLE, N_ROUNDS
from tests.slow.test_kills import OURS, ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def aftermath():
    """What is left of the campaign, in an installation of its own."""
    home = Path(tempfile.mkdtemp(prefix="entente-campaign-kills-"))
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    kept |= {
        "ENTENTE_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    try:
        told = subprocess.run(
            [sys.executable, "-m", "tests.slow.campaign_kills"],
            env=kept, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr[-3_000:]
        yield json.loads(told.stdout.splitlines()[-1])
    finally:
        Embedded(home / "postgres").destroy()
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.promise("P15")
@pytest.mark.promise("P36")
def test_every_hcp_is_asked_for_exactly_once_however_often_processes_die(aftermath):
    assert sum(aftermath["killed"].values()) == N_ROUNDS
    assert aftermath["audience"] == N_PEOPLE


@pytest.mark.promise("P15")
@pytest.mark.feature("alliances/joint-campaigns")
def test_permitted_hcps_got_one_mail_or_one_marked_unknown_and_refused_ones_none(aftermath):
    assert aftermath["troubles"] == []
    assert aftermath["sent"] <= aftermath["caught"] <= aftermath["outcomes"]["PERMIT"]


def test_the_kills_came_while_mail_was_leaving(aftermath):
    assert 0 < aftermath["caught_while_killing"] < aftermath["caught"]
