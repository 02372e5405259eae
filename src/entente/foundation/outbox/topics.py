"""What rooms tell the outbox: how to prepare a message, and what to record afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMessage

from entente.foundation.models import OutboxMessage


@dataclass(frozen=True)
class Prepared:
    """A message that may leave now."""

    email: EmailMessage


@dataclass(frozen=True)
class Withheld:
    """A message that may not leave any more, and why."""

    reason: str


@dataclass(frozen=True)
class Guards:
    """The locks of a message, taken before it is judged and kept until it has left.

    What would forbid it waits for ``holds``; ``shares`` are those that many messages keep at the
    same time.
    """

    holds: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()


def no_guards(message: OutboxMessage, at: datetime) -> Guards:
    """Guard a message by nothing but its own row."""
    return Guards()


@dataclass(frozen=True)
class Topic:
    """How one kind of message is handled.

    Parameters
    ----------
    prepare : callable
        Called in the claim, under the organisation's scope and the message's locks: asks the
        gate again, as of a moment after the last wait, and composes the e-mail.
    settled : callable
        Called in the transaction that records the outcome: state and outcome text.
    guards : callable
        Names the locks of a message at a moment; writes nothing.
    """

    prepare: Callable[[OutboxMessage, datetime], Prepared | Withheld]
    settled: Callable[[OutboxMessage, datetime], None]
    guards: Callable[[OutboxMessage, datetime], Guards] = no_guards


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
