"""What rooms tell the outbox: how to prepare a message, and what to record afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMessage

from entente.foundation.models import OutboxMessage


@dataclass(frozen=True)
class Prepared:
    """A message that may leave now.

    ``holds`` are the locks to keep until it has left, so that what would forbid it waits;
    ``shares`` are those that many messages keep at the same time.
    """

    email: EmailMessage
    holds: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()


@dataclass(frozen=True)
class Withheld:
    """A message that may not leave any more, and why."""

    reason: str


@dataclass(frozen=True)
class Topic:
    """How one kind of message is handled.

    Parameters
    ----------
    prepare : callable
        Called in the claim, under the organisation's scope: asks the gate again and
        composes the e-mail.
    settled : callable
        Called in the transaction that records the outcome: state and outcome text.
    """

    prepare: Callable[[OutboxMessage, datetime], Prepared | Withheld]
    settled: Callable[[OutboxMessage, datetime], None]


_topics: dict[str, Topic] = {}
_listeners: dict[str, list[Callable[[OutboxMessage, datetime], None]]] = {}


def register(name: str, topic: Topic) -> None:
    """Say how messages of a topic are handled; called once per process by the room that posts."""
    _topics[name] = topic


def listen(name: str, listener: Callable[[OutboxMessage, datetime], None]) -> None:
    """Hear events of a lower room; called with the event, inside one transaction."""
    heard = _listeners.setdefault(name, [])
    if listener not in heard:
        heard.append(listener)


def topic(name: str) -> Topic:
    """Give the handling of a topic."""
    return _topics[name]


def listeners(name: str) -> list[Callable[[OutboxMessage, datetime], None]]:
    """Give those who listen to an event."""
    return list(_listeners.get(name, []))
