"""Random orders of a send's steps and of what stops it, played against the database for real.

A plan names the records of a person, the sends, what is joined, and one order of all steps. Each
party of it is a thread with a database connection of its own: somebody who asks for sends, two
workers with a mailer each, somebody who withdraws, and a steward who joins records and parts them.
A step is started once the one before it has ended, or waits for a lock, which is an outcome too.
"""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from uuid import UUID

from aiosmtpd.controller import Controller

REQUEST, CLAIM, GATE, HAND_OVER, SETTLE = "request", "claim", "gate", "hand_over", "settle"
WITHDRAW, JOIN, PART, RIVAL = "withdraw", "join", "part", "rival"
OF_A_SEND = (REQUEST, CLAIM, GATE, HAND_OVER, SETTLE)
HOWS = ("page", "action", "event", "lost_event", "suppression")
# So long nobody waits: a thread that does is stuck.
PATIENCE_S = 30.0
NEVER = float("inf")


@dataclass(frozen=True)
class Step:
    """One step: what, and of which send, record or pair."""

    what: str
    which: int = 0
    other: int = 0


@dataclass(frozen=True)
class Plan:
    """One interleaving.

    Parameters
    ----------
    sends : tuple of int
        Record of each send; record 3 is another person at the address of record 0.
    joined : tuple of pairs
        Joined before anything else happens, the survivor first.
    withdraws : (str, int) or None
        How, and on which record.
    """

    n_records: int
    sends: tuple[int, ...]
    joined: tuple[tuple[int, int], ...]
    withdraws: tuple[str, int] | None
    steps: tuple[Step, ...]


def plan_of(seed: int) -> Plan:
    """Draw an interleaving; the steps of one party keep their order, all else is chance."""
    rng = random.Random(seed)
    n_records = rng.choice((1, 2, 2, 3, 3))
    pairs, standing = [], list(range(n_records))
    while len(standing) > 1:
        survivor, loser = rng.sample(standing, 2)
        standing.remove(loser)
        pairs.append((survivor, loser))
    n_before = rng.randint(0, len(pairs))
    joined, later = tuple(pairs[:n_before]), pairs[n_before:]
    people = [*range(n_records), *([3] if rng.random() < 0.2 else [])]
    # The gate lets nothing go to a record that another one stands for.
    may_get = [n for n in people if n not in {loser for _, loser in joined}]
    sends = tuple(rng.choice(may_get) for _ in range(rng.choice((1, 2))))
    withdraws = None
    if rng.random() < 0.85:
        withdraws = (rng.choice(HOWS), rng.choice([*sends, *people]))
    steward = [Step(JOIN, *pair) for pair in later if rng.random() < 0.7]
    if pairs and rng.random() < 0.4:
        steward.insert(rng.randint(0, len(steward)), Step(PART))
    lines = [[Step(what, n) for what in OF_A_SEND] for n in range(len(sends))]
    lines += [steward, [Step(WITHDRAW)] if withdraws else []]
    lines += [[Step(RIVAL, rng.randrange(len(sends)))] if rng.random() < 0.3 else []]
    return Plan(n_records, sends, joined, withdraws, tuple(_shuffled(rng, lines)))


def _shuffled(rng: random.Random, lines: list[list[Step]]) -> list[Step]:
    left, steps = [deque(line) for line in lines if line], []
    while left:
        # Weighted by what is left, as every order of all steps is then equally likely.
        line = rng.choices(left, [len(each) for each in left])[0]
        steps.append(line.popleft())
        left = [each for each in left if each]
    return steps


