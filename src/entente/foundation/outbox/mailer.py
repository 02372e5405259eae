"""Send one e-mail and tell truthfully what became of it."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import SafeMIMEMultipart, SafeMIMEText, sanitize_address


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


PERMANENT = range(500, 600)
TEMPORARY = range(400, 500)
DONE = range(200, 300)
SERVICE_CLOSES = 421
GO_AHEAD = 354
LEADING_DOT = re.compile(rb"(?m)^\.")


class Mailer:
    """A connection to the mail server that is kept open between messages.

    It speaks the few commands itself, since what is known after a broken connection
    depends on whether the text of the message had begun to flow.
    """

    def __init__(self) -> None:
        self._backend = EmailBackend(fail_silently=False)

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        try:
            self._backend.close()
        except (smtplib.SMTPException, OSError):
            self._backend.connection = None

    def trouble(self) -> str:
        """Tell why the mail server cannot be reached; nothing if it can."""
        smtp = self._backend.connection
        if smtp is not None:
            # The server may have closed an idle connection: find out before, not during.
            try:
                if smtp.noop()[0] in DONE:
                    return ""
            except (smtplib.SMTPException, OSError):
                pass
            self.close()
        try:
            self._backend.open()
        except (smtplib.SMTPException, OSError) as trouble:
            self._backend.connection = None
            return f"no connection to the mail server: {trouble}"
        return ""

    def send(self, message: EmailMessage) -> Attempt:
        """Send one message; never raises for what a server does or a message lacks."""
        try:
            sender, recipients, content = _written(message)
        except ValueError as unwritable:
            return Attempt(Outcome.REFUSED, f"cannot be written as an e-mail: {unwritable}"[:280])
        if self._backend.connection is None and (trouble := self.trouble()):
            return Attempt(Outcome.NOT_SENT, trouble)
        smtp = self._backend.connection
        assert smtp is not None
        try:
            refused = _introduced(smtp, sender, recipients, len(content))
        except (smtplib.SMTPException, OSError) as broken:
            self.close()
            return Attempt(Outcome.NOT_SENT, f"the connection broke before the text: {broken}")
        return self._answered(refused) if refused else self._transmitted(smtp, content)

    def _transmitted(self, smtp: smtplib.SMTP, content: bytes) -> Attempt:
        try:
            smtp.send(content)
            code, text = smtp.getreply()
        except (smtplib.SMTPException, OSError) as broken:
            # The text had begun to flow: the server may have all of it.
            self.close()
            return Attempt(Outcome.UNKNOWN, f"the connection broke while sending: {broken}")
        if code in DONE:
            return Attempt(Outcome.SENT)
        if code in TEMPORARY or code in PERMANENT:
            return self._answered(Attempt(*_verdict(code, text)))
        self.close()
        return Attempt(Outcome.UNKNOWN, f"the server answered {code}, which says nothing")

    def _answered(self, attempt: Attempt) -> Attempt:
        smtp = self._backend.connection
        if attempt.said.startswith(str(SERVICE_CLOSES)) or smtp is None:
            self.close()
            return attempt
        try:
            smtp.rset()
        except (smtplib.SMTPException, OSError):
            self.close()
        return attempt


def _written(message: EmailMessage) -> tuple[str, list[str], bytes]:
    encoding = message.encoding or settings.DEFAULT_CHARSET
    sender = sanitize_address(message.from_email, encoding)
    recipients = [sanitize_address(address, encoding) for address in message.recipients()]
    if not recipients:
        raise ValueError("it has no recipient")
    written = message.message()
    assert isinstance(written, SafeMIMEText | SafeMIMEMultipart)
    text = written.as_bytes(linesep="\r\n")
    end = b".\r\n" if text.endswith(b"\r\n") else b"\r\n.\r\n"
    return sender, recipients, LEADING_DOT.sub(b"..", text) + end


def _introduced(
    smtp: smtplib.SMTP, sender: str, recipients: list[str], size: int
) -> Attempt | None:
    """Say who writes to whom; give the refusal, or nothing if the text may follow."""
    smtp.ehlo_or_helo_if_needed()
    code, text = smtp.mail(sender, [f"size={size}"] if smtp.has_extn("size") else [])
    if code not in DONE:
        # It is us whom the server does not want, not the recipient: that can be mended.
        return Attempt(Outcome.NOT_SENT, _verdict(code, text)[1])
    for recipient in recipients:
        code, text = smtp.rcpt(recipient)
        if code not in DONE:
            return Attempt(*_verdict(code, text))
    code, text = smtp.docmd("DATA")
    return None if code == GO_AHEAD else Attempt(*_verdict(code, text))


def _verdict(code: int, text: bytes | str) -> tuple[Outcome, str]:
    said = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"[:280]
    return (Outcome.REFUSED if code in PERMANENT else Outcome.NOT_SENT), said
