"""What a service that sends messages reports of each, in our words."""

from __future__ import annotations

# What services call it, in small letters, by what it means here.
_SAID = {
    "delivered": ("delivered", "sent", "ok", "success", "shown", "read", "displayed"),
    "failed": (
        "failed", "undelivered", "rejected", "error", "bounced", "unknown user", "expired",
        "not delivered",
    ),
    "opted_out": (
        "opted out", "opted_out", "opt-out", "optout", "opt out", "stop", "unsubscribed",
        "unsubscribe",
    ),
    "complained": ("complaint", "complained", "spam"),
}  # fmt: skip
_BY_WORD = {word: code for code, words in _SAID.items() for word in words}
OUTCOMES = tuple(_SAID)
REMEDY = f"Write one of {', '.join(OUTCOMES)}."


def outcome_of(text: str) -> str:
    """Give what a word of a report means; empty where nobody can tell.

    Examples
    --------
    >>> outcome_of(" STOP "), outcome_of("Undelivered"), outcome_of("queued")
    ('opted_out', 'failed', '')
    """
    return _BY_WORD.get(" ".join(text.lower().split()), "")
