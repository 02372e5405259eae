"""A thousand intrusions by a superuser are each named; nothing else raises an alarm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import product
from random import Random

import psycopg
import pytest

from entente.foundation import administration
from entente.foundation.administration import _target, back_up, restore
from entente.foundation.database import private_server
from entente.foundation.ledger.trust import own_trust
from entente.foundation.ledger.verify import verify
from entente.foundation.models import new_id
from entente.foundation.tests.shell import ledger_attacks as attacks

pytestmark = pytest.mark.slow

N_ATTACKS = 1_000
ZONES = ["UTC", "Asia/Kolkata", "America/New_York", "Pacific/Apia", "America/St_Johns"]
ENCODINGS = ["UTF8", "LATIN1", "WIN1252"]


@pytest.mark.promise("P7")
@pytest.mark.promise("P8")
def test_every_one_of_a_thousand_intrusions_is_named(superuser, long_ledger):
    trust, unseen, misnamed, done = own_trust(), [], [], dict.fromkeys(names(), 0)
    seqs = [
        seq
        for (seq,) in superuser.execute(
            "SELECT seq FROM foundation_ledgerentry WHERE entry_id = ANY(%s) ORDER BY seq",
            [long_ledger],
        ).fetchall()
    ]
    superuser.rollback()
    for n in range(N_ATTACKS):
        random = Random(n)
        attack = random.choice([*attacks.ON_ENTRIES, *attacks.ON_BATCHES])
        touched = attack(attacks.Attack(superuser, seqs, random))
        report = verify(superuser, trust)
        superuser.rollback()
        done[attack.__name__] += 1
        if report.sound:
            unseen.append((n, attack.__name__))
        elif attack in attacks.ON_ENTRIES and touched not in {f.seq for f in report.faults}:
            misnamed.append((n, attack.__name__, touched, report.faults[:3]))
    assert (unseen, misnamed) == ([], [])
    assert min(done.values()) > 0
    assert verify(superuser, trust).sound


def names() -> list[str]:
    return [attack.__name__ for attack in [*attacks.ON_ENTRIES, *attacks.ON_BATCHES]]


@pytest.mark.promise("P7")
@pytest.mark.parametrize(("zone", "encoding"), list(product(ZONES, ENCODINGS)))
def test_no_zone_and_no_encoding_raises_a_false_alarm(superuser, long_ledger, zone, encoding):
    superuser.execute(f"SET timezone = '{zone}'")
    superuser.execute(f"SET client_encoding = '{encoding}'")
    report = verify(superuser, own_trust())
    assert report.sound, report.faults
    assert report.n_entries >= len(long_ledger)


@pytest.mark.promise("P7")
@pytest.mark.parametrize("locale", ["C", "C.utf8", "POSIX"])
def test_the_command_raises_no_false_alarm_in_any_locale(long_ledger, locale):
    told = subprocess.run(
        [sys.executable, "-m", "config.command", "ledger", "verify", "--json"],
        env={**os.environ, "LC_ALL": locale, "TZ": "Asia/Kathmandu", "PGTZ": "Asia/Tokyo"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    assert json.loads(told.stdout)["sound"] is True


@pytest.mark.promise("P7")
@pytest.mark.promise("P29")
def test_dumping_and_restoring_twice_raises_no_false_alarm(long_ledger, tmp_path, monkeypatch):
    if os.environ.get("DATABASE_URL"):
        pytest.skip("restores into further databases of the private server; unset DATABASE_URL")
    made = []
    try:
        for turn in range(2):
            kept = tmp_path / f"{turn}.dump"
            back_up(kept)
            made.append(f"entente_restored_{new_id().hex}")
            monkeypatch.setattr(administration, "NAME", made[-1])
            restore(kept)
            with psycopg.connect(_target()) as session:
                report = verify(session, own_trust())
            assert report.sound, report.faults
            assert report.n_entries >= len(long_ledger)
    finally:
        with psycopg.connect(private_server().dsn(), autocommit=True) as session:
            for name in made:
                session.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
