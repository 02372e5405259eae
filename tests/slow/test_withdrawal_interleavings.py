"""Nothing leaves after a withdrawal is committed, in whatever order the steps happen.

Thousands of random interleavings of asking for a send, claiming it, asking the gate, handing it
over, withdrawing, joining records and parting them, each played by threads with connections of
their own against PostgreSQL and a mail server on a real socket.

"Leaves after" means: the mail server first heard of the message (its MAIL FROM) after COMMIT of
the withdrawal had returned to whoever withdrew, both read from one clock that only goes forward.
The stricter reading is checked as well: that the server had not all of the text yet by then.
"""

from __future__ import annotations

import os
import socket
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

import pytest
import time_machine
from django.db import connection
from django.test import override_settings

from entente.engagement.actions import deliver_send
from entente.foundation.outbox import deliver
from entente.policy.reads import Decision
from tests.cast import Cast
from tests.slow import interleavings as plays
from tests.slow.interleaving_run import (
    Stage,
    drain,
    outcomes,
    settle_stops,
    standing_between,
)
from tests.slow.interleaving_world import build_world

pytestmark = pytest.mark.slow
# All, or others: ENTENTE_INTERLEAVINGS=2000 ENTENTE_INTERLEAVINGS_FROM=5000.
N_PLANS = int(os.environ.get("ENTENTE_INTERLEAVINGS", "400"))
FIRST = int(os.environ.get("ENTENTE_INTERLEAVINGS_FROM", "0"))
N_BROKEN, N_OF_ONE_PLAN = 60, 12
# In the morning of the recipients, whatever the hour here.
MORNING = datetime(2026, 11, 20, 16, tzinfo=UTC)


def played(cast, seeds, *, name, plan=None):
    """Play plans, let a worker come by in the end, and give what they left behind.

    ``plan``: the one to play with each people, in place of a random one.
    """
    world, lives = build_world(cast, seeds, name=name), {}
    with standing_between(), Stage(world) as stage:
        for n, seed in enumerate(seeds, start=1):
            lives[seed] = stage.play(seed, plan or plays.plan_of(seed))
            if n % 100 == 0:
                drain()
    drain()
    settle_stops(list(lives.values()))
    return lives


@dataclass(frozen=True)
class Seen:
    """What all plans left behind, with what the mail server got."""

    lives: dict
    arrivals: dict
    ended: dict


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker):
    """Play all plans once, and say what they were."""
    with django_db_blocker.unblock(), mail_server() as ear, time_machine.travel(MORNING, tick=True):
        started = perf_counter()
        lives = played(Cast.found(), range(FIRST, FIRST + N_PLANS), name="Order")
        made = Seen(lives, ear.arrivals, outcomes(list(lives.values())))
        print(f"\n{N_PLANS} plans in {perf_counter() - started:.0f} s")
        yield made
        connection.close()


