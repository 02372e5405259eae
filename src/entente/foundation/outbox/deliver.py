"""Deliver what waits: claim, ask again, send, record; killed anywhere, nothing goes out twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from entente.foundation import ledger
from entente.foundation.access.scope import Scope, act_as
from entente.foundation.locks import hold, hold_shared, lock, release, share
from entente.foundation.models import OutboxMessage
from entente.foundation.outbox import topics
from entente.foundation.outbox.mailer import Attempt, Mailer, Outcome

# Longer than the slowest conversation with a mail server (EMAIL_TIMEOUT for each of its
# seven answers), so that nobody takes a slow sender for a dead one.
LEASE = timedelta(minutes=4)
MOST_ATTEMPTS = 30
LONGEST_WAIT_S = 3_600

State = OutboxMessage.State
log = logging.getLogger("entente.outbox")


@dataclass(frozen=True)
class Due:
    """A message that waits, or whose sender has died."""

    message_id: UUID
    scope: Scope
    is_email: bool


def now() -> datetime:
    """Give the present moment; the worker's door to the clock."""
    return datetime.now(UTC)


def due(at: datetime, wanted: int, *, with_mail: bool = True) -> list[Due]:
    """Give messages of all organisations that are due, oldest first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT message_id, org_id, is_host, kind FROM app.outbox_due(%s, %s, %s)",
            [at, wanted, with_mail],
        )
        return [
            Due(
                message_id,
                Scope(org_id=org_id, is_host=is_host, actor_name="job:deliver"),
                kind == OutboxMessage.Kind.EMAIL,
            )
            for message_id, org_id, is_host, kind in cursor.fetchall()
        ]


def _events_first(at: datetime, wanted: int, *, with_mail: bool) -> list[Due]:
    """Give what is due; events before mails, since a recall or a withdrawal stops mails."""
    events = due(at, wanted, with_mail=False)
    if not with_mail:
        return events
    return events + [each for each in due(at, wanted) if each.is_email]


def deliver_due(
    mailer: Mailer,
    *,
    clock: Callable[[], datetime] = now,
    wanted: int = 200,
    keep_on: Callable[[], bool] = lambda: True,
) -> int:
    """Deliver up to so many waiting messages; give how many were settled or tried.

    Events are heard before mails leave. Without a mail server the e-mails wait, untouched and
    uncounted, and the rest goes on. A message that cannot be handled is set aside and tried
    later: it holds up no other.
    """
    done = 0
    with_mail = not mailer.trouble()
    for message in _events_first(clock(), wanted, with_mail=with_mail):
        if not keep_on():
            break
        if message.is_email and not with_mail:
            continue
        try:
            done += deliver_one(message.message_id, message.scope, mailer, clock)
        except Exception as trouble:
            if _lost_database(trouble):
                raise
            log.exception("message %s could not be handled", message.message_id)
            _set_aside(message, trouble, clock())
        if message.is_email and with_mail and mailer.trouble():
            with_mail = False
    return done


def _lost_database(trouble: Exception) -> bool:
    if not isinstance(trouble, OperationalError | InterfaceError):
        return False
    return connection.connection is None or not connection.is_usable()


def deliver_one(
    message_id: UUID, scope: Scope, mailer: Mailer, clock: Callable[[], datetime]
) -> bool:
    """Deliver one message if nobody else is at it.

    Three transactions' worth of care: the claim asks the gate again and commits before
    anything leaves; the sending happens in no transaction; the outcome commits with
    what the room records of it.
    """
    with act_as(scope):
        message = _locked(message_id)
        if message is None or (message.state == State.PENDING and message.due_at > clock()):
            # Somebody else is at it, has settled it, or has put it off since it was listed.
            return False
        if message.kind == OutboxMessage.Kind.EVENT:
            return _hear(message, clock())
        if message.state == State.CLAIMED:
            return _park(message, clock())
        guarded = _guarded(message, clock)
        if guarded is None:
            return False
        guards, at = guarded
        prepared = topics.topic(message.topic).prepare(message, at)
        if isinstance(prepared, topics.Withheld):
            _settle(message, State.WITHHELD, prepared.reason, clock())
            return True
        message.state = State.CLAIMED
        message.attempts += 1
        message.lease_until = clock() + LEASE
        message.save(update_fields=["state", "attempts", "lease_until"])
        hold(*guards.holds)
        hold_shared(*guards.shares)
    try:
        _send(message, prepared, scope, mailer, clock)
    finally:
        release()
    return True


def _guarded(
    message: OutboxMessage, clock: Callable[[], datetime]
) -> tuple[topics.Guards, datetime] | None:
    """Take a message's locks; give them, and a moment after the last wait for one.

    The gate is asked as of that moment: as of one before the wait it would not see the
    withdrawal that was waited for. None if they are others by then, as when two records of a
    person were joined meanwhile: to take more while holding some could end in a circle, so
    the next round takes all anew.
    """
    name = topics.topic(message.topic).guards
    guards = name(message, clock())
    share(*guards.shares)
    lock(*guards.holds)
    at = clock()
    return (guards, at) if name(message, at) == guards else None


def _send(
    message: OutboxMessage,
    prepared: topics.Prepared,
    scope: Scope,
    mailer: Mailer,
    clock: Callable[[], datetime],
) -> None:
    prepared.email.extra_headers["Message-ID"] = message.message_id
    attempt = mailer.send(prepared.email)
    with act_as(scope):
        # Waits for whoever looks at the row just now: an outcome must not get lost.
        mine = _locked(message.id, wait=True)
        if mine is not None and mine.state == State.CLAIMED:
            _record(mine, attempt, clock())


def _locked(message_id: UUID, *, wait: bool = False) -> OutboxMessage | None:
    open_states = (State.PENDING, State.CLAIMED)
    return (
        OutboxMessage.objects.select_for_update(skip_locked=not wait)
        .filter(id=message_id, state__in=open_states)
        .first()
    )


def _hear(message: OutboxMessage, at: datetime) -> bool:
    for listener in topics.listeners(message.topic):
        listener(message, at)
    _close(message, State.DONE, "", at)
    return True


def _park(message: OutboxMessage, at: datetime) -> bool:
    # Somebody claimed it and never came back: it may have gone out, so it is not sent again.
    if message.lease_until and message.lease_until > at:
        return False
    _settle(message, State.PARKED, "the sender stopped while sending; it may have arrived", at)
    return True


def _record(message: OutboxMessage, attempt: Attempt, at: datetime) -> None:
    if attempt.outcome == Outcome.SENT:
        _settle(message, State.DONE, "", at)
    elif attempt.outcome == Outcome.REFUSED:
        _settle(message, State.REFUSED, attempt.said, at)
    elif attempt.outcome == Outcome.UNKNOWN:
        _settle(message, State.PARKED, attempt.said, at)
    elif message.attempts >= MOST_ATTEMPTS:
        _settle(message, State.REFUSED, f"given up after {message.attempts}: {attempt.said}", at)
    else:
        _put_off(message, attempt.said, at)


def _put_off(message: OutboxMessage, reason: str, at: datetime) -> None:
    message.state, message.lease_until, message.outcome = State.PENDING, None, reason[:300]
    message.due_at = at + timedelta(seconds=min(2**message.attempts, LONGEST_WAIT_S))
    message.save(update_fields=["state", "lease_until", "due_at", "outcome", "attempts"])


def _set_aside(listed: Due, trouble: Exception, at: datetime) -> None:
    # Only the kind of error is kept: its text may hold an address or a name.
    reason = f"could not be handled ({type(trouble).__name__}); the log says more"
    with act_as(listed.scope):
        message = _locked(listed.message_id)
        if message is None:
            return
        if message.state == State.PENDING and message.attempts + 1 < MOST_ATTEMPTS:
            message.attempts += 1
            _put_off(message, reason, at)
        elif message.state == State.PENDING or (message.lease_until or at) <= at:
            # The room could not take the outcome, so only the message says it.
            _close(message, State.PARKED, reason, at)
            _note(message, at)


def _close(message: OutboxMessage, state: str, outcome: str, at: datetime) -> None:
    message.state, message.outcome, message.settled_at = state, outcome[:300], at
    message.lease_until = None
    message.save(update_fields=["state", "outcome", "settled_at", "lease_until"])


def _settle(message: OutboxMessage, state: str, outcome: str, at: datetime) -> None:
    _close(message, state, outcome, at)
    topics.topic(message.topic).settled(message, at)
    _note(message, at)


def _note(message: OutboxMessage, at: datetime) -> None:
    ledger.append(
        ledger.Entry(
            verb=f"foundation.outbox.{message.state}",
            kind=message.object_kind,
            object_id=message.object_id,
            details={"message": message.id, "attempts": message.attempts},
        ),
        at=at,
    )


def retry_parked(message_id: UUID, *, at: datetime) -> bool:
    """Send a parked message again, because a person has found that it did not arrive."""
    message = (
        OutboxMessage.objects.select_for_update()
        .filter(id=message_id, state__in=[State.PARKED, State.REFUSED])
        .first()
    )
    if message is None:
        return False
    message.state, message.due_at, message.settled_at, message.outcome = State.PENDING, at, None, ""
    message.attempts = 0
    message.save(update_fields=["state", "due_at", "settled_at", "outcome", "attempts"])
    ledger.append(
        ledger.Entry("foundation.outbox.retried", message.object_kind, message.object_id,
                     {"message": message.id}),
        at=at,
    )  # fmt: skip
    return True
