"""Twenty rounds of kill -9 against a campaign under way; prints what is left as JSON.

A process of its own, so that its PostgreSQL is durable and nobody else's.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.error import URLError
from urllib.request import urlopen

import django

N_ROUNDS = 20
WORLD = str(Path(__file__).with_name("outbox_world.py"))
PATIENCE_S = 240


def main() -> None:
    """Build the world, deliver and kill, then wait for rest and count."""
    from entente.foundation.database import private_server
    from entente.foundation.supervisor import Supervisor, free_port, web_command

    random, server = Random(int(os.environ.get("ENTENTE_SEED", "36"))), private_server()
    server.start()
    mail_port = free_port(20_000 + os.getpid() % 10_000)
    site_port = free_port(mail_port + 1)
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{mail_port}"
    django.setup()
    from django.db import connection

    from entente.foundation.administration import initialise
    from entente.foundation.organisations import found_host
    from tests.slow.outbox_world import write_campaign

    initialise()
    host = found_host(name="Halden Pharma", country="US", time_zone="UTC", at=datetime.now(UTC))
    write_campaign(host.id)
    connection.close()

    kept = Path(os.environ["ENTENTE_HOME"]) / "caught"
    running = Supervisor({"ENTENTE_PROCESS": "command"})
    commands = {
        "worker": [sys.executable, WORLD, "worker"],
        "site": web_command(site_port),
    }
    try:
        running.start("catcher", [sys.executable, WORLD, "catcher", str(mail_port), str(kept)])
        running.await_port("catcher", mail_port)
        for name, command in commands.items():
            running.start(name, command, ENTENTE_PROCESS="web" if name == "site" else "worker")
        running.await_port("site", site_port)
        killed = Counter()
        for _ in range(N_ROUNDS):
            time.sleep(random.uniform(1.0, 6.0))
            victim = random.choices(["worker", "postgres", "site"], [50, 35, 15])[0]
            killed[victim] += 1
            if victim == "postgres":
                _kill_postgres(server)
            else:
                os.kill(running.pid(victim), signal.SIGKILL)
                running.start(
                    victim, commands[victim],
                    ENTENTE_PROCESS="web" if victim == "site" else "worker",
                )  # fmt: skip
        n_before_rest = len(_caught(kept))
        _await_rest()
        answer = _answer_of(site_port)
    finally:
        running.stop()
    print(json.dumps(_count(kept) | {
        "killed": killed, "site": answer, "caught_while_killing": n_before_rest,
    }))  # fmt: skip
    connection.close()
    server.stop()


def _kill_postgres(server: object) -> None:
    pid = int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(pid, signal.SIGKILL)
    server.start()


def _await_rest() -> None:
    from entente.foundation.outbox.status import status

    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and status()["pending"]:
        time.sleep(1)


def _answer_of(port: int) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(URLError, OSError):
            return int(urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=10).status)
        time.sleep(0.5)
    return 0


def _caught(kept: Path) -> list[tuple[int, str]]:
    lines = kept.read_text().splitlines() if kept.exists() else []
    pairs = [line.split(" ", 1) for line in lines]
    return [(int(to.split("@")[0].removeprefix("hcp")), message_id) for to, message_id in pairs]


def _count(kept: Path) -> dict[str, object]:
    from entente.foundation.access.scope import act_as
    from entente.foundation.ledger.anchors import anchor
    from entente.foundation.ledger.seal import seal
    from entente.foundation.ledger.trust import own_trust, reading_connection
    from entente.foundation.ledger.verify import verify
    from entente.foundation.models import LedgerEntry, OutboxMessage
    from entente.foundation.organisations import host, system_scope
    from tests.slow.outbox_world import TOPIC

    while seal(at=datetime.now(UTC)):
        pass
    anchor(at=datetime.now(UTC))
    with reading_connection() as session:
        report = verify(session, own_trust())
    with act_as(system_scope(host().id, is_host=True, name="tests")):
        reasons = Counter(
            OutboxMessage.objects.filter(topic=TOPIC, state="parked").values_list(
                "outcome", flat=True
            )
        )
        messages = {
            m.object_id.int & 0xFFFF: (m.state, m.message_id)
            for m in OutboxMessage.objects.filter(topic=TOPIC)
        }
        verbs = Counter(
            LedgerEntry.objects.filter(object_kind="tests.letter")
            .exclude(verb="tests.letter.requested")
            .values_list("object_id", flat=True)
        )
    return {
        "states": {n: state for n, (state, _) in messages.items()},
        "ids": {n: message_id for n, (_, message_id) in messages.items()},
        "caught": _caught(kept),
        "parked_because": reasons,
        "settled_once": set(verbs.values()) == {1} and len(verbs) == len(messages),
        "ledger_faults": [fault.where for fault in report.faults],
        "n_entries": report.n_entries,
    }


if __name__ == "__main__":
    main()
