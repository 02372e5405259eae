"""Plays interleavings: the parties with their connections, what they do, and how it ended."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, connections
from django.test import Client

from entente.consent import reads as consent
from entente.consent.actions import suppress, withdraw_consent
from entente.directory.actions import merge_hcps, unmerge_hcps
from entente.engagement.actions import SendRequest, hear_mail, request_send
from entente.engagement.domain.mail_events import Told
from entente.foundation.access.scope import act_as
from entente.foundation.administration import _target
from entente.foundation.models import OutboxMessage
from entente.foundation.outbox import deliver
from entente.foundation.outbox.deliver import deliver_due, deliver_one
from entente.foundation.outbox.mailer import Mailer
from tests.slow import interleavings as plays
from tests.slow.interleaving_world import World, now
from tests.slow.interleavings import Letter, Life, Link, Party, Plan, Step, Stop


class _Watched(Mailer):
    """A mailer that stands before it hands over, until the plan goes on."""

    def __init__(self, party: Worker) -> None:
        super().__init__()
        self._party = party

    def send(self, message: Any) -> Any:
        self._party.reached(plays.GATE)
        self._party.pause()
        return super().send(message)


class Worker(Party):
    """A thread that delivers as a worker does, and stands between the steps."""

    letter: Letter | None = None

    def reached(self, what: str) -> None:
        """Note the moment of a step of the letter that is worked on."""
        if self.letter is not None and what == plays.CLAIM:
            self.letter.claimed = min(self.letter.claimed, perf_counter())
        if self.letter is not None and what == plays.GATE:
            self.letter.gated = min(self.letter.gated, perf_counter())


@contextmanager
def standing_between() -> Iterator[None]:
    """Make workers stand after the claim and before the record of the outcome."""
    plain = deliver._locked

    def locked(message_id: UUID, *, wait: bool = False) -> OutboxMessage | None:
        me = threading.current_thread()
        if not isinstance(me, Worker):
            return plain(message_id, wait=wait)
        if wait:
            me.pause()
            return plain(message_id, wait=wait)
        found = plain(message_id, wait=wait)
        if found is not None:
            me.reached(plays.CLAIM)
            me.pause()
        return found

    deliver._locked = locked
    try:
        yield
    finally:
        deliver._locked = plain


class Stage:
    """The parties, each with its connection, and one that looks who waits for a lock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.asker = Party("asker", connections.close_all)
        self.person = Party("person", connections.close_all)
        self.steward = Party("steward", connections.close_all)
        self.workers = [Worker(f"worker-{n}", connections.close_all) for n in range(2)]
        self.parties = [self.asker, self.person, self.steward, *self.workers]
        self.mailers = [_Watched(each) for each in self.workers]
        self.client = Client()

    def __enter__(self) -> Stage:
        self._look = psycopg.connect(_target(), autocommit=True)
        for party in self.parties:
            party.start()
            party.do(lambda party=party: setattr(party, "pid", _pid()))
            party.await_rest(lambda _: False)
        return self

    def __exit__(self, *_: object) -> None:
        for party in self.parties:
            party.end()
        for party in self.parties:
            party.join(plays.PATIENCE_S)
        for mailer in self.mailers:
            mailer.close()
        self._look.close()

    def is_blocked(self, pid: int) -> bool:
        """Tell whether a connection waits for a lock."""
        row = self._look.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid]).fetchone()
        return bool(row and row[0])

    def play(self, seed: int, plan: Plan) -> Life:
        """Play one plan to its end, with the people of a seed."""
        people = self.world.people[seed]
        life = Life(plan, [record for record, _ in people])
        life.letters = [Letter(*people[n]) for n in plan.sends]
        play = _Play(self, life, people)
        for pair in plan.joined:
            play.start(Step(plays.JOIN, *pair))
        for step in plan.steps:
            play.start(step)
        for party in self.parties:
            while not party.await_rest(self.is_blocked):
                pass
            if party.troubles:
                raise party.troubles[0]
        return life


def _pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
        return pid


