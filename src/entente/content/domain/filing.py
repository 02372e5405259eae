"""Form FDA 2253: which pieces are filed together, and the day by which each is sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MARKET = "US"
ZONE = ZoneInfo("America/New_York")
"""The agency's clock: what leaves in the evening there is used on that day."""

PROFESSIONAL, CONSUMER = "professional", "consumer"
CLASSES = {PROFESSIONAL: "Health professionals", CONSUMER: "Consumers"}
_CONSUMERS = frozenset({"patient", "public"})


def classes_of(audiences: Collection[str]) -> tuple[str, ...]:
    """Give the classes of audience for which a piece is filed, professionals first.

    Notes
    -----
    Source: US-FDA-2253-1; pieces for health professionals and for consumers are filed apart, so
    that a piece for both is filed twice.

    Examples
    --------
    >>> classes_of(["hcp", "patient"]), classes_of(["public"])
    (('professional', 'consumer'), ('consumer',))
    """
    given = set(audiences)
    found = {
        PROFESSIONAL: bool(given - _CONSUMERS),
        CONSUMER: bool(given & _CONSUMERS),
    }
    return tuple(each for each, is_for in found.items() if is_for)


def day_of(moment: datetime) -> date:
    """Give the day of a moment where the agency is.

    Examples
    --------
    >>> from datetime import UTC
    >>> day_of(datetime(2026, 11, 21, 0, 30, tzinfo=UTC))
    datetime.date(2026, 11, 20)
    """
    return moment.astimezone(ZONE).date()


@dataclass(frozen=True)
class Terms:
    """What decides on the day: the approval, and the figures of the rule pack in force."""

    approved_on: date
    accelerated: bool
    first_days: int
    ahead_days: int


@dataclass(frozen=True)
class Due:
    """By when a piece is sent: a day, or words as long as nobody knows the day of first use."""

    on: date | None
    words: str

    def is_late(self, today: date) -> bool:
        """Tell whether the day has passed.

        Examples
        --------
        >>> Due(date(2026, 3, 2), "").is_late(date(2026, 3, 2))
        False
        """
        return self.on is not None and self.on < today


def due_of(first_use_on: date | None, terms: Terms) -> Due:
    """Give the day by which a piece has to be with the agency.

    Parameters
    ----------
    first_use_on : date or None
        The first day on which it was used or is planned to be; None if nothing is planned.
    terms : Terms

    Notes
    -----
    Source: 21 CFR 314.81(b)(3)(i), 601.12(f)(4): on the day of first use. After an accelerated
    approval 21 CFR 314.550, 601.45: what is used in the first 120 days is sent before the
    approval, what is used later 30 days before its use.

    Examples
    --------
    >>> plain = Terms(date(2020, 1, 1), False, 120, 30)
    >>> due_of(date(2026, 3, 2), plain).on
    datetime.date(2026, 3, 2)
    >>> due_of(date(2026, 3, 2), Terms(date(2020, 1, 1), True, 120, 30)).on
    datetime.date(2026, 1, 31)
    """
    if not terms.accelerated:
        if first_use_on is None:
            return Due(None, "Before its first use")
        return Due(first_use_on, "On the day of first use")
    last_first = terms.approved_on + timedelta(days=terms.first_days)
    if first_use_on is None:
        return Due(None, f"{terms.ahead_days} days before its first use, accelerated approval")
    if first_use_on <= last_first:
        return Due(
            terms.approved_on - timedelta(days=1),
            f"Before the approval: used in its first {terms.first_days} days",
        )
    return Due(
        first_use_on - timedelta(days=terms.ahead_days),
        f"{terms.ahead_days} days before its first use, accelerated approval",
    )


@dataclass(frozen=True)
class Asked:
    """A piece as a package is asked for it.

    ``wrong`` says why it cannot be filed, to be read behind its name; empty if it can.
    """

    name: str
    product: str
    classes: Sequence[str]
    wrong: str


def why_not_together(pieces: Sequence[Asked], audience: str = "") -> str:
    """Say in one sentence why pieces do not go into one package; empty if they do.

    Examples
    --------
    >>> hcp = Asked("A, version 1", "Lipidex", ("professional",), "")
    >>> why_not_together([hcp])
    ''
    >>> why_not_together([hcp, Asked("B, version 2", "Lipidex", ("consumer",), "")])
    'B, version 2 is for consumers, A, version 1 for health professionals: file them apart'
    """
    if not pieces:
        return "choose at least one piece"
    first = pieces[0]
    for each in pieces:
        if why := _why_not_with(each, first, audience):
            return why
    common = classes_in_common(pieces)
    if len(common) > 1 and not audience:
        return f"{first.name} is for both audiences: say for which one this package is"
    return "" if common else "the pieces have no audience in common: file them apart"


def _why_not_with(piece: Asked, first: Asked, audience: str) -> str:
    if piece.wrong:
        return f"{piece.name} {piece.wrong}"
    if piece.product != first.product:
        return (
            f"{piece.name} is about {piece.product}, {first.name} about {first.product}:"
            " file each product apart"
        )
    if audience and audience not in piece.classes:
        return f"{piece.name} is not for {CLASSES[audience].lower()}: file it apart"
    if not set(piece.classes) & set(first.classes):
        return (
            f"{piece.name} is for {_words(piece)}, {first.name} for {_words(first)}:"
            " file them apart"
        )
    return ""


def classes_in_common(pieces: Sequence[Asked]) -> tuple[str, ...]:
    """Give the classes that every piece has."""
    return tuple(c for c in CLASSES if all(c in each.classes for each in pieces))


def _words(piece: Asked) -> str:
    return " and ".join(CLASSES[each].lower() for each in piece.classes)
