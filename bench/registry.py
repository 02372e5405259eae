"""What it costs to load a registry of eight million rows, be killed on the way, and go on.

Run: python bench/registry.py [ROWS]            (default 8,000,000 rows of 329 columns, 9 GB)

A file in the layout of the NPPES full replacement file is generated. The peer in the same run is
PostgreSQL's own COPY of the same bytes into a table of 329 text columns, which checks, normalises,
searches and indexes nothing. Then `entente import nppes` runs as a user would run it, is killed
with SIGKILL half-way, and run again. Printed: rates and their ratio, peak memory of our process and
of the largest process of the database, and whether every row came in exactly once.
"""

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
from datetime import UTC, datetime
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="entente-bench-"))
for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "ENTENTE_ANCHORS"):
    os.environ.pop(name, None)
os.environ |= {"ENTENTE_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": "config.settings"}
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import django  # noqa: E402
import psycopg  # noqa: E402

from bench.inputs.registry_file import HEADER, write_registry_file  # noqa: E402
from entente.foundation.database import NAME, private_server  # noqa: E402

COMMAND = (sys.executable, "-m", "config.command", "import", "nppes")
# Rows after which the first run is killed: somewhere inside a part, past half of the file.
KILLED_AT = 0.53


class Watch:
    """Looks at the memory of the import and of the database while they work."""

    def __init__(self, server: Path) -> None:
        self.ours = self.theirs = 0
        self._server, self._pid = server, 0
        threading.Thread(target=self._look, daemon=True).start()

    def follow(self, pid: int) -> None:
        """Watch this process from now on."""
        self._pid = pid

    def _look(self) -> None:
        while True:
            try:
                if self._pid:
                    self.ours = max(self.ours, memory_of(self._pid))
                main = int((self._server / "postmaster.pid").read_text().split("\n", 1)[0])
                children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
                self.theirs = max([self.theirs, *(memory_of(int(pid)) for pid in children)])
            except (OSError, ValueError, IndexError):
                # A process that is just ending has no memory any more.
                pass
            time.sleep(0.5)


def memory_of(pid: int) -> int:
    """Give the bytes that are a process's own; buffers shared with others are not counted."""
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * int(status.split("RssAnon:", 1)[1].split(None, 1)[0])


def copied(path: Path) -> float:
    """Give the seconds that a plain COPY of the bytes takes; the table is dropped again."""
    with psycopg.connect(private_server().dsn(NAME), autocommit=True) as session:
        session.execute(
            f"CREATE TABLE peer ({', '.join(f'c{n} text' for n in range(len(HEADER)))})"
        )
        began = time.perf_counter()
        session.execute(f"COPY peer FROM '{path}' (FORMAT csv, HEADER)")
        took = time.perf_counter() - began
        session.execute("DROP TABLE peer")
    return took


def loaded() -> tuple[int, int]:
    """Give rows that loads say they have read, and the number of loads."""
    with psycopg.connect(private_server().dsn(NAME), autocommit=True) as session:
        return session.execute(
            "SELECT coalesce(sum(n_read), 0)::bigint, count(*) FROM directory_sourceload"
        ).fetchone()


def run_killed(path: Path, n_rows: int, watch: Watch) -> float:
    """Begin the import, kill it past half of the file, and give how long it ran."""
    began = time.perf_counter()
    running = subprocess.Popen([*COMMAND, str(path), "--json"], cwd=ROOT)
    watch.follow(running.pid)
    while running.poll() is None and loaded()[0] < KILLED_AT * n_rows:
        time.sleep(0.5)
    assert running.poll() is None, "it ended before it could be killed"
    time.sleep(3)
    running.send_signal(signal.SIGKILL)
    running.wait()
    return time.perf_counter() - began


def main() -> None:
    """Generate, copy, import, kill, import, count."""
    n_rows = int(sys.argv[1]) if len(sys.argv) > 1 else 8_000_000
    server = private_server()
    server.start()
    django.setup()
    from entente.foundation.administration import initialise
    from tests.cast import build_cast

    try:
        initialise()
        build_cast(datetime.now(UTC))
        path = HOME / "npidata.csv"
        n_people = write_registry_file(path, n_rows)
        print(f"{n_rows:,} rows, {path.stat().st_size / 1e9:.2f} GB, {n_people:,} people")
        peer = copied(path)
        rate = n_rows / peer
        print(f"peer: COPY of the same bytes              {peer:8.1f} s {rate:12,.0f} rows/s")
        watch = Watch(server.data)
        first = run_killed(path, n_rows, watch)
        n_kept, n_parts = loaded()
        print(
            f"killed after {first:.0f} s: {n_kept:,} rows in {n_parts} parts are kept", flush=True
        )
        began = time.perf_counter()
        running = subprocess.Popen(
            [*COMMAND, str(path), "--json"], cwd=ROOT, stdout=subprocess.PIPE
        )
        watch.follow(running.pid)
        told = json.loads(running.communicate()[0].splitlines()[-1])
        assert running.returncode == 0
        second = time.perf_counter() - began
        report(n_rows, n_people, n_kept, told, first + second, peer, watch)
    finally:
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def report(n_rows, n_people, n_kept, told, took, peer, watch) -> None:
    """Print rate, ratio and memory, and check that nothing is lost or there twice."""
    with psycopg.connect(private_server().dsn(NAME), autocommit=True) as session:
        people, organisations, sizes = session.execute(
            "SELECT (SELECT count(*) FROM directory_hcp), (SELECT count(*) FROM directory_hco),"
            " pg_size_pretty(pg_database_size(current_database()))"
        ).fetchone()
    print(f"import, killed once and gone on with      {took:8.1f} s {n_rows / took:12,.0f} rows/s")
    print(f"ratio to COPY                             {took / peer:8.1f} times its time")
    print(f"peak memory of the import                 {watch.ours / 1e9:8.2f} GB")
    print(f"peak own memory of a database process     {watch.theirs / 1e9:8.2f} GB")
    print(f"database                                  {sizes:>11}")
    assert told["read"] == n_rows - n_kept, told
    assert told["notes"]["rows_loaded_before"] == n_kept
    assert (people, organisations) == (n_people, n_rows - n_people), (people, organisations)
    print(f"{people:,} people and {organisations:,} organisations, each once: nothing lost")


if __name__ == "__main__":
    main()
