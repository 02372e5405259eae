"""The private PostgreSQL: started once by many, up again after any crash, gone when destroyed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from entente.foundation.embedded import Embedded, EmbeddedError

START = (
    "import sys; from pathlib import Path; from entente.foundation.embedded import Embedded;"
    "import psycopg; server = Embedded(Path(sys.argv[1]), durable=False); server.start();"
    "print(psycopg.connect(server.dsn()).execute('SELECT pg_postmaster_start_time()').fetchone())"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Embedded(tmp_path_factory.mktemp("private") / "postgres", durable=False)
    yield made
    made.destroy()


def postmaster(server: Embedded) -> int:
    return int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])


@pytest.mark.promise("P35")
def test_many_processes_that_start_it_at_once_get_the_same_server(server):
    started = [
        subprocess.Popen([sys.executable, "-c", START, str(server.data)], stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    answers = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0] * 3
    assert len(set(answers)) == 1


@pytest.mark.promise("P36")
def test_it_starts_again_right_after_a_crash_with_clients_at_work(server):
    server.start()
    with psycopg.connect(server.dsn(), autocommit=True) as session:
        session.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        session.execute("INSERT INTO kept VALUES (1)")
        session.execute("CHECKPOINT")
        os.kill(postmaster(server), signal.SIGKILL)
        server.start()
    with psycopg.connect(server.dsn()) as session:
        assert session.execute("SELECT count(*) > 0 FROM kept").fetchone() == (True,)


def test_a_process_id_that_now_belongs_to_somebody_else_is_no_obstacle(server):
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n0\n5432\n")
    server.start()
    assert server.is_running()
    assert postmaster(server) != os.getpid()


def test_stopping_is_in_order_and_may_be_repeated(server):
    server.start()
    server.stop()
    assert not server.is_running()
    server.stop()


def test_it_listens_to_no_network(server):
    server.start()
    with psycopg.connect(server.dsn()) as session:
        assert session.execute("SHOW listen_addresses").fetchone() == ("",)
    assert server.socket.stat().st_mode & 0o077 == 0


def test_a_server_that_cannot_start_says_so_at_once_with_its_log(server):
    server.start()
    server.stop()
    begun = time.monotonic()
    with pytest.raises(EmbeddedError, match="shared_buffers"):
        Embedded(server.data, durable=False, options=("shared_buffers=nonsense",)).start()
    assert time.monotonic() - begun < 10


def test_destroying_it_leaves_neither_server_nor_data(server):
    server.start()
    server.destroy()
    assert not server.is_running()
    assert not server.data.exists()
    assert not server.socket.exists()
