"""Whether a hosted page answers, judged anew at each request, and the words when it does not."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,78}[a-z0-9]")
# Who may read without being asked what he is.
OPEN_TO = frozenset({"patient", "public", "payer", "partner"})

REGISTRATION_WORDS = (
    "I would like to be told more about this subject. This is a wish and no permission to write"
    " to me for advertising; you will ask me for that."
)

# States of a page for those who publish: words and tone.
WORDS = {
    "live": ("Live", "ok"),
    "planned": ("Planned", "info"),
    "waiting": ("Waits for an answer", "warn"),
    "refused": ("Refused by the gate", "bad"),
    "ended": ("Ended", ""),
    "over": ("Ended", ""),
    "gone": ("Gone", "bad"),
}
# What a reader is told when the words are no longer there.
GONE = {
    "withdrawn": "Its content was withdrawn. Please do not rely on a copy of it.",
    "superseded": "Its content was replaced by a newer version.",
    "expired": "The approval of its content has ended.",
    "rejected": "Its content was not approved.",
    "claim_withdrawn": "A statement in it was withdrawn. Please do not rely on a copy of it.",
    "claim_expired": "The support for a statement in it has ended.",
    "void": "The approval of its content no longer holds.",
    "ended": "Its publisher ended the publication.",
    "over": "Its publication ended as planned.",
    "revoked": "The link was taken back by whoever sent it.",
    "link_over": "The link was valid for a time that is over.",
}


@dataclass(frozen=True)
class Facts:
    """What is known of a page and its version at one moment."""

    status: str
    is_expired: bool
    has_withdrawn_claim: bool
    has_expired_claim: bool
    outcome: str
    starts_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None


def state_of(facts: Facts, at: datetime) -> tuple[str, str]:
    """Give the state of a page and, where it is gone, the reason.

    What the gate did not permit, and what has not begun, never shows that it exists; what was
    once readable says why it is no longer.

    Returns
    -------
    state, reason : str
        One of `WORDS`, and one of `GONE` or an empty text.

    Examples
    --------
    >>> noon = datetime(2026, 11, 20, 12)
    >>> page = dict(is_expired=False, has_withdrawn_claim=False, has_expired_claim=False,
    ...             outcome="PERMIT", starts_at=noon, ends_at=None, ended_at=None)
    >>> state_of(Facts(status="approved", **page), noon)
    ('live', '')
    >>> state_of(Facts(status="withdrawn", **page), noon)
    ('gone', 'withdrawn')
    """
    over = facts.ends_at is not None and facts.ends_at <= at
    # The first that holds counts: what was never to be seen, what is wrong with the words, and
    # only then what was decided about the page.
    judged = (
        (facts.outcome == "REFER", ("waiting", "")),
        (facts.outcome != "PERMIT", ("refused", "")),
        (facts.starts_at > at, ("planned", "")),
        (facts.status in ("withdrawn", "superseded", "rejected"), ("gone", facts.status)),
        (facts.status != "approved", ("gone", "void")),
        (facts.has_withdrawn_claim, ("gone", "claim_withdrawn")),
        (facts.is_expired, ("gone", "expired")),
        (facts.has_expired_claim, ("gone", "claim_expired")),
        (facts.ended_at is not None, ("ended", "ended")),
        (over, ("over", "over")),
    )
    return next((state for holds, state in judged if holds), ("live", ""))


def needs_declaration(audiences: Collection[str]) -> bool:
    """Tell whether readers are first asked if they are health professionals.

    They are unless the version was approved for somebody who is none.

    Notes
    -----
    Source: Directive 2001/83/EC, article 88(1).

    Examples
    --------
    >>> needs_declaration(["hcp"]), needs_declaration(["hcp", "public"])
    (True, False)
    """
    return not OPEN_TO & set(audiences)
