"""Publications on digital channels: the channels, their states, and what a plan must hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from entente.foundation.domain.identifiers import is_country
from entente.foundation.domain.money import MoneyError, exponent
from entente.foundation.errors import UserError

LONGEST_ADDRESS = 500
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class DigitalChannel:
    """A digital channel beside e-mail and calls.

    Parameters
    ----------
    words : str
        What a person reads.
    approved_as : str
        The channel that the content's approval has to name; the gate is asked with it too.
    to_persons : bool
        Whether it reaches named people, each with a permission of his own.
    icon : str
    """

    words: str
    approved_as: str
    to_persons: bool = False
    icon: str = "megaphone"


CHANNELS = {
    "social": DigitalChannel("Social media", "social", icon="share-2"),
    "search": DigitalChannel("Search", "web", icon="search"),
    "display": DigitalChannel("Display", "web", icon="monitor"),
    "consumer": DigitalChannel("Consumer media", "web", icon="newspaper"),
    "press": DigitalChannel("Press release", "web", icon="megaphone"),
    "podcast": DigitalChannel("Podcast", "web", icon="podcast"),
    "video": DigitalChannel("Video", "web", icon="video"),
    "portal": DigitalChannel("Portal", "web", icon="layout-dashboard"),
    "app": DigitalChannel("App message", "app", to_persons=True, icon="smartphone"),
    "sms": DigitalChannel("SMS", "sms", to_persons=True, icon="message-square"),
}
TO_PERSONS = frozenset(code for code, channel in CHANNELS.items() if channel.to_persons)
AUDIENCES = {"hcp": "HCPs", "public": "The public", "patient": "Patients", "partner": "Partners"}

# From each state, those that may follow; the database holds to the same.
MOVES: dict[str, tuple[str, ...]] = {
    "planned": ("cleared", "withdrawn"),
    "cleared": ("live", "planned", "withdrawn"),
    "live": ("ended", "withdrawn"),
    "ended": (),
    "withdrawn": (),
}
_WORST = {"PERMIT": 0, "REFER": 1, "FORBID": 2}


def may_move(before: str, after: str) -> bool:
    """Tell whether a placement may go from one state to another.

    Examples
    --------
    >>> may_move("planned", "live"), may_move("cleared", "live")
    (False, True)
    """
    return after in MOVES[before]


def worst_of(outcomes: Iterable[str]) -> str:
    """Give the gate's answer for several markets together: the strictest one.

    Raises
    ------
    ValueError
        If there is none: what nobody was asked about is not permitted.

    Examples
    --------
    >>> worst_of(["PERMIT", "REFER"]), worst_of(["REFER", "FORBID", "PERMIT"])
    ('REFER', 'FORBID')
    """
    return max(outcomes, key=_WORST.__getitem__)


def reference_of(placement_id: UUID) -> str:
    """Give the short reference by which outlets name a placement in their reports.

    Made of the random end of the id, in letters that are not mistaken for one another.

    Examples
    --------
    >>> reference_of(UUID("0193c1a0-0000-7000-8000-00000000002a"))
    'PL-0000001A'
    """
    left, letters = placement_id.int & (2**40 - 1), ""
    for _ in range(8):
        left, place = divmod(left, len(_ALPHABET))
        letters = _ALPHABET[place] + letters
    return f"PL-{letters}"


def address_problem(address: str) -> str:
    """Say what is wrong with the address that a publication leads to; empty if nothing is.

    Examples
    --------
    >>> address_problem("https://heart.example.org/follow-up?utm_source=search")
    ''
    >>> address_problem("http://heart.example.org")
    'begin with https://'
    """
    if len(address) > LONGEST_ADDRESS:
        return f"an address has at most {LONGEST_ADDRESS} characters"
    if not address.isascii() or any(c.isspace() or not c.isprintable() for c in address):
        return "write it without spaces, in the letters of an address"
    if not address.lower().startswith("https://"):
        return "begin with https://"
    return "" if _is_public(address) else "name a public site, such as https://www.example.org/page"


def _is_public(address: str) -> bool:
    """Tell whether an address names a site by its name, with nobody's name or port before it."""
    try:
        parts = urlsplit(address)
        host, has_port = (parts.hostname or "").lower(), parts.port is not None
    except ValueError:
        return False
    return not has_port and "@" not in parts.netloc and bool(_HOST.fullmatch(host))


