"""An event as it is planned: whether its fields fit, its terms, and what the gate is told of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from entente.foundation.domain.canonical import canonical
from entente.foundation.errors import UserError

KINDS = ("webinar", "symposium", "congress", "board", "speaker", "lunch", "cases", "cme")
SETTINGS = ("virtual", "office", "hospital", "restaurant", "conference")
VENUE_CLASSES = ("modest", "standard", "high_end", "luxury_resort", "entertainment")
PROMOTIONAL = ("webinar", "symposium", "speaker", "lunch")
SHOWY = ("high_end", "luxury_resort", "entertainment")
MOST_PLACES = 100_000
LONGEST = timedelta(days=31)
DAY_MINUTES = 24 * 60

# What accreditors award; whether one counts for another is theirs to say, not ours.
CREDIT_TYPES = ("AMA PRA Category 1", "ANCC contact hour", "ACPE contact hour", "EACCME (ECMEC)")


@dataclass(frozen=True)
class EventPlan:
    """What, where, when, and for how many."""

    kind: str
    title: str
    topic: str
    controller_id: UUID
    country: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    setting: str
    places: int
    venue: str = ""
    venue_class: str = "modest"
    campaign_id: UUID | None = None
    has_alcohol: bool = False
    has_entertainment: bool = False
    pays_lodging: bool = False
    takes_guests: bool = False
    has_representative: bool = True
    accreditor: str = ""
    guidelines_ref: str = ""
    spend_published: bool = False
    is_certified: bool = False


def check_plan(plan: EventPlan) -> None:
    """Refuse a plan whose fields do not fit, naming the field and what would.

    Raises
    ------
    UserError
    """
    for name, value, allowed in (
        ("kind", plan.kind, KINDS),
        ("setting", plan.setting, SETTINGS),
        ("venue_class", plan.venue_class, VENUE_CLASSES),
    ):
        if value not in allowed:
            raise UserError(f"{name} is one of {', '.join(allowed)}", field=name)
    for name, text, most in (("title", plan.title, 200), ("topic", plan.topic, 120)):
        if not text.strip() or len(text) > most:
            raise UserError(f"give the {name} in at most {most} characters", field=name)
    if plan.time_zone not in available_timezones():
        raise UserError("give a time zone such as America/New_York", field="time_zone")
    if len(plan.country) != 2 or not plan.country.isalpha() or not plan.country.isupper():
        raise UserError("give the country as two letters, such as US", field="country")
    if not timedelta() < plan.ends_at - plan.starts_at <= LONGEST:
        raise UserError("it ends after it starts, within 31 days", field="ends_at")
    if not 1 <= plan.places <= MOST_PLACES:
        raise UserError(f"places are from 1 to {MOST_PLACES:,}", field="places")
    if plan.setting != "virtual" and not plan.venue.strip():
        raise UserError("name the venue", field="venue")
    _check_education(plan)


def _check_education(plan: EventPlan) -> None:
    """Accredited education is independent: no campaign, an accreditor named."""
    if plan.kind != "cme":
        return
    if plan.campaign_id is not None:
        raise UserError("accredited education belongs to no campaign", field="campaign")
    if not plan.accreditor.strip():
        raise UserError("name who accredits it", field="accreditor")


def terms_of(plan: Mapping[str, Any], shares: Mapping[UUID, Decimal]) -> str:
    """Hash what the parties agree to: the plan and who bears which part.

    Parameters
    ----------
    plan : mapping
        Fields by name; texts, numbers, moments.
    shares : mapping of UUID to Decimal
    """
    told = {
        "plan": {name: str(value) for name, value in sorted(plan.items())},
        "shares": {str(org): str(share.normalize()) for org, share in shares.items()},
    }
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def warning_signs(
    *, has_alcohol: bool, venue_class: str, repeated: int, programmes_of_speaker: int,
    people: int, speakers: int,
) -> int:  # fmt: skip
    """Count the signs of the inspector general's alert that an event shows.

    Examples
    --------
    >>> warning_signs(has_alcohol=True, venue_class="high_end", repeated=0,
    ...               programmes_of_speaker=1, people=20, speakers=1)
    2
    """
    return sum(
        (
            has_alcohol,
            venue_class in SHOWY,
            repeated > 0,
            programmes_of_speaker > 6,
            bool(speakers) and people < 3 * speakers,
        )
    )


def minutes_present(
    stays: list[tuple[datetime, datetime]], starts_at: datetime, ends_at: datetime
) -> int:
    """Give the minutes for which somebody was there, stays that overlap counted once.

    Examples
    --------
    >>> t = [datetime(2026, 1, 1, 10, m) for m in (0, 20, 10, 30)]
    >>> minutes_present([(t[0], t[1]), (t[2], t[3])], t[0], t[3])
    30
    """
    inside = sorted(
        (max(joined, starts_at), min(left, ends_at))
        for joined, left in stays
        if left > starts_at and joined < ends_at and left > joined
    )
    total, reached = timedelta(), None
    for joined, left in inside:
        begin = joined if reached is None else max(joined, reached)
        if left > begin:
            total += left - begin
        reached = left if reached is None else max(reached, left)
    return int(total.total_seconds() // 60)
