"""What a mail service tells of one message, once it is read; and what follows from each kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

# The person does not want to be written to: consent ends at once.
OPT_OUTS = frozenset({"unsubscribe", "complaint", "group_unsubscribe"})
# The address does not work.
FAILURES = frozenset({"bounce", "dropped"})
# What a reader does, or a program in his place.
READINGS = frozenset({"open", "click"})

# Signed links of this site open something for whoever holds them, so they are not kept.
_SIGNED = re.compile(r"^/(u|p|c|hl)/[^/]+")
_ADDRESS = re.compile(r"[^\s<>()\"',;:]+@[^\s<>()\"',;:]+")
# By so much the clock of a mail service may differ from ours.
CLOCKS_DIFFER = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """One event as read; with ``remedy`` it could not be, and says what to mend.

    Parameters
    ----------
    line : int
        Number of the event in its file or message, from one on.
    kind : str
        One of ``MailEvent.Kind``, empty where it could not be read.
    message_id : str
        In angle brackets, as the header has it.
    send_id : UUID or None
        The send that a custom argument named.
    stops : bool
        Whether the service says that the address will not work later either.
    by_program : bool
        Whether the service itself says that a program opened or clicked.
    key : str
        Keyed hash over what was told, 32 hexadecimal digits.
    field, value, remedy : str
        Of an event that cannot be read.
    """

    line: int
    provider: str
    key: str
    kind: str = ""
    at: datetime = EPOCH
    address: str = ""
    message_id: str = ""
    send_id: UUID | None = None
    url: str = ""
    agent: str = ""
    group: str = ""
    said: str = ""
    stops: bool = False
    by_program: bool = False
    field: str = ""
    value: str = ""
    remedy: str = ""


def shown_url(url: str) -> str:
    """Give a link without its query and without what would open it for somebody.

    Examples
    --------
    >>> shown_url("https://halden.test/u/abc:def/?x=1"), shown_url("https://a.test/b?c=d#e")
    ('https://halden.test/u/…/', 'https://a.test/b')
    >>> shown_url("no link")
    ''
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    path = _SIGNED.sub(lambda found: f"/{found[1]}/…", parts.path)
    return f"{parts.scheme}://{parts.hostname}{path}"[:1000]


def without_addresses(text: str) -> str:
    """Give what a server said without the addresses in it.

    Examples
    --------
    >>> without_addresses("550 5.1.1 <m.test@clinic.test>: unknown")
    '550 5.1.1 <…>: unknown'
    """
    return _ADDRESS.sub("…", text)[:300]
