"""Results of publications: what is counted, how it adds up, and what a click costs, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

SPEND = "spend"
# What is counted by day: code, words, and the other names that exports use for it.
MEASURES: dict[str, tuple[str, tuple[str, ...]]] = {
    "impressions": ("Impressions", ("impr", "impr.", "imps", "views of ad")),
    "clicks": ("Clicks", ("link clicks", "clicks (all)")),
    "engagements": ("Engagements", ("engagement", "interactions", "post engagements")),
    "video_views": ("Video views", ("views", "plays", "video plays", "streams")),
    "completions": ("Completions", ("completed views", "video completions", "completed")),
    "downloads": ("Downloads", ("episode downloads",)),
    "pickups": ("Pick-ups", ("pickup", "pickups", "mentions", "clippings")),
    "followers": ("Followers", ("total followers", "subscribers")),
    "delivered": ("Delivered", ("messages delivered",)),
    "failed": ("Failed", ("not delivered", "messages failed")),
    "opted_out": ("Opted out", ("opt-outs", "opt outs", "stop")),
}
# A level at the end of a day, which is not added up over days.
LEVELS = frozenset({"followers"})
CODES = (*MEASURES, SPEND)


def half_even(amount: int, n: int) -> int:
    """Divide a whole number by a positive one, rounded to the nearest; a half to the even one.

    Examples
    --------
    >>> half_even(5, 2), half_even(7, 2), half_even(8, 3)
    (2, 4, 3)
    """
    return round(Fraction(amount, n))


def cost_each(spend_minor: int | None, n: int | None) -> int | None:
    """Give what one of several cost, in minor units; None where that cannot be said.

    Examples
    --------
    >>> cost_each(1000, 16), cost_each(1000, 0), cost_each(None, 4)
    (62, None, None)
    """
    if spend_minor is None or not n:
        return None
    return half_even(spend_minor, n)


def rate_bp(part: int | None, whole: int | None) -> int | None:
    """Give a part of a whole in hundredths of a percent; None where that cannot be said.

    Examples
    --------
    >>> rate_bp(7, 2000), rate_bp(1, 0), rate_bp(None, 5)
    (35, None, None)
    """
    if part is None or not whole:
        return None
    return half_even(part * 10_000, whole)


@dataclass(frozen=True)
class Told:
    """One figure of a placement on a day; spend is in minor units."""

    on: date
    what: str
    amount: int


@dataclass(frozen=True)
class Totals:
    """What came of one placement or of several, with planned and actual spend.

    What nobody told is None and not zero. Amounts are minor units of ``currency``.
    """

    currency: str
    planned_minor: int
    counts: Mapping[str, int] = field(default_factory=dict)
    spend_minor: int | None = None

    @property
    def click_rate_bp(self) -> int | None:
        """Clicks of impressions (CTR), in hundredths of a percent."""
        return rate_bp(self.counts.get("clicks"), self.counts.get("impressions"))

    @property
    def completion_rate_bp(self) -> int | None:
        """Completions of video views, in hundredths of a percent."""
        return rate_bp(self.counts.get("completions"), self.counts.get("video_views"))

    @property
    def click_minor(self) -> int | None:
        """Cost per click."""
        return cost_each(self.spend_minor, self.counts.get("clicks"))

    @property
    def thousand_minor(self) -> int | None:
        """Cost per thousand impressions."""
        shown = self.counts.get("impressions")
        if self.spend_minor is None or not shown:
            return None
        return half_even(self.spend_minor * 1000, shown)

    @property
    def left_minor(self) -> int | None:
        """What is left of the plan; negative where more was spent."""
        return None if self.spend_minor is None else self.planned_minor - self.spend_minor

    @property
    def spent_bp(self) -> int | None:
        """Actual of planned spend, in hundredths of a percent."""
        return rate_bp(self.spend_minor, self.planned_minor)


def total_of(figures: Iterable[Told], *, currency: str, planned_minor: int) -> Totals:
    """Add up the figures of one placement; of a level the last day counts.

    Examples
    --------
    >>> days = [Told(date(2026, 5, n), "clicks", n) for n in (1, 2)]
    >>> total_of(days, currency="EUR", planned_minor=0).counts
    {'clicks': 3}
    """
    counts: dict[str, int] = {}
    spend: int | None = None
    for each in sorted(figures, key=lambda one: one.on):
        if each.what == SPEND:
            spend = (spend or 0) + each.amount
        elif each.what in LEVELS:
            counts[each.what] = each.amount
        else:
            counts[each.what] = counts.get(each.what, 0) + each.amount
    return Totals(currency, planned_minor, counts, spend)


def joined(parts: Iterable[Totals]) -> list[Totals]:
    """Add up placements, one total per currency, in the order of their codes.

    Spend and counts are sums of the parts; rates are worked out anew from the sums.
    """
    found: dict[str, Totals] = {}
    for part in parts:
        before = found.get(part.currency)
        found[part.currency] = part if before is None else _sum(before, part)
    return [found[currency] for currency in sorted(found)]


def _sum(left: Totals, right: Totals) -> Totals:
    counts = dict(left.counts)
    for what, n in right.counts.items():
        counts[what] = counts.get(what, 0) + n
    spends = [each.spend_minor for each in (left, right) if each.spend_minor is not None]
    return Totals(
        left.currency,
        left.planned_minor + right.planned_minor,
        counts,
        sum(spends) if spends else None,
    )


@dataclass(frozen=True)
class ResultRow:
    """What a report tells of one placement on one day; what it does not tell is not in ``counts``.

    ``spend`` is decimal text, in ``currency`` or, without one, in that of the placement.
    """

    line: int
    reference: str
    on: date
    counts: Mapping[str, int]
    spend: str = ""
    currency: str = ""


@dataclass(frozen=True)
class Wrong:
    """A row that is not taken: where, what stood there, and the remedy."""

    line: int
    field: str
    value: str
    remedy: str
