"""A real SMTP server in a thread that accepts, refuses, stalls or hangs up when told to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[Envelope], str | None]


@dataclass
class Handler:
    """Keeps what it accepts; ``at_rcpt`` and ``at_data`` may answer otherwise."""

    accepted: list[Message] = field(default_factory=list)
    at_mail: str | None = None
    at_rcpt: str | None = None
    at_data: str | None = None
    n_times: int = 10**9
    hang_up_before_text: bool = False
    hang_up_with_text: bool = False
    keep_when_hanging_up: bool = False

    def _once(self) -> bool:
        self.n_times -= 1
        return self.n_times >= 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up_before_text and self._once():
            server.transport.abort()
            await asyncio.sleep(0)
        if self.at_mail and self._once():
            return self.at_mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_rcpt and self._once():
            return self.at_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hang_up_with_text and self._once():
            if self.keep_when_hanging_up:
                self._keep(envelope)
            server.transport.abort()
            await asyncio.sleep(0)
            return "250 never heard"
        if self.at_data and self._once():
            return self.at_data
        self._keep(envelope)
        return "250 OK"

    def _keep(self, envelope: Envelope) -> None:
        content: Any = envelope.content
        self.accepted.append(message_from_bytes(content))


class MailServer:
    """The server and what it holds; use as a context."""

    def __init__(self) -> None:
        self.handler = Handler()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def __enter__(self) -> MailServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen, again on the same port."""
        self._controller = Controller(self.handler, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Be gone, with every connection."""
        self._controller.stop(no_assert=True)

    @property
    def message_ids(self) -> list[str]:
        """Message-IDs of all that was accepted, in order."""
        return [str(message["Message-ID"]) for message in self.handler.accepted]
