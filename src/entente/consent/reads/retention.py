"""How long what is kept: the rules in force, what is due, and the proofs of deletion.

What a rule can be about is registered: each kind says from which event it counts, how what is
due is found, and how it is deleted. A room higher than this one registers its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from entente.consent.models import RetentionRule, RetentionRun


@dataclass(frozen=True)
class Disposal:
    """One kind of thing that is deleted when its time is over.

    Parameters
    ----------
    what, title : str
        Its name in rules, and for people.
    from_event : str
        The event that the time is counted from, in words.
    keep_days : int
        How long where nobody has set a rule.
    purpose, because : str
        What it is kept for, and why so long, where nobody has set a rule.
    due : callable
        A moment to the ids of what ended before it.
    oldest : callable
        The moment of the earliest event still held, if anything is.
    delete : callable
        Deletes by ids and gives how many.
    """

    what: str
    title: str
    from_event: str
    keep_days: int
    purpose: str
    because: str
    due: Callable[[datetime], Collection[UUID]]
    oldest: Callable[[], datetime | None]
    delete: Callable[[Collection[UUID]], int]


_disposals: dict[str, Disposal] = {}


def register_disposal(disposal: Disposal) -> None:
    """Say what can be deleted on time; called once per process."""
    _disposals[disposal.what] = disposal


def disposals() -> list[Disposal]:
    """Give all kinds of things that rules can be about."""
    return sorted(_disposals.values(), key=lambda each: each.title)


def disposal(what: str) -> Disposal | None:
    """Give one kind of thing; None if nothing of this name can be deleted."""
    return _disposals.get(what)


def rules_in_force() -> dict[str, RetentionRule]:
    """Give the newest rule of each kind of thing for which one was set."""
    found = RetentionRule.objects.order_by("what", "-set_at", "-id").distinct("what")
    return {rule.what: rule for rule in found}


@dataclass(frozen=True)
class Deadline:
    """One kind of thing under the rule that holds for it, and what comes next."""

    disposal: Disposal
    rule: RetentionRule | None
    n_due: int
    next_at: datetime | None

    @property
    def keep_days(self) -> int:
        """How long it is kept."""
        return self.rule.keep_days if self.rule else self.disposal.keep_days

    @property
    def purpose(self) -> str:
        """What it is kept for."""
        return self.rule.purpose if self.rule else self.disposal.purpose

    @property
    def because(self) -> str:
        """Why so long."""
        return self.rule.because if self.rule else self.disposal.because


def deadlines(at: datetime) -> list[Deadline]:
    """Give every kind of thing with how much of it is due now and when the next falls due."""
    rules, found = rules_in_force(), []
    for each in disposals():
        rule = rules.get(each.what)
        kept = timedelta(days=rule.keep_days if rule else each.keep_days)
        oldest = each.oldest()
        found.append(
            Deadline(each, rule, len(each.due(at - kept)), oldest + kept if oldest else None)
        )
    return found


def runs() -> QuerySet[RetentionRun]:
    """Give the proofs of deletion with their rules."""
    return RetentionRun.objects.select_related("rule")


def rule_history(what: str) -> Sequence[RetentionRule]:
    """Give every rule that was ever set for a kind of thing, the newest first."""
    return list(RetentionRule.objects.filter(what=what).order_by("-set_at", "-id"))