@dataclass(frozen=True)
class PlacementPlan:
    """What is to be published where, for whom, from when to when, and on which media line.

    Parameters
    ----------
    to_on : date, optional
        The last day; without it the publication has no end of its own, as a press release.
    planned_minor : int
        Planned spend in minor units of ``currency``.
    shows_spend : bool
        Whether the other parties see money too, and not only what came of it.
    """

    version_id: UUID
    controller_id: UUID
    channel: str
    markets: tuple[str, ...]
    audience: str
    outlet: str
    from_on: date
    to_on: date | None = None
    target_url: str = ""
    campaign_id: UUID | None = None
    budget_line_id: UUID | None = None
    media_line: str = ""
    planned_minor: int = 0
    currency: str = "EUR"
    shows_spend: bool = True


def check_plan(plan: PlacementPlan) -> None:
    """Refuse a plan that does not hold together.

    Raises
    ------
    UserError
        Naming the field.
    """
    if plan.channel not in CHANNELS:
        raise UserError(f"channel is one of {', '.join(CHANNELS)}", field="channel")
    if plan.audience not in AUDIENCES:
        raise UserError(f"audience is one of {', '.join(AUDIENCES)}", field="audience")
    if plan.channel in TO_PERSONS and plan.audience != "hcp":
        raise UserError("messages go to HCPs; nobody else is kept by name", field="audience")
    if not plan.markets or not all(is_country(each) for each in plan.markets):
        raise UserError("write each market as two capitals, for example GB", field="markets")
    if len(set(plan.markets)) != len(plan.markets) or len(plan.markets) > 60:
        raise UserError("name each market once, at most 60", field="markets")
    if not 0 < len(plan.outlet.strip()) <= 200:
        raise UserError("name the account or outlet in at most 200 characters", field="outlet")
    if plan.to_on is not None and plan.to_on < plan.from_on:
        raise UserError("the last day is not before the first", field="to_on")
    if plan.target_url and (wrong := address_problem(plan.target_url)):
        raise UserError(wrong, field="target_url")
    _check_money(plan)


def _check_money(plan: PlacementPlan) -> None:
    if not 0 <= plan.planned_minor <= 10**15:
        raise UserError("planned spend is zero or more", field="planned")
    if len(plan.media_line) > 120:
        raise UserError("name the media line in at most 120 characters", field="media_line")
    if plan.planned_minor and not plan.media_line.strip():
        raise UserError("name the media line that the money comes from", field="media_line")
    try:
        exponent(plan.currency)
    except MoneyError as trouble:
        raise UserError(str(trouble), field="currency") from None


def check_content(
    plan: PlacementPlan,
    *,
    markets: Collection[str],
    audiences: Collection[str],
    channels: Collection[str],
) -> None:
    """Refuse a plan for whom or where its content is not meant at all.

    The gate judges the approval; this says at once what no approval of this version can cover.

    Raises
    ------
    UserError
    """
    needed = CHANNELS[plan.channel].approved_as
    if needed not in channels:
        raise UserError(
            f"this version is not meant for {needed}; choose one whose channels name it",
            field="version",
        )
    if plan.audience not in audiences:
        raise UserError(
            f"this version is for {', '.join(sorted(audiences))}, not for this audience",
            field="audience",
        )
    if missing := sorted(set(plan.markets) - set(markets)):
        raise UserError(
            f"this version is not meant for {', '.join(missing)}; it is for"
            f" {', '.join(sorted(markets))}",
            field="markets",
        )
