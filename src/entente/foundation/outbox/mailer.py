"""Send one e-mail and tell truthfully what became of it."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from enum import StrEnum

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend


class Outcome(StrEnum):
    """What is known after an attempt."""

    SENT = "sent"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Attempt:
    """The outcome of an attempt and what the server said."""

    outcome: Outcome
    said: str = ""


PERMANENT = 500


class Mailer:
    """A connection to the mail server that is kept open between messages."""

    def __init__(self) -> None:
        self._backend = EmailBackend(fail_silently=False)

    def close(self) -> None:
        """Close the connection."""
        self._backend.close()

    def _connected(self) -> str:
        # The server may have closed an idle connection: find out before, not during.
        smtp = self._backend.connection
        if smtp is not None:
            try:
                if smtp.noop()[0] == 250:
                    return ""
            except (smtplib.SMTPException, OSError):
                pass
            self._backend.close()
            self._backend.connection = None
        try:
            self._backend.open()
        except (smtplib.SMTPException, OSError) as trouble:
            self._backend.connection = None
            return f"no connection to the mail server: {trouble}"
        return ""

    def send(self, message: EmailMessage) -> Attempt:
        """Send one message; never raises for what a server does."""
        trouble = self._connected()
        if trouble:
            return Attempt(Outcome.NOT_SENT, trouble)
        try:
            self._backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as refused:
            code, text = next(iter(refused.recipients.values()))
            return _answer(code, text)
        except smtplib.SMTPResponseException as refused:
            return _answer(refused.smtp_code, refused.smtp_error)
        except (smtplib.SMTPException, OSError) as broken:
            # The connection broke after the message began: the server may have it.
            self._backend.connection = None
            return Attempt(Outcome.UNKNOWN, f"the connection broke while sending: {broken}")
        return Attempt(Outcome.SENT)


def _answer(code: int, text: bytes | str) -> Attempt:
    said = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"[:280]
    return Attempt(Outcome.REFUSED if code >= PERMANENT else Outcome.NOT_SENT, said)
