"""Where a study stands, and whether what rests on it still carries a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class StudyState(StrEnum):
    """States of a study."""

    PLANNED = "planned"
    RUNNING = "running"
    COMPLETED = "completed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"


STUDY_MOVES: dict[str, tuple[str, ...]] = {
    StudyState.PLANNED.value: (StudyState.RUNNING.value, StudyState.SUPERSEDED.value),
    StudyState.RUNNING.value: (StudyState.COMPLETED.value, StudyState.SUPERSEDED.value),
    StudyState.COMPLETED.value: (
        StudyState.PUBLISHED.value,
        StudyState.SUPERSEDED.value,
        StudyState.RETRACTED.value,
    ),
    StudyState.PUBLISHED.value: (StudyState.SUPERSEDED.value, StudyState.RETRACTED.value),
    # A newer study takes nothing back; that a result was wrong may come out later.
    StudyState.SUPERSEDED.value: (StudyState.RETRACTED.value,),
    StudyState.RETRACTED.value: (),
}
"""From each state, those that may follow."""

HAS_RESULTS = frozenset({StudyState.COMPLETED, StudyState.PUBLISHED})
FALLEN = frozenset({StudyState.SUPERSEDED, StudyState.RETRACTED})
STUDY_WORDS = {
    StudyState.PLANNED: ("Planned", ""),
    StudyState.RUNNING: ("Running", "info"),
    StudyState.COMPLETED: ("Completed", "info"),
    StudyState.PUBLISHED: ("Published", "ok"),
    StudyState.SUPERSEDED: ("Superseded", "warn"),
    StudyState.RETRACTED: ("Retracted", "bad"),
}


def next_steps(state: str) -> list[StudyState]:
    """Give the states that a study reaches by going on; falling is said with a reason instead.

    Examples
    --------
    >>> next_steps("planned")
    [<StudyState.RUNNING: 'running'>]
    """
    return [StudyState(each) for each in STUDY_MOVES[state] if StudyState(each) not in FALLEN]


def is_overdue(due_on: date, done_on: date | None, *, on: date) -> bool:
    """Tell whether a milestone's day is over and nobody has said that it is reached.

    Examples
    --------
    >>> is_overdue(date(2026, 3, 1), None, on=date(2026, 3, 1))
    False
    >>> is_overdue(date(2026, 3, 1), None, on=date(2026, 3, 2))
    True
    """
    return done_on is None and due_on < on


@dataclass(frozen=True)
class Support:
    """A reference of a claim as the checks see it.

    ``state`` is that of its study, empty where it rests on none; ``confirmed`` says that a
    reviewer looked at the reference since its study came into that state.
    """

    state: str = ""
    confirmed: bool = False

    @property
    def stands(self) -> bool:
        """Whether it carries the claim; a retracted result carries nothing, whoever looked."""
        return self.state not in FALLEN or (self.state == StudyState.SUPERSEDED and self.confirmed)

    @property
    def waits(self) -> bool:
        """Whether somebody has to look at it."""
        return self.state in FALLEN and not self.confirmed


def has_support(supports: Sequence[Support]) -> bool:
    """Tell whether anything still carries a claim.

    Examples
    --------
    >>> has_support([Support("superseded"), Support()])
    True
    >>> has_support([Support("superseded")])
    False
    >>> has_support([Support("retracted", confirmed=True)])
    False
    """
    return any(each.stands for each in supports)