class _Play:
    """One plan as it is played."""

    def __init__(self, stage: Stage, life: Life, people: list[tuple[UUID, str]]) -> None:
        self.stage, self.life, self.people, self.world = stage, life, people, stage.world

    def start(self, step: Step) -> None:
        """Start a step; come back once it has ended or waits for a lock."""
        party = self._told(step)
        if not party.await_rest(self.stage.is_blocked):
            self.life.waits[step.what] = self.life.waits.get(step.what, 0) + 1

    def _told(self, step: Step) -> Party:
        stage, which = self.stage, step.which
        if step.what in (plays.GATE, plays.HAND_OVER, plays.SETTLE):
            stage.workers[which].go_on()
            return stage.workers[which]
        if step.what in (plays.CLAIM, plays.RIVAL):
            is_rival = step.what == plays.RIVAL
            by = 1 - which if is_rival else which
            stage.workers[by].do(lambda: self._deliver(by, which), stepwise=not is_rival)
            return stage.workers[by]
        party, act = {
            plays.REQUEST: (stage.asker, lambda: self._request(which)),
            plays.WITHDRAW: (stage.person, self._withdraw),
            plays.JOIN: (stage.steward, lambda: self._join(which, step.other)),
            plays.PART: (stage.steward, self._part),
        }[step.what]
        party.do(act)
        return party

    def _request(self, n: int) -> None:
        letter, world = self.life.letters[n], self.world
        with act_as(world.asker):
            send = request_send(
                SendRequest(letter.record, world.version, world.entity, "education"), at=now()
            )
            row = OutboxMessage.objects.filter(object_id=send.id).first()
        letter.send_id = send.id
        if row is None:
            rules = "+".join(send.decision.rule_ids)
            self.life.refused[rules] = self.life.refused.get(rules, 0) + 1
            return
        letter.outbox_id, letter.message_id, letter.queued = row.id, row.message_id, perf_counter()

    def _deliver(self, by: int, n: int) -> None:
        worker, letter = self.stage.workers[by], self.life.letters[n]
        if letter.outbox_id is None:
            return
        worker.letter = letter
        if deliver_one(letter.outbox_id, self.world.system, self.stage.mailers[by], now):
            worker.reached(plays.GATE)
        worker.letter = None

    def _withdraw(self) -> None:
        assert self.life.plan.withdraws is not None
        how, n = self.life.plan.withdraws
        record, address = self.people[n]
        act: Callable[[UUID, str], bool] = getattr(self, f"_by_{how}")
        link = None
        if how == "page":
            with act_as(self.world.system):
                link = consent.unsubscribe_url(record, self.world.entity, now())
        stop = Stop(perf_counter())
        if act(record, link or address):
            stop.address = address
        stop.committed = perf_counter()
        self.life.stops.append(stop)

    def _by_page(self, _: UUID, link: str) -> bool:
        answer = self.stage.client.post(link, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200, answer.status_code
        return False

    def _by_action(self, record: UUID, _: str) -> bool:
        with act_as(self.world.system):
            withdraw_consent(
                hcp_id=record, controller_id=self.world.entity, channel="email",
                source="phone", at=now(),
            )  # fmt: skip
        return False

    def _by_suppression(self, record: UUID, _: str) -> bool:
        with act_as(self.world.system):
            suppress(record, "asked on the phone", now())
        return False

    def _by_event(self, record: UUID, address: str) -> bool:
        known = [x.message_id for x in self.life.letters if x.record == record and x.message_id]
        return self._hear(address, known[0] if known else "")

    def _by_lost_event(self, _: UUID, address: str) -> bool:
        return self._hear(address, "")

    def _hear(self, address: str, message_id: str) -> bool:
        at = now()
        told = Told(
            line=1, provider="sendgrid", key=uuid.uuid4().hex, kind="unsubscribe", at=at,
            address=address, message_id=message_id,
        )  # fmt: skip
        with act_as(self.world.system):
            heard = hear_mail([told], at=at)
        return bool(heard.n_stopped)

    def _join(self, survivor: int, loser: int) -> None:
        records, at = self.life.records, now()
        with act_as(self.world.system):
            made = merge_hcps(records[survivor], records[loser], reason="one", at=at)
        joined = perf_counter()
        self.life.links.append(Link(records[survivor], records[loser], made.id, joined, from_at=at))

    def _part(self) -> None:
        whole = [link for link in self.life.links if link.to_at is None]
        if not whole:
            return
        link, at = whole[-1], now()
        link.parting = perf_counter()
        with act_as(self.world.system):
            unmerge_hcps(link.merge_id, reason="two", at=at)
        link.to_at, link.parted = at, perf_counter()


def drain() -> None:
    """Deliver what still waits, events first, as a worker does when it comes by."""
    mailer = Mailer()
    while deliver_due(mailer, clock=now):
        pass
    mailer.close()


# What a parting wrote by itself is left out: it follows from what was said before.
SAID = """
SELECT hcp_id, withdrawn_at FROM consent_withdrawal
WHERE hcp_id = ANY (%(records)s) AND source NOT LIKE 'parted%%'
UNION ALL SELECT hcp_id, suppressed_at FROM consent_suppression
WHERE hcp_id = ANY (%(records)s) AND source NOT LIKE 'parted%%'
"""


def settle_stops(lives: Sequence[Life]) -> None:
    """Read from the database whose permission each stop took, and when he said so."""
    of_record = {record: life for life in lives for record in life.records}
    with psycopg.connect(_target()) as session:
        for record, told in session.execute(SAID, {"records": list(of_record)}).fetchall():
            for stop in of_record[record].stops:
                stop.records.append(record)
                stop.told = told


def outcomes(lives: Sequence[Life]) -> dict[UUID, tuple[str, str, str]]:
    """Give state of the message, status of the send and the outcome's words, by Message-ID."""
    known = [x.message_id for life in lives for x in life.letters if x.message_id]
    with psycopg.connect(_target()) as session:
        rows = session.execute(
            "SELECT m.message_id, m.state, s.status, m.outcome FROM foundation_outboxmessage m"
            " JOIN engagement_send s ON s.id = m.object_id WHERE m.message_id = ANY (%s)",
            [known],
        ).fetchall()
    return {row[0]: row[1:] for row in rows}
