"""The review lane of a version: computed from what it is, never chosen; people may only raise it.

Green is what was reviewed before and stands unchanged; amber is that with another shape; red is
everything else, because what nobody has judged yet is judged in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from entente.foundation.domain.workdays import workdays_after


class Lane(StrEnum):
    """How much review a version needs, from least to most."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


ORDER = tuple(Lane)
WORKDAYS = {Lane.GREEN: 1, Lane.AMBER: 3, Lane.RED: 10}
"""Working days that a review in each lane may take; campaigns plan with them."""
WORDS = {
    Lane.GREEN: ("Green: one reviewer, 1 day", "ok"),
    Lane.AMBER: ("Amber: two reviewers, 3 days", "warn"),
    Lane.RED: ("Red: the full panel, 10 days", "bad"),
}
PROMOTION_TO_PATIENTS = ("patient", "public")
ANY = ""


@dataclass(frozen=True)
class LaneFacts:
    """What the lane of a version depends on.

    Parameters
    ----------
    words_outside_modules : bool
        It says something that no approved module holds.
    modules_changed, modules_unapproved, modules_out_of_date : bool
        Of the modules it is made of, one is altered, not released, or ends before the version.
    outside_their_scope : bool
        It goes to a country, audience or channel for which one of its modules is not released.
    resequenced, resized, translated : bool
        Against the last released version of the same item or the item it was translated from.
    new_claims, new_indications : sequence of str
        Claims and indications that no released version of the organisation has used.
    comparative : bool
        It compares the product with another.
    cobrand_first_use : bool
        It carries partners' names that no released item has carried together.
    balance_changed : bool
        The safety parts differ from those of the last released version, or there was none to
        compare with and it has no approved safety module.
    interactive_changed : bool
        It holds a calculator, algorithm, case or lesson that no released version holds.
    """

    kind: str
    audiences: Sequence[str]
    channels: Sequence[str]
    markets: Sequence[str]
    claim_types: Sequence[str]
    words_outside_modules: bool
    modules_changed: bool = False
    modules_unapproved: bool = False
    modules_out_of_date: bool = False
    outside_their_scope: bool = False
    resequenced: bool = False
    resized: bool = False
    translated: bool = False
    new_claims: Sequence[str] = ()
    new_indications: Sequence[str] = ()
    comparative: bool = False
    cobrand_first_use: bool = False
    balance_changed: bool = False
    interactive_changed: bool = False


@dataclass(frozen=True)
class LaneRule:
    """One cell of the lane matrix: from a lane upwards for some material; blanks mean any."""

    lane: Lane
    audience: str = ANY
    channel: str = ANY
    claim_type: str = ANY
    country: str = ANY
    reason: str = ""

    def fits(self, facts: LaneFacts) -> bool:
        """Tell whether the cell is about this material."""
        return (
            (self.audience == ANY or self.audience in facts.audiences)
            and (self.channel == ANY or self.channel in facts.channels)
            and (self.claim_type == ANY or self.claim_type in facts.claim_types)
            and (self.country == ANY or self.country in facts.markets)
        )


@dataclass(frozen=True)
class LaneReason:
    """One reason for at least a lane, with a code for machines and a sentence for people."""

    lane: Lane
    code: str
    words: str


@dataclass(frozen=True)
class Computed:
    """A lane with everything that speaks for at least that lane."""

    lane: Lane
    reasons: tuple[LaneReason, ...]


def _listed(names: Sequence[str]) -> str:
    return "; ".join(sorted(names))


def _red(facts: LaneFacts) -> Iterable[tuple[bool, str, str]]:
    patient = [each for each in facts.audiences if each in PROMOTION_TO_PATIENTS]
    return (
        (facts.words_outside_modules, "words", "It says words that no approved module holds."),
        (facts.modules_changed, "changed", "A module in it was altered."),
        (facts.modules_unapproved, "unapproved", "A module in it is not released."),
        (facts.modules_out_of_date, "out_of_date", "A module in it ends before the item does."),
        (
            facts.outside_their_scope,
            "scope",
            "A module in it is not released for every country, audience and channel of the item.",
        ),
        (
            bool(facts.new_claims),
            "new_claim",
            f"New claims: {_listed(facts.new_claims).rstrip('.')}.",
        ),
        (
            bool(facts.new_indications),
            "new_indication",
            f"New indications: {_listed(facts.new_indications)}.",
        ),
        (facts.comparative, "comparative", "It compares the product with another."),
        (bool(patient), "patients", "It speaks to patients or the public."),
        (
            facts.cobrand_first_use,
            "cobrand",
            "It is the first item that these parties put their names to.",
        ),
        (facts.balance_changed, "balance", "The balance of benefit and risk is new."),
        (facts.interactive_changed, "interactive", "It holds a tool that was not reviewed before."),
    )


def _amber(facts: LaneFacts) -> Iterable[tuple[bool, str, str]]:
    return (
        (facts.resequenced, "order", "Its modules stand in another order than before."),
        (facts.resized, "size", "It is a shorter or longer form of what was released."),
        (facts.translated, "language", "It is a translation."),
    )


def lane_of(
    facts: LaneFacts, matrix: Iterable[LaneRule] = (), *, green_suspended: str = ""
) -> Computed:
    """Compute the lane of a version, with its reasons.

    Parameters
    ----------
    facts : LaneFacts
    matrix : iterable of LaneRule
        Cells that ask for at least a lane; they never lower one.
    green_suspended : str
        Why the fast lane is closed at present; empty while it is open.

    Returns
    -------
    Computed
        There is always at least one reason, also for green.

    Notes
    -----
    Source: PG-MLR-1, review may be graded by risk.

    Examples
    --------
    >>> lane_of(LaneFacts("promo", ["hcp"], ["email"], ["US"], [], False)).lane
    <Lane.GREEN: 'green'>
    >>> facts = LaneFacts("promo", ["patient"], ["web"], ["US"], [], True)
    >>> [each.code for each in lane_of(facts).reasons]
    ['words', 'patients']
    """
    reasons = [
        *(LaneReason(Lane.RED, code, words) for holds, code, words in _red(facts) if holds),
        *(LaneReason(Lane.AMBER, code, words) for holds, code, words in _amber(facts) if holds),
        *(
            LaneReason(rule.lane, "matrix", rule.reason or "The lane matrix asks for it.")
            for rule in matrix
            if rule.lane != Lane.GREEN and rule.fits(facts)
        ),
    ]
    if green_suspended:
        reasons.append(LaneReason(Lane.AMBER, "suspended", green_suspended))
    lane = max((each.lane for each in reasons), key=ORDER.index, default=Lane.GREEN)
    if not reasons:
        words = "It is made of released modules only, unchanged, within their scope and time."
        reasons = [LaneReason(Lane.GREEN, "modules", words)]
    return Computed(lane, tuple(reasons))


def due_on(lane: Lane, submitted_on: date, *, is_urgent: bool = False) -> date:
    """Give the day on which a review in a lane is due.

    Parameters
    ----------
    is_urgent : bool
        A safety update: 24 hours, weekend or not.

    Examples
    --------
    >>> due_on(Lane.AMBER, date(2026, 11, 19))
    datetime.date(2026, 11, 24)
    """
    if is_urgent:
        return date.fromordinal(submitted_on.toordinal() + 1)
    return workdays_after(submitted_on, WORKDAYS[lane])
