"""A throw-away PostgreSQL for the tests, started before Django reads its settings.

Loaded with ``-p entente.foundation.testing``. With ``DATABASE_URL`` set, a database of that
server is made for the run and dropped afterwards.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: Any, parser: Any, args: list[str]) -> None:
    """Start one server for the whole run; each worker of xdist gets a database of its own."""
    os.environ.pop("EMAIL_URL", None)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ["ENTENTE_DATABASE"] = name = f"entente_test_{worker}_{os.getpid()}"
    given = os.environ.get("DATABASE_URL")
    if not os.environ.get("ENTENTE_TEST_HOME"):
        home = Path(tempfile.mkdtemp(prefix="entente-test-"))
        os.environ["ENTENTE_TEST_HOME"] = str(home)
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        if not given:
            _start(home)
    os.environ["ENTENTE_HOME"] = os.environ["ENTENTE_TEST_HOME"]
    # Each worker's database has a ledger of its own, and so anchors of its own.
    os.environ["ENTENTE_ANCHORS"] = f"{os.environ['ENTENTE_HOME']}/anchors-{worker}.jsonl"
    if given:
        _scratch_database(given, name)


def _start(home: Path) -> None:
    from entente.foundation.embedded import Embedded

    server = Embedded(home / "postgres", durable=False)
    server.start()
    atexit.register(server.destroy)


def _scratch_database(given: str, name: str) -> None:
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))

    def drop() -> None:
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    atexit.register(drop)
