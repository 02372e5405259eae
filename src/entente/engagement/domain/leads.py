"""A lead as it is written down at a stand, and whether its fields fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from entente.engagement.domain.caution import without_patient
from entente.foundation.errors import UserError

ORIGINS = ("joint", "own")
# What one tick can permit; passing on is what the ticks for the other company are.
CHANNELS = ("email", "phone", "in_person")
PURPOSES = ("promotion", "education", "medical", "event")
LONGEST_NOTE, MOST_TICKS = 2_000, 40
FOLLOW_UP, LATEST = timedelta(days=7), timedelta(days=366)


@dataclass(frozen=True, order=True)
class Tick:
    """A permission ticked by the person: to which company, by which words, for what."""

    controller_id: UUID
    purpose: str
    wording_version: str


@dataclass(frozen=True)
class NewLead:
    """Somebody met at a stand."""

    client_id: UUID
    event_id: UUID
    origin: str
    name: str
    interest: str
    hcp_id: UUID | None = None
    place: str = ""
    badge: str = ""
    email: str = ""
    channel: str = "email"
    note: str = ""
    signature: str = ""
    ticks: tuple[Tick, ...] = ()
    side_id: UUID | None = None
    due_on: date | None = None
    captured_at: datetime | None = None


def check_lead(lead: NewLead, *, today: date) -> None:
    """Refuse a lead whose fields do not fit, naming the field and what would.

    Raises
    ------
    UserError
    """
    if lead.origin not in ORIGINS:
        raise UserError(f"origin is one of {', '.join(ORIGINS)}", field="origin")
    if lead.channel not in CHANNELS:
        raise UserError(f"channel is one of {', '.join(CHANNELS)}", field="channel")
    for name, text, most, needed in (
        ("name", lead.name, 200, True),
        ("interest", lead.interest, 120, True),
        ("place", lead.place, 200, False),
        ("badge", lead.badge, 80, False),
    ):
        plain = text.strip()
        if (needed and not plain) or len(plain) > most or not plain.isprintable():
            raise UserError(f"write the {name} in at most {most} characters", field=name)
    if len(lead.note) > LONGEST_NOTE:
        raise UserError(f"the note has at most {LONGEST_NOTE:,} characters", field="note")
    for field in ("note", "interest"):
        wrong = without_patient(getattr(lead, field), field)
        if wrong:
            raise UserError(wrong, field=field)
    if lead.due_on is not None and not today <= lead.due_on <= today + LATEST:
        raise UserError("follow up within a year, from today on", field="due_on")
    if len(lead.ticks) > MOST_TICKS or len(set(lead.ticks)) != len(lead.ticks):
        raise UserError("each permission is ticked once", field="ticks")
    for tick in lead.ticks:
        if tick.purpose not in PURPOSES:
            raise UserError(f"a purpose is one of {', '.join(PURPOSES)}", field="ticks")
