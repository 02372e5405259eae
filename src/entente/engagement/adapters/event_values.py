"""Values of events, read tolerantly and never guessed; refusals name the field and the remedy."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from entente.directory.adapters.values import email_of
from entente.engagement.domain.mail_events import Told
from entente.foundation import keys

# Later than any second that a mail service means, so it is a number of milliseconds.
_MILLISECONDS = 10**11
SEND_ARGUMENT = "entente_send"
TIME_REMEDY = "Give the moment in seconds since 1970, as the mail service tells it."
ADDRESS_REMEDY = "Give one address such as name@clinic.example, with or without a name before it."


def text_of(value: Any, limit: int = 300) -> str:
    """Read a text or a number as text; anything else is empty."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # A text that is no whole UTF-8 could not be kept.
    whole = str(value).encode(errors="ignore").decode()
    return whole.replace("\0", "").strip()[:limit]


def moment_of(value: Any) -> datetime | None:
    """Read seconds or milliseconds since 1970, as a number or as text.

    Examples
    --------
    >>> moment_of("123456789").isoformat(), moment_of(1591726752372) == moment_of(1591726752)
    ('1973-11-29T21:33:09+00:00', True)
    >>> moment_of("yesterday"), moment_of(True), moment_of(-1)
    (None, None, None)
    """
    if isinstance(value, bool):
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(seconds) or seconds <= 0:
        return None
    if seconds >= _MILLISECONDS:
        seconds /= 1000
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def address_of(value: Any) -> str | None:
    """Read one address, with or without a display name.

    Examples
    --------
    >>> address_of("Dr. M. Test <M.Test@Clinic.TEST>"), address_of("a@b.test, c@d.test")
    ('M.Test@clinic.test', None)
    """
    text = text_of(value, 400)
    found = email_of(text)
    if found is None and text.endswith(">"):
        found = email_of(parseaddr(text)[1])
    return found


def message_id_of(value: Any) -> str:
    """Give a Message-ID in its angle brackets, which some services take away."""
    bare = text_of(value, 250).strip("<>")
    return f"<{bare}>" if bare else ""


def id_of(value: Any) -> UUID | None:
    """Read an id; None where it is none."""
    try:
        return UUID(text_of(value))
    except ValueError:
        return None


def key_of(told: Mapping[str, Any]) -> str:
    """Give the keyed hash over what was told; without our key nobody can try addresses on it."""
    plain = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    key = keys.key("engagement.mail_event")
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()[:32]


def refused(told: Told, field: str, value: Any, remedy: str) -> Told:
    """Give an event as one that cannot be read."""
    return Told(
        told.line,
        told.provider,
        told.key,
        kind=told.kind,
        at=told.at,
        message_id=told.message_id,
        field=field,
        value=text_of(value, 200),
        remedy=remedy,
    )
