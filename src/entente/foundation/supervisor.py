"""Start the processes of an installation together and stop them together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from entente.foundation import keys


def end_in_order() -> None:
    """Let Ctrl-C and a request to end from outside both stop what was started.

    A shell that runs a command in the background makes it ignore Ctrl-C; without this the
    command could then be ended only in a way that leaves its children behind.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


_MOST_WORKERS = 4


class NotStarted(RuntimeError):
    """A process ended before it was ready; the text names its log."""


class Supervisor:
    """Holds child processes and ends those, and only those, that it started."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], **environment: str) -> None:
        """Start a process; its output goes to a log file in the installation's folder.

        Under the name of one that was killed, it takes that one's place: what that one had
        started, and still holds its port, ends first.
        """
        former = self._children.get(name)
        if former is not None and former.returncode is None:
            # Not waited for yet, so that its number cannot be anybody else's by now.
            _end_group(former)
        logs = keys.home() / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log:
            self._children[name] = subprocess.Popen(  # noqa: S603
                command,
                env={**self._environment, **environment},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def pid(self, name: str) -> int:
        """Give the process id of a child."""
        return self._children[name].pid

    def await_port(self, name: str, port: int, *, wait_s: float = 60.0) -> None:
        """Wait until a child answers on a port of this machine.

        Raises
        ------
        NotStarted
        """
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline:
            if self._children[name].poll() is not None:
                break
            with socket.socket() as probe:
                probe.settimeout(0.5)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise NotStarted(f"{name} did not start; see {keys.home() / 'logs' / (name + '.log')}")

    def ended(self) -> str | None:
        """Give the name of a child that has ended, if any."""
        return next((n for n, child in self._children.items() if child.poll() is not None), None)

    def stop(self) -> None:
        """Ask every child to end, and end it if it does not."""
        for child in self._children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 12
        for child in self._children.values():
            try:
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _end_group(child)
        self._children.clear()


def _end_group(child: subprocess.Popen[bytes]) -> None:
    # Each child leads a group of its own: what it has started ends with it.
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def web_command(port: int) -> list[str]:
    """Give the command that serves the site: a process per core, a few threads in each."""
    n_workers = os.environ.get("ENTENTE_WEB_WORKERS") or str(
        min(os.cpu_count() or 1, _MOST_WORKERS)
    )
    return [
        sys.executable, "-m", "gunicorn", "config.wsgi:application",
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", n_workers, "--threads", "4", "--timeout", "60", "--no-control-socket",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """Give the command that runs the worker."""
    return [sys.executable, "-m", "config.command", "worker"]


def is_free(port: int) -> bool:
    """Tell whether nothing listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wanted: int) -> int:
    """Give the wanted port, or the next one that nothing listens on."""
    return next(port for port in range(wanted, wanted + 200) if is_free(port))


def log_folder() -> Path:
    """Give the folder of the processes' logs."""
    return keys.home() / "logs"
