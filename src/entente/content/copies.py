"""Where copies of content are: rooms say how many of theirs are still out, and stop them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Place:
    """A kind of copy that a room keeps, such as e-mails that wait.

    Parameters
    ----------
    words : str
        What a person reads, in the plural.
    count : callable
        Gives how many copies of these versions are still out, as one sees them.
    """

    code: str
    words: str
    count: Callable[[Sequence[UUID]], int]


_PLACES: dict[str, Place] = {}


def add_place(place: Place) -> None:
    """Register a kind of copy; the same code again takes the earlier one's place."""
    _PLACES[place.code] = place


def still_out(versions: Sequence[UUID]) -> list[tuple[Place, int]]:
    """Count the copies of some versions that are still out, per kind."""
    return [(place, place.count(versions)) for place in _PLACES.values()]
