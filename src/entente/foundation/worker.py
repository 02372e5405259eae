"""The worker: delivers the outbox, seals the ledger, runs jobs; may be killed at any moment."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.db import close_old_connections, connection

from entente.foundation.database import conninfo
from entente.foundation.ledger.anchors import anchor
from entente.foundation.ledger.seal import seal
from entente.foundation.outbox.deliver import deliver_due
from entente.foundation.outbox.mailer import Mailer

log = logging.getLogger("entente.worker")
SEAL_EVERY_S = 1.0
ANCHOR_EVERY_S = 60.0
LOOK_EVERY_S = 2.0
STALLED_AFTER_S = 30


def now() -> datetime:
    """Give the present moment; the worker's door to the clock."""
    return datetime.now(UTC)


class Worker:
    """Threads that work until told to stop, each surviving the loss of the database."""

    def __init__(self, *, n_senders: int = 2, with_jobs: bool = True) -> None:
        self.stopping = threading.Event()
        self.woken = threading.Event()
        self._with_jobs = with_jobs
        self._threads = [
            threading.Thread(
                target=self._forever, args=(self._send,), name=f"sender-{n}", daemon=True
            )
            for n in range(n_senders)
        ]
        self._threads.append(
            threading.Thread(target=self._forever, args=(self._seal,), name="sealer", daemon=True)
        )
        self._threads.append(
            threading.Thread(
                target=self._forever, args=(self._listen,), name="listener", daemon=True
            )
        )

    def run(self) -> None:
        """Work until ``stop`` is called from a signal handler or another thread."""
        for thread in self._threads:
            thread.start()
        if self._with_jobs:
            self._forever(self._jobs)
        else:
            self.stopping.wait()
        for thread in self._threads:
            thread.join(timeout=10)

    def stop(self, *_: Any) -> None:
        """Finish what is under way and end."""
        self.stopping.set()
        self.woken.set()

    def _forever(self, work: Callable[[], None]) -> None:
        while not self.stopping.is_set():
            try:
                work()
            except Exception:
                # The database may be restarting; what was under way is taken up again.
                log.warning("%s starts again", threading.current_thread().name, exc_info=True)
                connection.close()
                self.stopping.wait(1.0)
        connection.close()

    def _send(self) -> None:
        mailer = Mailer()
        try:
            while not self.stopping.is_set():
                done = deliver_due(mailer, keep_on=lambda: not self.stopping.is_set())
                if not done:
                    self.woken.wait(LOOK_EVERY_S)
                    self.woken.clear()
                close_old_connections()
        finally:
            mailer.close()

    def _seal(self) -> None:
        next_anchor = now()
        while not self.stopping.is_set():
            while seal(at=now()):
                pass
            if now() >= next_anchor and anchor(at=now()) is not None:
                next_anchor = now() + timedelta(seconds=ANCHOR_EVERY_S)
            self.stopping.wait(SEAL_EVERY_S)

    def _listen(self) -> None:
        with psycopg.connect(conninfo(connection.settings_dict), autocommit=True) as listening:
            listening.execute("LISTEN entente_outbox")
            while not self.stopping.is_set():
                for _ in listening.notifies(timeout=2.0, stop_after=1):
                    self.woken.set()

    def _jobs(self) -> None:
        asyncio.run(self._run_jobs())

    async def _run_jobs(self) -> None:
        from procrastinate.contrib.django import app

        # ``app`` is Django's for deferring; a worker needs a connector of its own.
        working = app.with_connector(app.connector.get_worker_connector())
        async with working.open_async():
            running = asyncio.create_task(
                working.run_worker_async(
                    install_signal_handlers=False, listen_notify=True, concurrency=1
                )
            )
            next_look = 0.0
            while not self.stopping.is_set() and not running.done():
                if (clock := asyncio.get_running_loop().time()) >= next_look:
                    await self._take_up_stalled(working)
                    next_look = clock + STALLED_AFTER_S / 3
                await asyncio.sleep(0.2)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            if not self.stopping.is_set() and not running.cancelled():
                raise running.exception() or RuntimeError("the job runner ended")

    @staticmethod
    async def _take_up_stalled(working: Any) -> None:
        # A job whose worker died is done again: every job can be repeated.
        for job in await working.job_manager.get_stalled_jobs(
            seconds_since_heartbeat=STALLED_AFTER_S
        ):
            await working.job_manager.retry_job(job)
