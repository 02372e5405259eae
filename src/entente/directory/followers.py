"""Rooms that hold something about a person follow when records are joined or parted.

The directory knows no room above it. A room registers what it counts for the plan that a steward
sees, which locks guard what it holds, and what it has to write when joined records are parted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Parted:
    """Two records that were one person for a time and no longer are."""

    survivor_id: UUID
    loser_id: UUID
    joined_at: datetime
    parted_at: datetime


@dataclass(frozen=True, slots=True)
class Follower:
    """What a room does about joined records.

    Parameters
    ----------
    room : str
    counts : callable
        Ids of records to how many rows of each kind the present organisation holds about each:
        ``{id: {"consents": 3}}``.
    locks : callable
        Ids to the locks that guard what the room decides about them.
    after_parting : callable, optional
        Writes what must hold once records are parted, and gives the questions that only a person
        can answer, each as a sentence.
    """

    room: str
    counts: Callable[[Collection[UUID]], dict[UUID, dict[str, int]]]
    locks: Callable[[Collection[UUID]], Sequence[str]]
    after_parting: Callable[[Parted], Sequence[str]] | None = None


_followers: dict[str, Follower] = {}


def follow(follower: Follower) -> None:
    """Register a room; called once when it is ready."""
    _followers[follower.room] = follower


_hco_followers: dict[str, Follower] = {}


def follow_hcos(follower: Follower) -> None:
    """Register a room that holds something about organisations; called once when it is ready."""
    _hco_followers[follower.room] = follower


def hco_followers() -> Sequence[Follower]:
    """Give the rooms that hold something about organisations, by name."""
    return [_hco_followers[room] for room in sorted(_hco_followers)]


def followers() -> Sequence[Follower]:
    """Give the rooms that follow, by name."""
    return [_followers[room] for room in sorted(_followers)]
