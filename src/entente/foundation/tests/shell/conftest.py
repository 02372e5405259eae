"""What the tests of the shell share: real commits, a superuser, a topic, a mail server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.core.mail import EmailMessage
from django.db import connection

from entente.foundation import keys, ledger, outbox
from entente.foundation.access.scope import Scope, act_as
from entente.foundation.administration import _target
from entente.foundation.ledger.seal import seal
from entente.foundation.models import OutboxMessage, new_id
from entente.foundation.outbox import topics
from tests.cast import Cast
from tests.mail_server import MailServer


@pytest.fixture
def committed(django_db_setup, django_db_blocker) -> Iterator[Cast]:
    """The cast, in a test whose transactions are real and stay; nothing is rolled back."""
    with django_db_blocker.unblock():
        yield Cast.found()
        connection.close()


@pytest.fixture
def superuser(committed) -> Iterator[psycopg.Connection]:
    """A superuser's connection; whatever it does is taken back at the end of the test."""
    with psycopg.connect(_target()) as session:
        yield session
        session.rollback()


@pytest.fixture
def sealed_ledger(committed, noon, monkeypatch, tmp_path) -> list[UUID]:
    """Ids of entries that were just written by three organisations and sealed in batches."""
    monkeypatch.setenv("ENTENTE_ANCHORS", str(tmp_path / "anchors.jsonl"))
    return write_and_seal(committed, noon, n_batches=3, n_each=4)


def write_and_seal(cast: Cast, at: datetime, *, n_batches: int, n_each: int) -> list[UUID]:
    """Write entries of several organisations in turn, sealing after every few."""
    organisations = [cast.host, cast.partner, cast.society]
    written = []
    while seal(at=at):
        pass
    for batch in range(n_batches):
        organisation = organisations[batch % len(organisations)]
        with act_as(cast.system(organisation)):
            written += ledger.append_many(
                [
                    ledger.Entry(
                        "tests.thing.done", "tests.thing", new_id(), {"n": n, "batch": batch}
                    )
                    for n in range(n_each)
                ],
                at=at + timedelta(seconds=batch),
            )
        seal(at=at + timedelta(seconds=batch))
    return written


class Post:
    """A room's topic as the outbox sees it: what was settled, and what the gate says."""

    NAME = "tests.letter"

    def __init__(self) -> None:
        self.settled: list[tuple[UUID, str]] = []
        self.withhold: set[UUID] = set()
        self.broken: set[UUID] = set()
        self.breaks_when_settling = False
        self.recipient = "hcp@clinic.test"

    def prepare(self, message: OutboxMessage, at: datetime) -> outbox.Prepared | outbox.Withheld:
        if message.object_id in self.broken:
            raise LookupError("an address that nobody may read in a log")
        if message.object_id in self.withhold:
            return outbox.Withheld("held back by PG-001")
        mail = EmailMessage(subject="A letter", body=".\n..\nend", to=[self.recipient])
        return outbox.Prepared(mail)

    def settle(self, message: OutboxMessage, at: datetime) -> None:
        if self.breaks_when_settling:
            raise LookupError("the room is broken")
        self.settled.append((message.object_id, message.state))

    def write(self, scope: Scope, n: int, at: datetime) -> list[OutboxMessage]:
        """Commit so many letters."""
        with act_as(scope):
            return outbox.post_many(
                OutboxMessage.Kind.EMAIL,
                self.NAME,
                object_kind="tests.letter",
                object_ids=[new_id() for _ in range(n)],
                at=at,
            )


@pytest.fixture
def post(committed, monkeypatch) -> Iterator[Post]:
    """A topic of its own, with nothing waiting from other tests."""
    made = Post()
    monkeypatch.setattr(topics, "_topics", {**topics._topics})
    monkeypatch.setattr(topics, "_listeners", {})
    outbox.register(Post.NAME, outbox.Topic(prepare=made.prepare, settled=made.settle))
    with psycopg.connect(_target()) as session:
        session.execute(
            "UPDATE foundation_outboxmessage SET state = 'withheld'"
            " WHERE state IN ('pending', 'claimed')"
        )
    return made


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """A real mail server in a thread, which misbehaves when told to."""
    with MailServer() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 5
        yield server


@pytest.fixture
def fresh_keys(tmp_path, monkeypatch) -> Iterator[None]:
    """An installation folder without a secret, and no secret remembered."""
    monkeypatch.setenv("ENTENTE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ENTENTE_SECRET", raising=False)
    keys._root.cache_clear()
    yield
    keys._root.cache_clear()
