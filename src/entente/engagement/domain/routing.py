"""Which desk a question goes to, how long it has, and on which side of the wall it lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from entente.engagement.domain.caution import caution
from entente.foundation.access.roles import Role

KINDS = ("scientific", "safety", "access", "commercial", "other")
SOURCES = ("visit", "phone", "email", "link", "congress")
PRIORITIES = ("normal", "urgent")
LONGEST_HOURS = 24 * 60
# Kinds of content that a clinic is given to fill in.
TEMPLATES = ("service", "response", "educational")


@dataclass(frozen=True)
class Desk:
    """Who works at a desk, and what the row-level security of its questions is called.

    Parameters
    ----------
    wall : str
        ``"medical"``, ``"commercial"``, or ``"access"``: commercial people who are no access
        managers do not read questions about one clinic's coverage.
    sender : str
        The role in which an answer is given, in the words of the codes of practice.
    """

    title: str
    wall: str
    role: Role
    sender: str


DESKS = {
    "msl": Desk("Medical science liaisons", "medical", Role.MSL, "msl"),
    "safety": Desk("Drug safety", "medical", Role.SAFETY, "medical_info"),
    "access": Desk("Access managers", "access", Role.ACCESS_MANAGER, "reimbursement"),
    "representative": Desk("Representatives", "commercial", Role.REPRESENTATIVE, "sales"),
}

# No table may send science or safety to those who sell.
ALLOWED = {
    "scientific": ("msl", "safety"),
    "safety": ("safety",),
    "access": ("access", "msl"),
    "commercial": ("representative", "access", "msl"),
    "other": ("msl", "access", "representative"),
}


@dataclass(frozen=True)
class Way:
    """A line of the routing table: the desk, and the hours of the clock."""

    desk: str
    normal_hours: int
    urgent_hours: int
    deliver_to: str = ""


DEFAULTS = {
    "scientific": Way("msl", 48, 24),
    "safety": Way("safety", 24, 24),
    "access": Way("access", 24, 8),
    "commercial": Way("representative", 72, 24),
    "other": Way("msl", 72, 24),
}


def due_at(way: Way, priority: str, at: datetime) -> datetime:
    """Give the moment by which a question that came now is answered.

    Examples
    --------
    >>> due_at(DEFAULTS["safety"], "normal", datetime(2026, 11, 20, 12)).isoformat()
    '2026-11-21T12:00:00'
    """
    return at + timedelta(hours=way.urgent_hours if priority == "urgent" else way.normal_hours)


def kinds_of(kind: str, words: str) -> tuple[str, ...]:
    """Give the kinds under which words are routed: the chosen one, and safety where they say so.

    Examples
    --------
    >>> kinds_of("scientific", "A patient developed a rash; is that known?")
    ('scientific', 'safety')
    >>> kinds_of("access", "Is it covered?")
    ('access',)
    """
    found = (kind,)
    return (*found, "safety") if kind != "safety" and caution(words).safety else found


def is_complex(kind: str) -> bool:
    """Tell whether codes of practice keep a question for medical staff.

    Examples
    --------
    >>> is_complex("scientific"), is_complex("access")
    (True, False)
    """
    return kind in {"scientific", "safety", "other"}
