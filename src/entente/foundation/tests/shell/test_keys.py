"""Keys: one root secret, never half-written, never short; one key per purpose."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from entente.foundation import keys

READ = "from entente.foundation import keys; print(keys.key_text('race'))"


def test_every_purpose_has_its_own_key(fresh_keys):
    purposes = [
        "ledger.mac",
        "ledger.seal",
        "ledger.anchor",
        "ledger.person",
        "signature",
        "a",
        "b",
    ]
    assert len({keys.key(purpose) for purpose in purposes}) == len(purposes)
    assert {len(keys.key(purpose)) for purpose in purposes} == {32}
    assert keys.key("a") == keys.key("a")


@pytest.mark.promise("P34")
def test_the_secret_is_readable_by_its_owner_only(fresh_keys):
    keys.key("a")
    kept = keys.home() / "secret"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(kept.read_text()) >= 48
    assert [path.name for path in keys.home().iterdir()] == ["secret"]


def test_processes_that_start_together_share_one_secret(fresh_keys):
    started = [
        subprocess.Popen([sys.executable, "-c", READ], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    answers = {process.communicate()[0] for process in started}
    assert len(answers) == 1
    assert len(answers.pop().strip()) == 43


def test_an_empty_or_short_secret_is_refused_with_its_place(fresh_keys, monkeypatch):
    kept = keys.home() / "secret"
    kept.parent.mkdir(parents=True)
    kept.write_text("")
    with pytest.raises(keys.WeakSecret, match=str(kept)):
        keys.key("a")
    monkeypatch.setenv("ENTENTE_SECRET", "short")
    with pytest.raises(keys.WeakSecret, match="ENTENTE_SECRET"):
        keys.key("a")


def test_a_secret_from_the_environment_leaves_no_file(fresh_keys, monkeypatch, tmp_path):
    monkeypatch.setenv("ENTENTE_SECRET", "s" * 40)
    keys.key("a")
    assert not Path(tmp_path / "home").exists()
