"""What remote details and webinars hold about a person, for the person's export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from entente.engagement.models import Detail, DetailItem, EventPollAnswer, EventQuestion
from entente.engagement.reads.details import items_of


def details_with(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give what was shown to a person in the browser, for how long, and what he said of it."""
    found = Detail.objects.filter(hcp_id=hcp_id).select_related("touch__controller")
    # Asked for one at a time: a person has few, and nobody waits for the answer.
    return [
        {
            "company": row.touch.controller.name,
            "state": row.status,
            "started_at": row.started_at,
            "ended_at": row.ended_at,
            "questions": row.n_questions,
            "items": [_of_item(each) for each in items_of(row.id)],
        }
        for row in found.order_by("id")
    ]


def _of_item(item: DetailItem) -> str:
    seconds: int = item.seconds  # type: ignore[attr-defined]
    said = item.get_reaction_display() if item.reaction else "nothing said"
    return f"{item.version.item.title}: {seconds} s, {said}"


def said_in_webinars(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give how a person answered polls, and what he asked whoever led a webinar."""
    answers = EventPollAnswer.objects.filter(attendee__hcp_id=hcp_id)
    asked = EventQuestion.objects.filter(attendee__hcp_id=hcp_id)
    return [
        *(
            {"poll": each.poll.question, "answer": each.poll.choices[each.choice]}
            for each in answers.select_related("poll").order_by("id")
        ),
        *(
            {"question": each.words, "asked_at": each.asked_at}
            for each in asked.order_by("asked_at", "id")
        ),
    ]
