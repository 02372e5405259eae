"""A world whose processes may be killed: PostgreSQL, a worker, the site, and a mail catcher.

Its topic stands in for a room: 2,000 letters, one recipient each, some held back by the
gate, some refused by the server, some taken by a server that never answers.

Run as a program, it is the worker (``worker``) or the catcher (``catcher PORT FILE``).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import UUID

TOPIC = "tests.campaign"
N_RECIPIENTS = 2_000
ACCEPTING_S = 0.04


def fate(n: int) -> str:
    """Give what is to become of a recipient's letter."""
    if n % 10 == 3:
        return "withheld"
    return {1: "refused", 2: "later", 7: "unanswered"}.get(n % 50, "delivered")


def prepare(message: Any, at: datetime) -> Any:
    """Compose a letter, unless the gate holds it back."""
    from django.core.mail import EmailMessage

    from entente.foundation.outbox import Prepared, Withheld

    n = UUID(str(message.object_id)).int & 0xFFFF
    if fate(n) == "withheld":
        return Withheld("held back by PG-001")
    return Prepared(EmailMessage(subject=f"Letter {n}", body="text", to=[f"hcp{n}@clinic.test"]))


def settled(message: Any, at: datetime) -> None:
    """Record the outcome, as a room does; the message itself is record enough here."""


def work() -> None:
    """Be the worker, with leases short enough for a test."""
    os.environ["ENTENTE_PROCESS"] = "worker"
    import django

    django.setup()
    from django.conf import settings

    from entente.foundation import outbox
    from entente.foundation.outbox import deliver
    from entente.foundation.worker import Worker

    settings.EMAIL_TIMEOUT = 10
    deliver.LEASE = timedelta(seconds=40)
    outbox.register(TOPIC, outbox.Topic(prepare=prepare, settled=settled))
    worker = Worker(n_senders=2, with_jobs=False)
    signal.signal(signal.SIGTERM, worker.stop)
    worker.run()


class Catcher:
    """Accepts mail into a file, one recipient a line, on disk before it answers."""

    def __init__(self, kept: Path) -> None:
        self.kept = kept.open("a")
        self.seen: set[str] = set()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Refuse some for good and some for now."""
        mine = fate(int(address.split("@", maxsplit=1)[0].removeprefix("hcp")))
        if mine == "refused":
            return "550 no such person"
        if mine == "later" and address not in self.seen:
            self.seen.add(address)
            return "451 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the letter, then answer, or hang up as a crashing server would."""
        (address,) = envelope.rcpt_tos
        message_id = message_from_bytes(envelope.content)["Message-ID"]
        self.kept.write(f"{address} {message_id}\n")
        self.kept.flush()
        await asyncio.sleep(ACCEPTING_S)
        if fate(int(address.split("@")[0].removeprefix("hcp"))) == "unanswered":
            server.transport.abort()
        return "250 OK"


def catch(port: int, kept: Path) -> None:
    """Be the mail server until ended."""
    from aiosmtpd.controller import Controller

    controller = Controller(Catcher(kept), hostname="127.0.0.1", port=port)
    controller.start()
    with suppress(KeyboardInterrupt):
        signal.pause()
    controller.stop()


def write_campaign(org_id: UUID) -> None:
    """Write all letters with one act, as a launch does."""
    from entente.foundation import ledger, outbox
    from entente.foundation.access.scope import act_as
    from entente.foundation.models import OutboxMessage
    from entente.foundation.organisations import system_scope

    at = datetime.now(UTC)
    base = UUID("018f0000-0000-7000-8000-000000000000").int
    recipients = [UUID(int=base + n) for n in range(N_RECIPIENTS)]
    with act_as(system_scope(org_id, is_host=True, name="tests")):
        outbox.post_many(
            OutboxMessage.Kind.EMAIL, TOPIC, object_kind="tests.letter",
            object_ids=recipients, at=at,
        )  # fmt: skip
        ledger.append_many(
            [ledger.Entry("tests.letter.requested", "tests.letter", who) for who in recipients],
            at=at,
        )


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        work()
    else:
        catch(int(sys.argv[2]), Path(sys.argv[3]))
