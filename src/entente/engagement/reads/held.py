"""What this room holds about a person, for the person's export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from entente.engagement.models import Inquiry, Send, Touch


def sends_to(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give everything that was sent or was to be sent to a person."""
    return [
        {
            "channel": send.channel,
            "purpose": send.purpose,
            "company": send.controller.name,
            "address": send.address,
            "asked_at": send.requested_at,
            "state": send.status,
            "settled_at": send.settled_at,
        }
        for send in Send.objects.filter(hcp_id=hcp_id)
        .select_related("controller")
        .order_by("requested_at", "id")
    ]


def questions_of(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give a person's medical questions and their answers."""
    return [
        {
            "question": case.question,
            "asked_at": case.opened_at,
            "answer": case.answer,
            "answered_at": case.closed_at,
        }
        for case in Inquiry.objects.filter(hcp_id=hcp_id, id=F("root_id")).order_by(
            "opened_at", "id"
        )
    ]


def calls_with(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give the calls with a person that took place, without what colleagues noted of others."""
    found = Touch.objects.filter(
        hcp_id=hcp_id, superseded_at__isnull=True, status=Touch.Status.DONE
    )
    return [
        {
            "kind": touch.kind,
            "purpose": touch.purpose,
            "company": touch.controller.name,
            "at": touch.happened_at,
            "note": touch.note,
        }
        for touch in found.select_related("controller").order_by("happened_at", "id")
    ]
