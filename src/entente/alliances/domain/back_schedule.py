"""A campaign planned backwards from its launch: what is due when, and what no longer fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from entente.content.domain.lanes import WORKDAYS, Lane
from entente.foundation.domain.workdays import on_workday, workdays_before

REVIEW = "Have the content reviewed by every party"
"""The step whose time follows the lane of the content, once content is chosen."""


@dataclass(frozen=True)
class Step:
    """A step of the template.

    Parameters
    ----------
    title : str
    offset_days : int
        Days before the launch by which it is due.
    lead_workdays : int
        Working days it takes, so the last day to begin can be told.
    lane : str
        ``"T-90"``, ``"T-30"`` or ``"T-7"``: the planning rhythm it belongs to.
    by_partner : bool
        Whether each partner does it too.
    """

    title: str
    offset_days: int
    lead_workdays: int
    lane: str
    by_partner: bool = False


TEMPLATE = (
    Step("Agree on audience, purpose and measures", 90, 5, "T-90", by_partner=True),
    Step("Agree on the budget and each side's share", 80, 5, "T-90", by_partner=True),
    Step("Pass the privacy gate", 70, 5, "T-90"),
    Step("Draft the content", 55, 10, "T-90"),
    # Until content is chosen it may need the full panel.
    Step(REVIEW, 30, WORKDAYS[Lane.RED], "T-30", by_partner=True),
    Step("Choose the audience and run the gate over it", 21, 3, "T-30"),
    Step("Commit the budget", 14, 3, "T-30"),
    Step("Send a test to both teams", 7, 1, "T-7", by_partner=True),
    Step("Go or no go", 2, 1, "T-7", by_partner=True),
    Step("Launch", 0, 0, "T-7"),
)
"""Source: PG-PLAN-1, lead times of 90, 30 and 7 days; the days inside a lane are defaults."""


def due_on(launch_on: date, offset_days: int) -> date:
    """Give the day by which a step is due; the launch itself may fall on a weekend.

    Examples
    --------
    >>> due_on(date(2027, 3, 1), 90)
    datetime.date(2026, 12, 1)
    """
    day = launch_on - timedelta(days=offset_days)
    return on_workday(day) if offset_days else day


@dataclass(frozen=True)
class Standing:
    """Where a task stands on a day."""

    late: bool
    too_short: bool
    begin_by: date


def standing(due: date, lead_workdays: int, *, done: bool, today: date) -> Standing:
    """Tell whether a task is late, or can no longer be done in the time it takes.

    Examples
    --------
    >>> standing(date(2026, 11, 20), 10, done=False, today=date(2026, 11, 9))
    Standing(late=False, too_short=True, begin_by=datetime.date(2026, 11, 6))
    """
    begin_by = workdays_before(due, lead_workdays)
    return Standing(
        late=not done and due < today, too_short=not done and begin_by < today, begin_by=begin_by
    )


def fits(launch_on: date, today: date, steps: Iterable[Step] = TEMPLATE) -> list[Step]:
    """Give the steps whose time is already too short when planning begins today.

    Examples
    --------
    >>> fits(date(2027, 6, 1), date(2026, 11, 20))
    []
    """
    return [
        step
        for step in steps
        if standing(
            due_on(launch_on, step.offset_days), step.lead_workdays, done=False, today=today
        ).too_short
    ]
