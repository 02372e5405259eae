"""Read the messages that the catcher kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

from entente.foundation import keys


@dataclass(frozen=True)
class Caught:
    """One caught message, as a list shows it."""

    id: str
    to: str
    sender: str
    subject: str
    message_id: str
    sent_at: object


def folder() -> Path:
    """Give the folder in which caught mail lies."""
    return keys.home() / "mail"


def count() -> int:
    """Count the caught messages."""
    return sum(1 for _ in folder().glob("*.eml")) if folder().is_dir() else 0


def _parsed(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _of(path: Path) -> Caught:
    mail = _parsed(path)
    return Caught(
        id=path.stem,
        to=str(mail["X-Caught-For"] or mail["To"]),
        sender=str(mail["From"]),
        subject=str(mail["Subject"]),
        message_id=str(mail["Message-ID"]),
        sent_at=_moment(mail["Date"]) if mail["Date"] else None,
    )


def _moment(written: str) -> datetime:
    # "-0000" says UTC without saying where the sender is, and is read without a zone.
    moment = parsedate_to_datetime(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def latest(most: int = 50, *, before: str = "") -> list[Caught]:
    """Give the latest messages; names sort by time."""
    names = sorted((path.stem for path in folder().glob("*.eml")), reverse=True)
    chosen = [name for name in names if not before or name < before][:most]
    return [_of(folder() / f"{name}.eml") for name in chosen]


def every_recipient() -> Iterator[tuple[str, str]]:
    """Yield recipient and Message-ID of every caught message."""
    for path in folder().glob("*.eml"):
        caught = _of(path)
        yield caught.to, caught.message_id


def open_message(name: str) -> tuple[Caught, EmailMessage]:
    """Give one message.

    Raises
    ------
    FileNotFoundError
        If there is none of that name; a name is an id, never a path.
    """
    path = folder() / f"{UUID(name)}.eml"
    return _of(path), _parsed(path)


def html_of(mail: EmailMessage) -> str:
    """Give the HTML part, or nothing."""
    part = mail.get_body(("html",))
    return str(part.get_content()) if part else ""


def text_of(mail: EmailMessage) -> str:
    """Give the text part, or nothing."""
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""
