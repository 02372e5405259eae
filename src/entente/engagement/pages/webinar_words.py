"""What of a webinar stands on the ticket of somebody who attends: polls by where they stand."""

from __future__ import annotations

import hashlib
from typing import Any

from entente.engagement.actions import webinar as acts
from entente.engagement.actions.medical_home import medical_home
from entente.engagement.models import Attendee, Event
from entente.engagement.reads import webinar as reads


def takes_part(event: Event) -> bool:
    """Tell whether who attends an event answers polls and asks questions."""
    return event.kind in acts.KINDS and event.status in {"open", "held"}


def is_in(event: Event, attendee: Attendee | None) -> bool:
    """Tell whether somebody attends such an event."""
    return takes_part(event) and attendee is not None and attendee.status in acts.ATTENDING


def guest_context(event: Event, attendee: Attendee) -> dict[str, Any]:
    """Give what the ticket of a webinar shows of polls and questions."""
    told = reads.polls_of(event.id, opened=True)
    answered = reads.answered_by(attendee.id)
    state = [(str(each.poll.id), each.poll.status, each.poll.id in answered) for each in told]
    return {
        "webinar": {
            "waiting": [e for e in told if e.poll.status == "open" and e.poll.id not in answered],
            "answered": [e for e in told if e.poll.status == "open" and e.poll.id in answered],
            "closed": [each for each in told if each.poll.status == "closed"],
            "mark": hashlib.sha256(str(state).encode()).hexdigest()[:16],
            "medical": medical_home().name,
        }
    }
