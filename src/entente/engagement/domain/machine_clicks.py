"""Which clicks come from machines: the rules, as data, and the letter they are asked about.

Mail gateways follow links to look for harm. What they follow is counted apart and is no
engagement. Each rule has a name that stands at the click, so that anybody can disagree with it.
A rule that needs the network, such as whose address range a click came from, is not here, and
no address of a reader is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from entente.content.domain.visitors import is_program
from entente.engagement.domain.mail_events import shown_url

SOON = timedelta(seconds=10)
BURST, BURST_LINKS = timedelta(seconds=3), 3
WHOLE = timedelta(seconds=30)
_HREF = re.compile(r"""href\s*=\s*["']([^"'#][^"']*)["']""", re.I)


@dataclass(frozen=True)
class Click:
    """One click; ``key`` is whatever the caller knows it by."""

    key: Hashable
    at: datetime
    url: str
    agent: str = ""


@dataclass(frozen=True)
class Letter:
    """All clicks of one letter, when it arrived, and how many links it has.

    Parameters
    ----------
    clicks : sequence of Click
    delivered_at : datetime or None
        None where it is not known; rules that need it then say nothing.
    n_links : int
        Zero where it is not known.
    """

    clicks: Sequence[Click]
    delivered_at: datetime | None = None
    n_links: int = 0

    def together(self, click: Click, within: timedelta) -> int:
        """Count the different links that were followed in any such span around a click."""
        near = [c for c in self.clicks if abs(c.at - click.at) <= within]
        starts = {c.at for c in near if c.at <= click.at}
        return max(len({c.url for c in near if s <= c.at <= s + within}) for s in starts)


def _names_itself(_: Letter, click: Click) -> bool:
    # Asked as a request that names a language, since events do not tell of one.
    headers = {"user-agent": click.agent, "accept-language": "*"}
    return bool(click.agent) and is_program("GET", headers)


def _before_delivery(letter: Letter, click: Click) -> bool:
    return letter.delivered_at is not None and click.at < letter.delivered_at


def _too_soon(letter: Letter, click: Click) -> bool:
    return letter.delivered_at is not None and click.at < letter.delivered_at + SOON


def _same_second(letter: Letter, click: Click) -> bool:
    return letter.together(click, timedelta(0)) > 1


def _burst(letter: Letter, click: Click) -> bool:
    return letter.together(click, BURST) >= BURST_LINKS


def _whole_letter(letter: Letter, click: Click) -> bool:
    wanted = letter.n_links
    return wanted >= BURST_LINKS and letter.together(click, WHOLE) >= wanted


@dataclass(frozen=True)
class MachineRule:
    """One rule: its name, its words for people, and how it judges a click of a letter."""

    name: str
    words: str
    judges: Callable[[Letter, Click], bool]


# The first that holds names the click.
RULES = (
    MachineRule("scanner_agent", "the program names itself", _names_itself),
    MachineRule("before_delivery", "before the letter was delivered", _before_delivery),
    MachineRule("too_soon", "within 10 seconds of the delivery", _too_soon),
    MachineRule("same_second", "two different links in the same second", _same_second),
    MachineRule("burst", "three different links within 3 seconds", _burst),
    MachineRule("whole_letter", "every link of the letter within 30 seconds", _whole_letter),
)
PROVIDER_SAYS = "provider_says"
WORDS = {PROVIDER_SAYS: "the mail service says so"} | {rule.name: rule.words for rule in RULES}


def judged(letter: Letter) -> dict[Hashable, str]:
    """Give the keys of the clicks that come from machines, each with the name of its rule.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    >>> clicks = [Click(1, noon, "a"), Click(2, noon + timedelta(minutes=5), "a")]
    >>> judged(Letter(clicks, delivered_at=noon))
    {1: 'too_soon'}
    """
    found: dict[Hashable, str] = {}
    for click in letter.clicks:
        for rule in RULES:
            if rule.judges(letter, click):
                found[click.key] = rule.name
                break
    return found


def n_links(html: str) -> int:
    """Count the different links of a letter as they are told apart here.

    Merge fields such as the link to unsubscribe count as links of their own.

    Examples
    --------
    >>> n_links("<a href='https://a.test/x?1'>1</a><a href='https://a.test/x?2'>2</a>"
    ...         "<a href='{{unsubscribe_url}}'>3</a><a href='mailto:a@b.test'>4</a>")
    2
    """
    hrefs = [each.strip() for each in _HREF.findall(html)]
    return len({shown_url(each) or each for each in hrefs if each.startswith(("http", "{{"))})
