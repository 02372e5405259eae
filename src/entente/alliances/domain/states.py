"""The way a campaign goes, from an idea to the archive."""

from __future__ import annotations

from enum import StrEnum


class CampaignStatus(StrEnum):
    """States of a campaign.

    In ``privacy`` it waits for the privacy officer, in ``content`` for review, in
    ``funded`` the money is agreed, in ``ready`` only the launch day is missing.
    """

    IDEA = "idea"
    PLANNING = "planning"
    PRIVACY = "privacy"
    CONTENT = "content"
    FUNDED = "funded"
    READY = "ready"
    LIVE = "live"
    PAUSED = "paused"
    CLOSING = "closing"
    RECONCILED = "reconciled"
    ARCHIVED = "archived"


MOVES: dict[str, tuple[str, ...]] = {
    "idea": ("planning", "archived"),
    "planning": ("privacy", "idea", "archived"),
    "privacy": ("content", "planning", "archived"),
    "content": ("funded", "planning", "archived"),
    "funded": ("ready", "content"),
    "ready": ("live", "content"),
    "live": ("paused", "closing"),
    "paused": ("live", "closing"),
    "closing": ("reconciled",),
    "reconciled": ("archived",),
    "archived": (),
}

AFTER_PRIVACY = ("content", "funded", "ready", "live")
AFTER_AGREEMENT = ("funded", "ready", "live")
AFTER_PLANNING = ("privacy", "content", "funded", "ready", "live")
NEEDS_CONTENT = ("ready", "live")

WORDS: dict[str, tuple[str, str]] = {
    "idea": ("Idea", ""),
    "planning": ("Planning", "info"),
    "privacy": ("Privacy gate", "warn"),
    "content": ("Content and review", "info"),
    "funded": ("Funded", "info"),
    "ready": ("Ready", "ok"),
    "live": ("Live", "ok"),
    "paused": ("Paused", "warn"),
    "closing": ("Closing", ""),
    "reconciled": ("Reconciled", ""),
    "archived": ("Archived", ""),
}

OPEN_TO_CHANGE = frozenset({"idea", "planning", "privacy", "content"})
