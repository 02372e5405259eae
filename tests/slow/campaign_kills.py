"""Twenty rounds of kill -9 during a real campaign to 2,000 HCPs; prints what is left as JSON.

A process of its own, with the rooms' own actions, the site, the worker and a durable database.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from random import Random

import django

N_PEOPLE = 2_000
N_ROUNDS = 20
PATIENCE_S = 420


def main() -> None:
    """Build the world, launch, kill and restart, wait for rest, count."""
    from entente.foundation import keys
    from entente.foundation.database import private_server
    from entente.foundation.supervisor import Supervisor, free_port, web_command, worker_command

    random, server = Random(int(os.environ.get("ENTENTE_SEED", "20"))), private_server()
    server.start()
    mail_port = free_port(24_000)
    site_port = free_port(mail_port + 1)
    os.environ |= {"EMAIL_URL": f"smtp://127.0.0.1:{mail_port}", "ENTENTE_DEMO": "1"}
    django.setup()
    from django.db import connections

    from entente.demo.campaign import choose_and_launch
    from entente.demo.result import result_of

    cast, campaign_id = _build()
    running = Supervisor({})
    catcher = [sys.executable, "-m", "entente.demo.catcher", str(mail_port)]
    running.start("catcher", [*catcher, str(keys.home() / "mail")])
    running.await_port("catcher", mail_port)
    commands = {"worker": worker_command(), "web": web_command(site_port)}
    killed: Counter[str] = Counter()
    try:
        for name, command in commands.items():
            running.start(name, command, ENTENTE_PROCESS=name)
        choose_and_launch(cast, campaign_id, datetime.now(UTC))
        connections.close_all()
        for n in range(N_ROUNDS):
            _await_a_moment(random, mail_leaves=n >= N_ROUNDS // 2)
            victim = random.choices(["worker", "database", "web"], [50, 35, 15])[0]
            killed[victim] += 1
            if victim == "database":
                pid = int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])
                os.kill(pid, signal.SIGKILL)
                server.start()
            else:
                os.kill(running.pid(victim), signal.SIGKILL)
                running.start(victim, commands[victim], ENTENTE_PROCESS=victim)
        n_caught_while_killing = _n_caught()
        _await_rest(cast, campaign_id)
    finally:
        running.stop()
    result = result_of(cast, campaign_id)
    print(json.dumps(result.as_dict() | {
        "killed": killed, "caught_while_killing": n_caught_while_killing,
    }))  # fmt: skip
    connections.close_all()
    server.stop()


def _build():
    from entente.demo import campaign as joint
    from entente.demo.people import build_cast
    from entente.demo.registries import load_all
    from entente.foundation import keys
    from entente.foundation.administration import initialise

    initialise()
    at = datetime.now(UTC)
    cast = build_cast(at)
    for _ in load_all(cast, keys.home() / "world", data=None, at=at, n_people=N_PEOPLE):
        pass
    version_id = joint.write_and_review(cast, datetime.now(UTC))
    charter_id = joint.agree_on_charter(cast, datetime.now(UTC))
    return cast, joint.plan_and_fund(cast, charter_id, version_id, datetime.now(UTC))


def _n_caught() -> int:
    from entente.foundation import keys

    return len(list((keys.home() / "mail").glob("*.eml")))


def _await_a_moment(random: Random, *, mail_leaves: bool) -> None:
    # Half of the kills come after some seconds, while the campaign is asked about; the other half
    # after some mails more, so that however slow the machine is they come while mail leaves.
    n_mails = _n_caught() + random.randint(3, 40)
    until = time.monotonic() + (120 if mail_leaves else random.uniform(0.5, 5.0))
    while time.monotonic() < until and _n_caught() < n_mails:
        time.sleep(0.02)


def _await_rest(cast, campaign_id) -> None:
    from entente.engagement.reads.sends import counts_by_status
    from entente.foundation.access.scope import act_as

    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with act_as(cast.system()):
            counts = counts_by_status(campaign_id)
        if sum(counts.values()) == N_PEOPLE and not counts.get("queued"):
            return
        time.sleep(1)


if __name__ == "__main__":
    main()
