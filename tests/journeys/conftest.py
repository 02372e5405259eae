"""The demo, started once as a newcomer would, and a browser to look at it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

BROWSER = next(
    (p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None
)
NO_BROWSER = "no browser: install one (Debian: apt-get install chromium) to run these tests"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Demo:
    """A running demo: what it printed, where it is, how each person signs in."""

    printed: str
    site: str
    home: Path
    links: dict[str, str]
    environment: dict[str, str]


def _environment(home: Path) -> dict[str, str]:
    kept = {
        n: v for n, v in os.environ.items() if not n.startswith(("ENTENTE_", "DATABASE_", "EMAIL_"))
    }
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "ENTENTE_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    """Give a port that nobody listens on, so that journeys can run side by side."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@pytest.fixture(scope="session")
def with_tables() -> Iterator[Path]:
    """A home whose private database has all its tables and nothing in them, stopped."""
    home = Path(tempfile.mkdtemp(prefix="entente-tables-"))
    for step in ("init", "stop"):
        subprocess.run(
            [sys.executable, "-m", "config.command", "db", step],
            env=_environment(home), check=True, capture_output=True,
        )  # fmt: skip
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def demo(request) -> Iterator[Demo]:
    """Run ``entente demo`` as a person does, until the tests are through; then Ctrl-C.

    A module that says ``FROM_NOTHING`` gets an empty machine; the others begin with the tables
    made, since making them takes longer than all else.
    """
    home = Path(tempfile.mkdtemp(prefix="entente-journey-"))
    if not getattr(request.module, "FROM_NOTHING", False):
        shutil.copytree(request.getfixturevalue("with_tables"), home, dirs_exist_ok=True)
    environment = _environment(home)
    running = subprocess.Popen(
        [sys.executable, "-m", "config.command", "demo", "--port", str(_free_port())],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
    )  # fmt: skip
    printed = ""
    assert running.stdout is not None
    for line in running.stdout:
        printed += line
        if line.startswith("Ctrl-C stops"):
            break
    else:
        pytest.fail(f"the demo ended early:\n{printed}")
    site = re.search(r"The site: (\S+)", printed).group(1)
    pairs = re.findall(r"^(.+): .+\n\s+(http\S+/demo/sign-in/\S+)$", printed, re.M)
    yield Demo(printed, site, home, dict(pairs), environment)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=60) is not None
    left = subprocess.run(["pgrep", "-f", str(home)], capture_output=True, text=True, check=False)
    shutil.rmtree(home, ignore_errors=True)
    assert left.stdout == "", "the demo left processes behind"


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A headless browser, or a skip that says how to get one.

    It ends with its module: while it is open its event loop runs in this process, and Django
    refuses the database to every test that comes after.
    """
    if BROWSER is None:
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield opened
        opened.close()