@contextmanager
def mail_server():
    """Listen on a real socket, and send mail there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller, ear = plays.listening(port)
    try:
        with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_TIMEOUT=5):
            yield ear
    finally:
        controller.stop()


@pytest.mark.promise("P14")
def test_nothing_leaves_after_a_withdrawal_is_committed_in_any_order_of_steps(seen):
    late = plays.violations(seen.lives, seen.arrivals)
    assert not late, [f"{each}: {seen.lives[each.seed].plan}" for each in late[:5]]
    # Nor was any of it still under way: whoever withdraws waits for what is being handed over.
    unfinished = plays.violations(seen.lives, seen.arrivals, whole=True)
    assert not unfinished, [f"{each}: {seen.lives[each.seed].plan}" for each in unfinished[:5]]


@pytest.mark.promise("P14")
def test_withdrawals_came_between_all_steps_of_a_send(seen):
    between = plays.times_between(seen.lives.values(), seen.arrivals)
    hows = Counter(life.plan.withdraws[0] for life in seen.lives.values() if life.plan.withdraws)
    waits, refused = (
        sum((Counter(getattr(life, name)) for life in seen.lives.values()), Counter())
        for name in ("waits", "refused")
    )
    n_joined = sum(bool(life.links) for life in seen.lives.values())
    n_parted = sum(any(x.to_at for x in life.links) for life in seen.lives.values())
    print(f"\nwithdrawn {dict(hows)}\nbetween {between}\njoined in {n_joined}, parted in {n_parted}"
          f"\nwaited for a lock {dict(waits)}\nnot queued {dict(refused)}")  # fmt: skip
    assert set(hows) == set(plays.HOWS)
    assert all(n >= N_PLANS // 50 for n in between.values())
    # Whoever withdraws between the gate and the hand-over always has to wait.
    assert between["gate_hand_over_asked"] == between["gate_hand_over_waited"]


@pytest.mark.promise("P15")
def test_every_queued_send_ends_sent_once_or_withheld(seen):
    letters = [x for life in seen.lives.values() for x in life.letters if x.message_id]
    states = Counter(seen.ended[letter.message_id][:2] for letter in letters)
    print(f"\n{len(letters)} queued: {dict(states)}")
    assert set(states) == {("done", "sent"), ("withheld", "withheld")}
    assert set(seen.arrivals) == {m for m, (state, *_) in seen.ended.items() if state == "done"}
    assert all(len(arrived) == 1 for arrived in seen.arrivals.values())


def test_sends_that_nobody_stopped_do_leave(seen):
    undisturbed = [
        letter
        for life in seen.lives.values()
        if not life.stops and not life.links
        for letter in life.letters
    ]
    assert len(undisturbed) >= N_PLANS // 100
    assert all(letter.message_id in seen.arrivals for letter in undisturbed)
    assert len(seen.arrivals) > N_PLANS // 2


def _permitting(monkeypatch):
    plain = deliver_send.decide

    def permit(*args, **kwargs):
        decision = plain(*args, **kwargs)
        decision.outcome = Decision.Outcome.PERMIT
        return decision

    monkeypatch.setattr(deliver_send, "decide", permit)


def _letting_go(monkeypatch):
    monkeypatch.setattr(deliver, "hold", lambda *keys: None)


def _asking_as_of_before_the_wait(monkeypatch):
    plain = deliver._guarded

    def early(message, clock):
        at, found = clock(), plain(message, clock)
        return found and (found[0], at)

    monkeypatch.setattr(deliver, "_guarded", early)


def _guarding_one_record(monkeypatch):
    monkeypatch.setattr(deliver_send.directory, "same_person", lambda hcp_id, at: [hcp_id])


def _guarding_no_address(monkeypatch):
    monkeypatch.setattr(deliver_send, "marks_of", lambda addresses: {})


def _plan(how, record, *whats, sends=(0,), joined=()):
    """Give one order of steps; a step of the second send ends with 2."""
    steps = tuple(plays.Step(x.rstrip("2"), int(x.endswith("2"))) for x in whats)
    return plays.Plan(2, sends, joined, (how, record), steps)


IN_BETWEEN = ("request", "claim", "gate", "withdraw", "hand_over", "settle")
QUEUED_UP = ("request", "request2", "claim", "claim2", "gate", "gate2", "withdraw",
             "hand_over", "settle", "hand_over2", "settle2")  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "plan"),
    [
        (_permitting, None),
        (_letting_go, None),
        # Two sends queue up, and who withdraws comes between: that the second one waited for.
        (_asking_as_of_before_the_wait, _plan("action", 0, *QUEUED_UP, sends=(0, 0))),
        (_guarding_one_record, _plan("page", 1, *IN_BETWEEN, joined=((0, 1),))),
        (_guarding_no_address, _plan("lost_event", 0, *IN_BETWEEN)),
    ],
)
def test_the_check_finds_a_sender_that_is_broken(committed, monkeypatch, fault, plan):
    fault(monkeypatch)
    seeds = range(N_OF_ONE_PLAN if plan else N_BROKEN)
    with mail_server() as ear, time_machine.travel(MORNING, tick=True):
        lives = played(committed, seeds, name=f"Broken{fault.__name__}", plan=plan)
    late = plays.violations(lives, ear.arrivals)
    print(f"\n{fault.__name__}: {len(late)} late of {len(ear.arrivals)}")
    assert late