class Party(threading.Thread):
    """A thread that does what it is told, in order, and stops where it is asked to stop.

    ``rests`` while it has nothing to do or stands at a pause without leave to go on.
    """

    def __init__(self, name: str, ended: Callable[[], None]) -> None:
        super().__init__(name=name, daemon=True)
        self._changed = threading.Condition()
        self._jobs: deque[tuple[bool, Callable[[], None]]] = deque()
        self._leaves, self._is_busy, self._stands, self._over = 0, False, False, False
        self._stepwise, self._ended = False, ended
        self.troubles: list[Exception] = []
        self.pid = 0

    def run(self) -> None:
        """Work until told that it is over."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._over)
                if not self._jobs:
                    break
                self._stepwise, job = self._jobs.popleft()
                self._is_busy = True
            try:
                job()
            except Exception as trouble:
                self.troubles.append(trouble)
            with self._changed:
                self._is_busy, self._leaves = False, 0
                self._changed.notify_all()
        self._ended()

    def do(self, job: Callable[[], None], *, stepwise: bool = False) -> None:
        """Tell it to do something, next."""
        with self._changed:
            self._jobs.append((stepwise, job))
            self._changed.notify_all()

    def go_on(self) -> None:
        """Let it leave one pause, the present or the next one."""
        with self._changed:
            if self._is_busy or self._jobs:
                self._leaves += 1
                self._changed.notify_all()

    def pause(self) -> None:
        """Stand until ``go_on``; called by the thread itself."""
        with self._changed:
            if not self._stepwise:
                return
            self._stands = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._leaves > 0)
            self._leaves -= 1
            self._stands = False

    def rests(self) -> bool:
        """Tell whether it waits to be told what to do."""
        if self._stands:
            return self._leaves == 0
        return not self._is_busy and not self._jobs

    def await_rest(self, is_blocked: Callable[[int], bool]) -> bool:
        """Wait until it rests or is blocked in the database; tell whether it rests."""
        until = perf_counter() + PATIENCE_S
        with self._changed:
            while not self._changed.wait_for(self.rests, 0.004):
                assert perf_counter() < until, f"{self.name} is stuck"
                if is_blocked(self.pid):
                    return self.rests()
        return True

    def end(self) -> None:
        """Let it end once its work is done."""
        with self._changed:
            self._over = True
            self._changed.notify_all()


@dataclass
class Letter:
    """One send, with the moments at which its steps were over; from the outbox, its Message-ID."""

    record: UUID
    address: str
    send_id: UUID | None = None
    outbox_id: UUID | None = None
    message_id: str = ""
    queued: float = NEVER
    claimed: float = NEVER
    gated: float = NEVER


@dataclass
class Stop:
    """What stops sends; ``committed`` once COMMIT has returned.

    ``told`` is when the person said so, by the clock of the installation, as the database has it.
    """

    started: float
    committed: float = NEVER
    records: list[UUID] = field(default_factory=list)
    address: str = ""
    told: Any = None


@dataclass
class Link:
    """Two records that were joined, and parted perhaps; moments of both kinds of clock."""

    survivor: UUID
    loser: UUID
    merge_id: UUID
    joined: float
    from_at: Any
    parting: float = NEVER
    parted: float = NEVER
    to_at: Any = None


@dataclass
class Life:
    """What one interleaving left behind."""

    plan: Plan
    records: list[UUID]
    letters: list[Letter] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    waits: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """A message at the mail server: when it was first heard of, and when it was all there."""

    address: str
    began: float
    ended: float


class Stamping:
    """A mail server's ear: it stamps each message and keeps no text."""

    def __init__(self) -> None:
        self.arrivals: dict[str, list[Arrival]] = {}

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Note when a message begins to leave for here."""
        session.began = perf_counter()
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Note when all of it was here, then answer."""
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode("ascii").splitlines()
        (named,) = [x.split(":", 1)[1].strip() for x in head if x.lower().startswith("message-id:")]
        arrived = Arrival(envelope.rcpt_tos[0], session.began, perf_counter())
        self.arrivals.setdefault(named, []).append(arrived)
        return "250 OK"


def listening(port: int) -> tuple[Controller, Stamping]:
    """Start a mail server on a real socket."""
    ear = Stamping()
    controller = Controller(ear, hostname="127.0.0.1", port=port)
    controller.start()
    return controller, ear


def one_person(life: Life, record: UUID, holds: Callable[[Link], bool]) -> set[UUID]:
    """Give the records that are one with this one by the links that hold."""
    links, found = [link for link in life.links if holds(link)], {record}
    while True:
        more = found | {
            each for x in links if {x.survivor, x.loser} & found for each in (x.survivor, x.loser)
        }
        if more == found:
            return found
        found = more


def covers(stop: Stop, life: Life, letter: Letter, moment: float) -> bool:
    """Tell whether a stop that is committed covers a letter at a moment.

    It does so for its address; for its records; for records that surely are one with them then:
    the merge has returned and no parting has begun; and for records that were one with them when
    it was said, as a parting leaves what was said in between to both.
    """
    if stop.address and stop.address == letter.address:
        return True
    now = one_person(life, letter.record, lambda x: x.joined <= moment < x.parting)
    if now & set(stop.records):
        return True
    if stop.told is None:
        return False
    inherited = one_person(
        life,
        letter.record,
        lambda x: x.from_at <= stop.told < (x.to_at or stop.told) and x.parted <= moment,
    )
    return bool(inherited & set(stop.records))


@dataclass(frozen=True)
class Found:
    """A letter that left although it had been stopped."""

    seed: int
    letter: Letter
    arrival: Arrival
    stop: Stop

    def __str__(self) -> str:
        after_ms = 1_000 * (self.arrival.began - self.stop.committed)
        return f"plan {self.seed}: letter to {self.arrival.address} began {after_ms:.2f} ms late"


def violations(
    lives: dict[int, Life], arrivals: dict[str, list[Arrival]], *, whole: bool = False
) -> list[Found]:
    """Find letters that began to leave after a stop that covers them was committed.

    ``whole``: those too that had begun before and were not all there yet.
    """
    return [
        Found(seed, letter, arrival, stop)
        for seed, life in lives.items()
        for letter in life.letters
        for arrival in arrivals.get(letter.message_id, ())
        for stop in life.stops
        for moment in [arrival.ended if whole else arrival.began]
        if moment > stop.committed and covers(stop, life, letter, moment)
    ]


def times_between(lives: Collection[Life], arrivals: dict[str, list[Arrival]]) -> dict[str, int]:
    """Count the plans whose withdrawal really came between two steps of one of their sends."""
    counts = dict.fromkeys(
        ("queue_claim", "claim_gate", "gate_hand_over_asked", "gate_hand_over_waited",
         "by_another_record"), 0,
    )  # fmt: skip
    for life in lives:
        seen = set()
        for stop in life.stops:
            for letter in life.letters:
                ended = min((x.ended for x in arrivals.get(letter.message_id, ())), default=NEVER)
                if not covers(stop, life, letter, stop.committed):
                    continue
                if letter.record not in stop.records and not stop.address:
                    seen.add("by_another_record")
                if letter.queued < stop.committed < letter.claimed:
                    seen.add("queue_claim")
                if letter.claimed < stop.committed < letter.gated:
                    seen.add("claim_gate")
                if letter.gated < stop.started < ended < NEVER:
                    seen.add("gate_hand_over_asked")
                    if stop.committed > ended:
                        seen.add("gate_hand_over_waited")
        for each in seen:
            counts[each] += 1
    return counts
