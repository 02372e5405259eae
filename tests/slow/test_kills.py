"""Processes are killed at any moment: nothing is lost, nothing goes out twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random

import psycopg
import pytest

from entente.foundation.embedded import Embedded
from tests.slow.outbox_world import N_RECIPIENTS, fate

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "ENTENTE_DATABASE",
        "ENTENTE_ANCHORS", "ENTENTE_SECRET", "EMAIL_URL")  # fmt: skip


@pytest.fixture(scope="module")
def aftermath():
    """What is left of a campaign after twenty kills, in an installation of its own."""
    home = Path(tempfile.mkdtemp(prefix="entente-kills-"))
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    environment |= {
        "ENTENTE_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    try:
        told = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("kill_rounds.py"))],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr[-3_000:]
        yield json.loads(told.stdout.splitlines()[-1])
    finally:
        Embedded(home / "postgres").destroy()
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.promise("P15")
def test_every_recipient_got_exactly_one_letter_or_one_marked_unknown_and_never_two(aftermath):
    copies = Counter(n for n, _ in aftermath["caught"])
    wrong = []
    for n in range(N_RECIPIENTS):
        state, n_copies = aftermath["states"][str(n)], copies[n]
        well = (state == "done" and n_copies == 1) or (state == "parked" and n_copies <= 1)
        if fate(n) in {"delivered", "later", "unanswered"} and not well:
            wrong.append((n, fate(n), state, n_copies))
    assert wrong == []


@pytest.mark.promise("P14")
@pytest.mark.promise("P15")
def test_nobody_refused_or_held_back_got_a_letter(aftermath):
    copies = Counter(n for n, _ in aftermath["caught"])
    held = [n for n in range(N_RECIPIENTS) if fate(n) in {"withheld", "refused"}]
    assert [n for n in held if copies[n]] == []
    assert {aftermath["states"][str(n)] for n in held if fate(n) == "withheld"} == {"withheld"}
    # A sender killed in the moment of a refusal cannot say that it was one.
    refused = Counter(aftermath["states"][str(n)] for n in held if fate(n) == "refused")
    assert set(refused) <= {"refused", "parked"}
    assert refused["refused"] > refused["parked"]


@pytest.mark.promise("P15")
def test_every_letter_carries_the_id_that_was_known_when_it_was_written(aftermath):
    assert [
        (n, message_id)
        for n, message_id in aftermath["caught"]
        if aftermath["ids"][str(n)] != message_id
    ] == []


@pytest.mark.promise("P15")
def test_no_more_is_parked_than_was_killed_or_never_answered(aftermath):
    parked = [n for n in range(N_RECIPIENTS) if aftermath["states"][str(n)] == "parked"]
    unanswered = [n for n in range(N_RECIPIENTS) if fate(n) == "unanswered"]
    n_senders, kills = 2, sum(aftermath["killed"].values())
    print(f"parked {aftermath['parked_because']}, killed {aftermath['killed']}")
    assert len(set(parked) - set(unanswered)) <= kills * n_senders


@pytest.mark.promise("P6")
@pytest.mark.promise("P7")
def test_the_ledger_verifies_and_holds_one_outcome_per_letter(aftermath):
    assert aftermath["ledger_faults"] == []
    assert aftermath["settled_once"] is True
    assert aftermath["n_entries"] >= 2 * N_RECIPIENTS


@pytest.mark.promise("P35")
def test_the_kills_happened_during_the_campaign_and_the_site_is_back(aftermath):
    assert sum(aftermath["killed"].values()) == 20
    assert set(aftermath["killed"]) == {"worker", "postgres", "site"}
    assert aftermath["caught_while_killing"] > 100
    assert aftermath["site"] == 200


@pytest.mark.promise("P36")
def test_what_four_writers_were_told_is_kept_survives_twenty_kills_of_the_database(tmp_path):
    server, random = Embedded(tmp_path / "postgres"), Random(36)
    acknowledged: list[list[int]] = [[] for _ in range(4)]
    stop = threading.Event()

    def write(writer: int) -> None:
        n = writer
        while not stop.is_set():
            try:
                with psycopg.connect(server.dsn(), connect_timeout=2) as session:
                    while not stop.is_set():
                        session.execute("INSERT INTO kept VALUES (%s)", [n])
                        session.commit()
                        acknowledged[writer].append(n)
                        n += 4
            except psycopg.Error:
                # Whether the last one is kept is not known: it is never written again.
                n += 4
                time.sleep(0.05)

    server.start()
    try:
        with psycopg.connect(server.dsn()) as session:
            session.execute("CREATE TABLE kept (n bigint PRIMARY KEY)")
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                assert session.execute(f"SHOW {setting}").fetchone() == ("on",)
        writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        for thread in writers:
            thread.start()
        for _ in range(20):
            time.sleep(random.uniform(0.2, 1.0))
            pid = int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, signal.SIGKILL)
            server.start()
        time.sleep(0.5)
        stop.set()
        for thread in writers:
            thread.join()
        with psycopg.connect(server.dsn()) as session:
            kept = {n for (n,) in session.execute("SELECT n FROM kept").fetchall()}
    finally:
        stop.set()
        server.destroy()
    lost = {n for told in acknowledged for n in told} - kept
    assert lost == set()
    assert all(len(told) > 100 for told in acknowledged)
