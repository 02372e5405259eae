"""A call with an HCP as it is reported, and whether its fields fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entente.engagement.domain.caution import without_patient
from entente.foundation.errors import UserError

KINDS = ("visit", "phone", "remote")
REACTIONS = ("positive", "neutral", "negative")
LONGEST_NOTE = 2_000
MOST_SHOWN = 20
LONGEST_CALL = 600
LONGEST_ITEM = 36_000


@dataclass(frozen=True)
class ItemShown:
    """An approved item that was shown."""

    version_id: UUID
    seconds: int | None = None
    reaction: str = ""


@dataclass(frozen=True)
class Call:
    """A call with an HCP as the person who had it, or will have it, reports it."""

    client_id: UUID
    hcp_id: UUID
    controller_id: UUID
    kind: str
    happened_at: datetime
    product_id: UUID | None = None
    campaign_id: UUID | None = None
    shown: tuple[ItemShown, ...] = ()
    minutes: int | None = None
    was_requested: bool = False
    reaction: str = ""
    note: str = ""


def check_call(call: Call) -> None:
    """Refuse a call whose fields do not fit, naming the field and what would.

    Raises
    ------
    UserError
    """
    if call.kind not in KINDS:
        raise UserError(f"kind is one of {', '.join(KINDS)}", field="kind")
    if call.reaction not in ("", *REACTIONS):
        raise UserError(f"reaction is one of {', '.join(REACTIONS)}", field="reaction")
    if call.minutes is not None and not 0 < call.minutes <= LONGEST_CALL:
        raise UserError(f"minutes are from 1 to {LONGEST_CALL}", field="minutes")
    if len(call.note) > LONGEST_NOTE:
        raise UserError(f"the note has at most {LONGEST_NOTE:,} characters", field="note")
    wrong = without_patient(call.note, "note")
    if wrong:
        raise UserError(wrong, field="note")
    _check_shown(call.shown)


def _check_shown(shown: tuple[ItemShown, ...]) -> None:
    if len(shown) > MOST_SHOWN:
        raise UserError(f"name at most {MOST_SHOWN} items shown", field="shown")
    for item in shown:
        if item.reaction not in ("", *REACTIONS):
            raise UserError(f"an item’s reaction is one of {', '.join(REACTIONS)}", field="shown")
        if item.seconds is not None and not 0 <= item.seconds <= LONGEST_ITEM:
            raise UserError(f"an item is shown for 0 to {LONGEST_ITEM:,} seconds", field="shown")
