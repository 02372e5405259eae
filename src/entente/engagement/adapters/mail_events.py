"""Events of mail services: from a webhook's body or a file to one reading of each."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa

from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk, RegistryFileError
from entente.engagement.adapters import mailgun, sendgrid
from entente.engagement.adapters.event_values import key_of, text_of
from entente.engagement.domain.mail_events import EPOCH, Told

PROVIDERS: dict[str, Callable[[Mapping[str, Any], int], Told]] = {
    sendgrid.NAME: sendgrid.read,
    mailgun.NAME: mailgun.read,
}
_LOOK_LIKE = {sendgrid.NAME: sendgrid.is_from, mailgun.NAME: mailgun.is_from}
_NOT_TOLD = "Write one event of SendGrid or Mailgun, or say with --provider whose it is."
_NO_EVENT = "Write one event as a JSON object."
# Far more than a day of events of a large mailing; the file is read as a whole.
MOST_BYTES = 256 * 1024 * 1024

_TEXTS = (
    "provider", "kind", "address", "message_id", "send_id", "url", "agent", "group_name", "said",
    "field", "value", "remedy",
)  # fmt: skip
EVENTS = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("at", pa.timestamp("us", tz="UTC"), nullable=False),
        *(pa.field(name, pa.string()) for name in _TEXTS),
        pa.field("stops", pa.bool_(), nullable=False),
        pa.field("by_program", pa.bool_(), nullable=False),
        pa.field("row_hash", pa.string(), nullable=False),
    ]
)


def told_of(row: Any, line: int, provider: str = "") -> Told:
    """Read one event; without a provider it is known by its shape.

    Examples
    --------
    >>> told_of({"event": "open"}, 3).remedy
    'Write one event of SendGrid or Mailgun, or say with --provider whose it is.'
    """
    if not isinstance(row, dict):
        key = key_of({"unread": repr(row)})
        return Told(
            line, provider, key, field="row", value=text_of(str(row), 200), remedy=_NO_EVENT
        )
    if provider:
        return PROVIDERS[provider](row, line)
    fitting = [name for name, is_from in _LOOK_LIKE.items() if is_from(row)]
    if len(fitting) != 1:
        return Told(line, "", key_of(row), field="row", remedy=_NOT_TOLD)
    return PROVIDERS[fitting[0]](row, line)


def read_body(body: bytes, provider: str) -> list[Told]:
    """Read the events of a webhook's body; what is no JSON is one event that cannot be read."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = body[:200].decode(errors="replace").replace("\0", "")
    rows = found if isinstance(found, list) else [found]
    return [told_of(row, n, provider) for n, row in enumerate(rows, start=1)]


def read_file(path: Path, *, provider: str = "", chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read a file of events: a JSON list, one event per line, or a page of Mailgun's API.

    Parameters
    ----------
    path : pathlib.Path
        Plain or gzip.
    provider : str
        "sendgrid" or "mailgun"; without it each event is known by its shape.

    Yields
    ------
    Chunk
        Table ``mail_events``. An event that cannot be read has a remedy in it, so that it is
        kept like the others.

    Raises
    ------
    RegistryFileError
        If the file is no JSON at all, or too long.
    """
    rows = _rows(path)
    told = [told_of(row, line, provider) for line, row in rows]
    for start in range(0, max(len(told), 1), chunk_rows):
        part = told[start : start + chunk_rows]
        yield Chunk(tables={"mail_events": _table(part)}, n_read=len(part))


def _rows(path: Path) -> list[tuple[int, Any]]:
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    with gzip.open(path) if packed else path.open("rb") as stream:
        try:
            read = stream.read(MOST_BYTES + 1)
        except (OSError, EOFError) as wrong:
            raise RegistryFileError(f"{path.name}: this is no whole gzip file ({wrong})") from None
    if len(read) > MOST_BYTES:
        raise RegistryFileError(f"{path.name}: longer than 256 MB; split it into several files")
    try:
        text = read.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RegistryFileError(f"{path.name}: write it in UTF-8") from None
    return _parsed(path.name, text)


def _parsed(name: str, text: str) -> list[tuple[int, Any]]:
    try:
        whole = json.loads(text)
    except RecursionError:
        raise RegistryFileError(f"{name}: nested too deep; write a list of events") from None
    except ValueError as wrong:
        lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
        if text.lstrip()[:1] != "{" or len(lines) < 2:
            raise RegistryFileError(f"{name}: this is no JSON ({wrong})") from None
        return [(n, _line(line)) for n, line in lines]
    if isinstance(whole, dict) and isinstance(whole.get("items"), list):
        whole = whole["items"]
    return list(enumerate(whole if isinstance(whole, list) else [whole], start=1))


def _line(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _table(told: list[Told]) -> pa.Table:
    rows = [
        {
            "line": each.line,
            "at": each.at,
            "stops": each.stops,
            "by_program": each.by_program,
            "row_hash": each.key,
            "group_name": each.group,
            "send_id": str(each.send_id or ""),
            **{n: getattr(each, n) for n in _TEXTS if n not in {"group_name", "send_id"}},
        }
        for each in told
    ]
    return pa.Table.from_pylist(rows, schema=EVENTS)


def staged(row: tuple[Any, ...]) -> Told:
    """Give an event back from its staged row, in the order of ``EVENTS``."""
    found: dict[str, Any] = {
        n: v if v is not None else "" for n, v in zip(EVENTS.names, row, strict=True)
    }
    key, group, send_id = found.pop("row_hash"), found.pop("group_name"), found.pop("send_id")
    return Told(
        **{**found, "at": found["at"] or EPOCH},
        key=getattr(key, "hex", key),
        group=group,
        send_id=UUID(send_id) if send_id else None,
    )
